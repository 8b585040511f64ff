import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

/** What the test server takes; it knows the id only, and checks no signature. */
export const S3_KEYS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

export interface S3Server {
  /** Without bucket. */
  readonly endpoint: string;
  /** Everything in the bucket, sorted. */
  keys(): readonly string[];
  remove(): Promise<void>;
}

/** An S3 with one bucket, `archive`, in a folder that `remove` deletes. */
export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), "tutti-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: "archive", configs: [] }],
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    keys: () =>
      readdirSync(join(folder, "archive"), { recursive: true, encoding: "utf8" })
        .flatMap((name) => /^(.*)\._S3rver_object$/.exec(name)?.[1] ?? [])
        .sort(),
    async remove() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
