/** What a person should know. */
export interface NoticeContent {
  readonly title: string;
  readonly text: string;
  /** "bad" when left out: something went wrong; "news": something changed, neither for better nor worse. */
  readonly tone?: "bad" | "good" | "news";
  /** What they can do about it; the notice goes with it. */
  readonly action?: { readonly label: string; run(): void };
  /** Goes by itself after so many milliseconds; left out: when they close it. */
  readonly lasts?: number;
  /** Text of theirs that found no place in the document; they can copy it from the notice. */
  readonly rescued?: string;
}

/** A notice on the screen. */
export interface Notice extends NoticeContent {
  readonly id: number;
}

const MOST = 4;
const listeners = new Set<() => void>();
let notices: readonly Notice[] = [];
let nextId = 1;

/** Shows a notice. One that is on the screen already is not shown twice; one that holds text never makes room. */
export function notify(content: NoticeContent): void {
  if (notices.some((notice) => isSame(notice, content))) return;
  const id = nextId;
  const all = [...notices, { ...content, id }];
  nextId += 1;
  become(all.filter((notice, index) => index >= all.length - MOST || notice.rescued !== undefined));
  if (content.lasts !== undefined) setTimeout(() => dismiss(id), content.lasts);
}

/** Takes a notice away; unknown ids are ignored. */
export function dismiss(id: number): void {
  become(notices.filter((notice) => notice.id !== id));
}

/** Oldest first. */
export function currentNotices(): readonly Notice[] {
  return notices;
}

/** Calls back whenever a notice comes or goes. */
export function onNotices(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isSame(a: NoticeContent, b: NoticeContent): boolean {
  return a.title === b.title && a.text === b.text && a.rescued === b.rescued;
}

function become(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}
