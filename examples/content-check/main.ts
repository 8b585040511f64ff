/** What one person wrote within a moment, as the server hands it over. */
interface Passage {
  readonly text: string;
}

/** More addresses of the same site than anybody needs in one go. */
const MOST_LINKS = 3;
const LINK = /https?:\/\/([^\s/]+)/gi;

/** A content check for `TUTTI_VANDALISM_CONTENT_CHECK`: flags a passage that names one site again and again. */
export function createContentCheck() {
  return {
    check({ text }: Passage): string | undefined {
      const links = new Map<string, number>();
      for (const [, site = ""] of text.matchAll(LINK)) links.set(site, (links.get(site) ?? 0) + 1);
      const [worst] = [...links].sort(([, a], [, b]) => b - a);
      if (worst === undefined || worst[1] <= MOST_LINKS) return undefined;
      return `${worst[1]} links to ${worst[0]}`;
    },
  };
}
