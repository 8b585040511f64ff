/**
 * Every error that crosses the wire (WebSocket or HTTP): whether the same request may succeed later, and what it means.
 * The codes are stable; docs/protocol.md lists them. Apart from `errors`, because no browser needs to load the sentences.
 */
export const ERROR_KINDS = {
  malformed_frame: { retry: false, meaning: "The frame is not JSON or MessagePack, or not a message at all." },
  unknown_message: { retry: false, meaning: "No message of this type is known in this direction." },
  invalid_message: { retry: false, meaning: "A field is missing or has the wrong type; the text names it." },
  frame_too_large: { retry: false, meaning: "The frame exceeds the size limit that `welcome` states." },
  unexpected_message: { retry: false, meaning: "Not now: `hello` comes first; a document is opened first." },
  unauthenticated: { retry: false, meaning: "The token is missing, forged or expired." },
  forbidden: { retry: false, meaning: "This person may not do that." },
  not_found: { retry: false, meaning: "No such document or page." },
  invalid_request: { retry: false, meaning: "The HTTP request is malformed; the text names the field." },
  author_forged: { retry: false, meaning: "This client id belongs to another person." },
  future_version: { retry: false, meaning: "The operation is based on a version that does not exist yet." },
  sequence_gap: {
    retry: false,
    meaning: "An operation was left out: sequences are 1, 2, 3 … per client and document.",
  },
  operation_malformed: { retry: false, meaning: "Not an operation; the text names the first offending component." },
  operation_out_of_range: { retry: false, meaning: "The operation reaches behind the end of its base version." },
  operation_too_large: { retry: false, meaning: "A size limit of operations; split it." },
  operation_too_deep: { retry: false, meaning: "Attributes or embeds are nested too deeply." },
  surrogate_split: { retry: false, meaning: "The operation would tear a surrogate pair (an emoji, say) apart." },
  lone_surrogate: { retry: false, meaning: "The text holds half a surrogate pair." },
  document_too_large: { retry: false, meaning: "The document would exceed its size limit." },
  replaced: { retry: false, meaning: "The same client opened the document on a newer connection." },
  too_many_errors: { retry: false, meaning: "The connection is closed after repeated errors." },
  viewing_only: {
    retry: true,
    meaning:
      "This person views for now: as many edit as may, or the owner names who edits. Ask for a place with `ask`.",
  },
  storage_unavailable: { retry: true, meaning: "Storage fails; nothing was saved. The server goes on trying." },
  rate_limited: { retry: true, meaning: "Faster than the rate limits allow; send the same again after `retryAfter`." },
  suspended: { retry: true, meaning: "Suspended for a while after repeated offence; `retryAfter` says for how long." },
  too_many_connections: { retry: true, meaning: "As many connections as a person or an address may have." },
  quota_exceeded: { retry: true, meaning: "As much as a person may have or make for now." },
  overloaded: { retry: true, meaning: "Too much at once; wait and try again." },
  shutting_down: { retry: true, meaning: "The server stops or restarts." },
  internal: { retry: true, meaning: "A fault of the server; it is logged." },
} as const satisfies Record<string, { readonly retry: boolean; readonly meaning: string }>;

export const ERROR_CODES = Object.keys(ERROR_KINDS) as readonly (keyof typeof ERROR_KINDS)[];
