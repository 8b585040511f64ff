import "@mantine/core/styles.layer.css";
import "./theme/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { keepApp } from "./offline/app-updates.js";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
// While developing, what is served is not a build.
if (import.meta.env.PROD) void keepApp();
