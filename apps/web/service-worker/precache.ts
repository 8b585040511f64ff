/** What this build consists of; `build/precache-plugin.ts` puts it in, at the one place where it is mentioned. */
declare const __TUTTI_PRECACHE__: {
  /** Another one for every build that differs in anything. */
  readonly version: string;
  /** Paths under the origin. */
  readonly files: readonly string[];
};
const { version, files } = __TUTTI_PRECACHE__;

const PREFIX = "tutti-app-";
const CURRENT = PREFIX + version;
/** Has a hash of its content in its name, so that it never changes. */
const IMMUTABLE = /^\/assets\//;
const FILES = new Set(files);

/** Whether a path may be answered from here: a file of this build, or of the one before that a tab may still ask for. */
export const isAppFile = (path: string): boolean => FILES.has(path) || IMMUTABLE.test(path);

/** Stores all files of this build. All or nothing: where one can't be had the build is not installed. @throws TypeError */
export async function fill(): Promise<void> {
  const cache = await caches.open(CURRENT);
  await Promise.all(files.map(async (file) => cache.put(file, await obtain(file))));
}

/** Drops what no tab can need any more. The build before this one stays: tabs that run it load parts of it late. */
export async function dropOldBuilds(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CURRENT);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

/** A stored file; undefined where there is none. */
export async function stored(file: string): Promise<Response | undefined> {
  const cache = await caches.open(CURRENT);
  return (await cache.match(file)) ?? caches.match(file);
}

async function obtain(file: string): Promise<Response> {
  const known = IMMUTABLE.test(file) ? await caches.match(file) : undefined;
  if (known !== undefined) return known;
  const response = await fetch(file, { cache: "reload" });
  if (!response.ok) throw new TypeError(`${file}: the server answered with ${response.status}`);
  return response;
}
