import { TuttiError } from "@tutti/protocol";

/**
 * The WebSocket address of a server.
 *
 * @param url http, https, ws or wss, with or without a path in front of `/v1/connect`, with or without a slash at the end
 * @throws TuttiError `invalid_request` when it is not such an address
 */
export function connectAddress(url: string): string {
  const { secure, place } = parse(url);
  return `ws${secure}://${place}/v1/connect`;
}

/** Where the same server takes messages over HTTP. @throws TuttiError likewise */
export function pollAddress(url: string): string {
  const { secure, place } = parse(url);
  return `http${secure}://${place}/v1/poll`;
}

function parse(url: string): { readonly secure: string; readonly place: string } {
  const match = /^(?:http|ws)(s?):\/\/([^\s/?#]+(?:\/+[^\s/?#]+)*)\/*$/i.exec(url);
  if (match === null) {
    throw new TuttiError("invalid_request", `url: expected http(s):// or ws(s)://, found ${JSON.stringify(url)}`);
  }
  const [, secure = "", place = ""] = match;
  return { secure: secure.toLowerCase(), place };
}
