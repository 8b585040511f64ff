import { lazy } from "react";

// Each editor is a part of its own: nobody waits for the one that they don't need.
const loadRich = () => import("../rich/rich-editor.js");
const loadPlain = () => import("../plain/plain-editor.js");

export const RichEditor = lazy(() => loadRich().then((module) => ({ default: module.RichEditor })));
export const PlainEditor = lazy(() => loadPlain().then((module) => ({ default: module.PlainEditor })));

/** Loads the editors while there is nothing else to do, so that the next document opens at once. */
export function preloadEditors(): void {
  const load = () => {
    for (const editor of [loadRich, loadPlain]) editor().catch(() => undefined); // It is tried again when it is needed.
  };
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in window) window.requestIdleCallback(load);
  else setTimeout(load, 500);
}
