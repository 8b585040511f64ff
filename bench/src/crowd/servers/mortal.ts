/**
 * The server as it is in production, but for one thing: `kill presence` as a message of the process that started it ends
 * the presence service, as a fault in it would. `mortal.js serve --port … --data …`.
 */
interface Running {
  readonly url: string;
  readonly presence: { fail(error: Error): void };
  stop(): Promise<void>;
}

interface Modules {
  serve(config: unknown): Promise<Running>;
  readConfig(flags: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv): unknown;
}

/** The built server, as its own command finds it: what wires a whole process is no part of the package's interface. */
const built = async (module: string): Promise<Modules> =>
  (await import(new URL(`../../../../packages/server/dist/${module}.js`, import.meta.url).href)) as Modules;

const [, , , , port = "0", , data = ""] = process.argv;
const [{ readConfig }, { serve }] = [await built("config"), await built("serve")];
const running = await serve(readConfig({ port, data }, process.env));
process.stdout.write(`ready ${running.url}\n`);
process.on("message", (message) => {
  if (message === "kill presence") running.presence.fail(new Error("killed by the benchmark"));
});
process.once("SIGTERM", () => void running.stop().then(() => process.exit()));
