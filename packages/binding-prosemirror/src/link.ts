const SAFE = /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu;

/**
 * The address, if a link may lead there (A5): http, https or mailto, without white space or control characters.
 * undefined for everything else, relative addresses included: such a link is shown without `href`.
 */
export function safeHref(href: string): string | undefined {
  const trimmed = href.trim();
  return SAFE.test(trimmed) ? trimmed : undefined;
}

/** Longest address of an image: objects of a document are bounded (`docs/protocol.md`, limits), and so are pictures in them. */
const LONGEST_SOURCE = 16_000;
const PICTURE = /^(?:https?:\/\/[^\s\p{Cc}]+|data:image\/(?:png|jpe?g|gif|webp|avif);base64,[a-z0-9+/=]+)$/iu;

/**
 * The address, if an image may be loaded from there (A5): http, https, or a small picture within the address itself, of a
 * kind that holds no script (no SVG). undefined for everything else.
 */
export function safeImageSource(address: string): string | undefined {
  const trimmed = address.trim();
  return trimmed.length <= LONGEST_SOURCE && PICTURE.test(trimmed) ? trimmed : undefined;
}
