import { defineConfig } from "vite";

/** Where `npm start` of this checkout serves; the pages talk to it through the address that they come from. */
const server = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";

export default defineConfig({
  // The pages wait for their document at the top level.
  build: { target: "es2022" },
  server: { proxy: { "/v1": { target: server, ws: true } } },
});
