const SAFE = /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu;

/**
 * The address, if a link may lead there (A5): http, https or mailto, without white space or control characters.
 * undefined for everything else, relative addresses included: such a link is shown without `href`.
 */
export function safeHref(href: string): string | undefined {
  const trimmed = href.trim();
  return SAFE.test(trimmed) ? trimmed : undefined;
}
