import type { Visibility } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import type { ClientOptions } from "../../src/index.js";
import { TuttiClient } from "../../src/index.js";
import { FakeServer } from "../fake-server.js";
import { clientOf, DOCUMENT } from "../world.js";

function openedWith(options: Pick<ClientOptions, "visibility" | "device">) {
  const server = new FakeServer([{ insert: "abc" }]);
  const { clock } = clientOf(server);
  const client = new TuttiClient({
    ...{ url: "http://127.0.0.1:4400", token: "ann", ...options },
    environment: { clock, random: { next: () => 0.5 }, transport: server.transport },
  });
  const doc = client.open(DOCUMENT);
  server.pump();
  const told = (type: "open" | "move"): (Visibility | undefined)[] =>
    server.connections
      .flatMap(({ received }) => received)
      .flatMap((up) => (up.type === type ? [(up as { readonly visibility?: Visibility }).visibility] : []));
  return { server, clock, client, doc, told };
}

describe("how others see me (P5)", () => {
  it("is by name, and nothing is said of it", () => {
    const { server, doc, told } = openedWith({});
    doc.presence.setCursor({ anchor: 1, head: 1 });
    server.pump();
    expect([doc.presence.visibility, told("open"), told("move")]).toEqual(["named", [undefined], [undefined]]);
  });

  it("is said with the first word where the app wants it, before anybody could see me", () => {
    const { server, doc, told } = openedWith({ visibility: "hidden" });
    doc.presence.setCursor({ anchor: 1, head: 1 });
    server.pump();
    expect([doc.presence.visibility, told("open"), told("move")]).toEqual(["hidden", ["hidden"], ["hidden"]]);
  });

  it("is asked anew for each document, so that a choice made in one holds in the next", () => {
    let wish: Visibility = "named";
    const { server, told, client } = openedWith({ visibility: () => wish });
    wish = "hidden";
    const other = client.open("another");
    server.pump();
    expect([other.presence.visibility, told("open")]).toEqual(["hidden", [undefined, "hidden"]]);
  });

  it("changes at once, and is said with every move from then on: one may be dropped", async () => {
    const { server, clock, doc, told } = openedWith({});
    doc.presence.setCursor({ anchor: 1, head: 1 });
    doc.presence.visibility = "anonymous";
    server.pump();
    expect(told("move")).toEqual([undefined, "anonymous"]);
    doc.presence.visibility = "named";
    doc.presence.visibility = "named";
    server.pump();
    doc.presence.setCursor({ anchor: 2, head: 2 });
    await clock.advance(500);
    server.pump();
    expect(told("move")).toEqual([undefined, "anonymous", "named", "named"]);
  });

  it("is told also where it changes while the document is being opened", async () => {
    const { server, clock, doc, told } = openedWith({});
    server.connection.lose();
    await clock.advance(1000);
    const { opened } = server;
    server.opened = (message) => {
      doc.presence.visibility = "hidden";
      return opened.call(server, message);
    };
    server.pump();
    expect([told("open"), told("move")]).toEqual([[undefined, undefined], ["hidden"]]);
  });

  it("outlasts a lost connection, whenever it was set", async () => {
    const { server, clock, doc, told } = openedWith({});
    server.connection.lose();
    doc.presence.visibility = "hidden";
    await clock.advance(1000);
    server.pump();
    expect(told("open")).toEqual([undefined, "hidden"]);
    expect(told("move")).toEqual([]);
  });
});

describe("what I do, and with what", () => {
  it("is said as soon as the app lets me look only, and when I may write again", async () => {
    const { server, clock, doc } = openedWith({});
    const activities = () =>
      server.connection.received.flatMap((up) => (up.type === "move" ? [up.activity ?? "by my place"] : []));
    doc.mode = "viewing";
    server.pump();
    expect(activities()).toEqual(["viewing"]);
    doc.mode = "editing";
    await clock.advance(500);
    server.pump();
    expect(activities()).toEqual(["viewing", "by my place"]);
  });

  it("is a program where there is no page, and whatever the app says", () => {
    const device = ({ server }: ReturnType<typeof openedWith>) =>
      server.connection.received.flatMap((up) => (up.type === "open" ? [up.device] : []));
    expect(device(openedWith({}))).toEqual(["program"]);
    expect(device(openedWith({ device: "tablet" }))).toEqual(["tablet"]);
  });
});
