/** Where in the app somebody is. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "trash" }
  | { readonly page: "document"; readonly id: string }
  | { readonly page: "unknown" };

export const TRASH_PATH = "/trash";

/** The page of a path such as location.pathname. */
export function parseRoute(path: string): Route {
  if (path === "/") return { page: "home" };
  if (path === TRASH_PATH) return { page: "trash" };
  const id = /^\/d\/([\w-]{1,64})\/?$/.exec(path)?.[1];
  return id === undefined ? { page: "unknown" } : { page: "document", id };
}

/** The path of a document, under the origin of the app. */
export function documentPath(id: string): string {
  return `/d/${encodeURIComponent(id)}`;
}
