import type { Operation } from "@tutti/ot";
import { SeededRandom } from "@tutti/testkit";

/** A document to type into. */
export interface Content {
  readonly name: string;
  readonly kind: "plain" | "rich";
  /** A local keystroke should take no longer, in milliseconds. */
  readonly aim: number;
  /** The content in parts that one edit may hold each; none starts with a letter. */
  readonly parts: readonly Operation[];
}

/** Units in one part: what one insert may hold. */
const PART = 100_000;
const PLAIN_LENGTH = 10_000_000;
const PAGES = 200;
const PARAGRAPHS_OF_PAGE = 6;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** 10 MB of lines. */
export function plainContent(): Content {
  const random = new SeededRandom(1);
  const line = (): string => `${sentence(random, 12)}\n`;
  let block = "";
  while (block.length < PART) block += line();
  const part: Operation = [{ insert: `\n${block.slice(0, PART - 1)}` }];
  const parts = Array.from({ length: PLAIN_LENGTH / PART }, () => part);
  return { name: "plain, 10 MB", kind: "plain", aim: 1, parts };
}

/** A page has a heading, paragraphs with bold words and links, and a list now and then: about 3,000 letters. */
export function richContent(): Content {
  const random = new SeededRandom(2);
  const parts = Array.from({ length: PAGES }, (_, page) => richPage(random, page));
  return { name: `rich, ${PAGES} pages`, kind: "rich", aim: 4, parts };
}

function richPage(random: SeededRandom, page: number): Operation {
  const blocks: Operation = [
    { insert: `${page + 1}. ${sentence(random, 4)}` },
    { insert: "\n", attributes: { heading: 2 } },
  ];
  const rest = Array.from({ length: PARAGRAPHS_OF_PAGE }, (_, index) => paragraph(random, index % 3 === 2));
  return [...blocks, ...rest.flat()];
}

function paragraph(random: SeededRandom, list: boolean): Operation {
  const runs = Array.from({ length: 4 }, (): Operation => {
    const marked = random.chance(0.3) ? { link: "https://example.org/" } : { bold: true };
    return [{ insert: `${sentence(random, 14)} ` }, { insert: sentence(random, 2), attributes: marked }];
  });
  return [...runs.flat(), list ? { insert: "\n", attributes: { list: "bullet" } } : { insert: "\n" }];
}

function sentence(random: SeededRandom, words: number): string {
  const word = (): string =>
    Array.from({ length: random.between(2, 10) }, () => LETTERS[random.integer(26)] ?? "a").join("");
  return `${Array.from({ length: words }, word).join(" ")}.`;
}
