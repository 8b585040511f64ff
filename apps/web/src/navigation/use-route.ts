import { useMemo, useSyncExternalStore } from "react";
import { onNavigate } from "./history.js";
import { parseRoute, type Route } from "./route.js";

/** The page that the address bar names, kept up to date. */
export function useRoute(): Route {
  const path = useSyncExternalStore(onNavigate, () => location.pathname);
  return useMemo(() => parseRoute(path), [path]);
}
