/**
 * How the others' carets and selections look. In a cascade layer, so that any rule of the page wins.
 *
 * Carets glide to their new place, for as long as it takes until the next message. A name stays for a moment, then fades;
 * a caret fades when its person does nothing for some seconds, counted from when they last did something. Each has two
 * names for one animation: a change from one to the other starts it again.
 */
const RULES = `@layer tutti-editor {
  .tutti-cursors {
    position: absolute;
    inset: 0;
    overflow: clip;
    overflow-clip-margin: 1.5em;
    pointer-events: none;
    user-select: none;
    z-index: 2;
  }
  .tutti-cursor {
    position: absolute;
    inset: 0 auto auto 0;
    width: 2px;
    margin-inline-start: -1px;
    background: var(--tutti-colour);
    background: light-dark(var(--tutti-colour), color-mix(in oklab, var(--tutti-colour) 55%, white));
    transition: transform var(--tutti-glide, 80ms) linear, height 80ms linear;
  }
  .tutti-still > * { transition: none !important; }
  .tutti-selection {
    position: absolute;
    inset: 0 auto auto 0;
    background: color-mix(in srgb, var(--tutti-colour) 25%, transparent);
  }
  .tutti-cursor-name {
    position: absolute;
    inset-inline-start: 0;
    bottom: 100%;
    padding: 0 0.4em;
    border-radius: 4px 4px 4px 0;
    background: var(--tutti-colour);
    color: #fff;
    font: 600 11px / 1.5 system-ui, sans-serif;
    white-space: nowrap;
  }
  .tutti-cursor-name-below { bottom: auto; top: 100%; border-radius: 0 4px 4px 4px; }
  .tutti-cursor-name-before { inset-inline: auto 0; border-radius: 4px 4px 0 4px; }
  .tutti-moved-0 { animation: tutti-stale-0 12s linear var(--tutti-idle, 0s) forwards; }
  .tutti-moved-1 { animation: tutti-stale-1 12s linear var(--tutti-idle, 0s) forwards; }
  .tutti-moved-0 > .tutti-cursor-name { animation: tutti-name-0 2.5s ease-in var(--tutti-idle, 0s) forwards; }
  .tutti-moved-1 > .tutti-cursor-name { animation: tutti-name-1 2.5s ease-in var(--tutti-idle, 0s) forwards; }
  @keyframes tutti-name-0 { 0%, 75% { opacity: 1; } 100% { opacity: 0; } }
  @keyframes tutti-name-1 { 0%, 75% { opacity: 1; } 100% { opacity: 0; } }
  @keyframes tutti-stale-0 { 0%, 60% { opacity: 1; } 100% { opacity: 0.4; } }
  @keyframes tutti-stale-1 { 0%, 60% { opacity: 1; } 100% { opacity: 0.4; } }
  @media (prefers-reduced-motion: reduce) { .tutti-cursor { transition: none; } }
  @media (forced-colors: active) { .tutti-cursor, .tutti-cursor-name { forced-color-adjust: none; } }
  @media print { .tutti-cursors { display: none; } }
}`;

const sheets = new WeakMap<Document, CSSStyleSheet>();

/** Makes the style known where `element` is, once. A constructed sheet: a strict Content-Security-Policy allows it. */
export function adoptCursorStyle(element: HTMLElement): void {
  const page = element.ownerDocument;
  const root = element.getRootNode();
  const home = root instanceof ShadowRoot ? root : page;
  const sheet = sheets.get(page) ?? createSheet(page);
  if (sheet === undefined) return;
  sheets.set(page, sheet);
  if (!home.adoptedStyleSheets.includes(sheet)) home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];
}

function createSheet(page: Document): CSSStyleSheet | undefined {
  const Sheet = page.defaultView?.CSSStyleSheet;
  if (Sheet === undefined) return undefined;
  const sheet = new Sheet();
  sheet.replaceSync(RULES);
  return sheet;
}
