import { describe, expect, test } from "vitest";
import { blocks, links, PLAIN, spans } from "../src/core/formatting";
import { json } from "./sharedVectors";

interface Vectors {
  spans: { text: string; spans: [string, object][] }[];
  links: { text: string; links: string[] }[];
}
const vectors = json<Vectors>("vectors/formatting.json");

describe("the same looks as in the other clients", () => {
  test.each(vectors.spans)("$text", ({ text, spans: expected }) => {
    expect(spans(text)).toEqual(expected.map(([shown, look]) => ({ text: shown, look: { ...PLAIN, ...look } })));
  });
  test.each(vectors.links)("$text", ({ text, links: expected }) => {
    expect(links(text)).toEqual(expected);
  });
});

describe("blocks", () => {
  const kinds = (text: string) => blocks(text).map((block) => block.kind);
  test("a text is one block", () => expect(kinds("one\ntwo")).toEqual(["text"]));
  test("a quotation ends where its marks end", () => expect(kinds("> she said\n> so\nindeed")).toEqual(["quote", "text"]));
  test("lists", () => {
    expect(blocks("things:\n- tea\n- milk\n3. third\n4. fourth")).toMatchObject([
      { kind: "text" },
      { kind: "list", ordered: false, items: [[{ text: "tea" }], [{ text: "milk" }]] },
      { kind: "list", ordered: true, start: 3, items: [[{ text: "third" }], [{ text: "fourth" }]] },
    ]);
  });
  test("code keeps what would be marks", () => {
    expect(blocks("look:\n```py\n- x = *1*\n> y\n```\ndone")).toMatchObject([
      { kind: "text" },
      { kind: "code", language: "py", text: "- x = *1*\n> y" },
      { kind: "text" },
    ]);
  });
  test("a fence that is never closed is text", () => expect(kinds("```py\nx = 1")).toEqual(["text"]));
  test("a dash alone, or a sum, is no list", () => expect(kinds("-\n- \n1.5 litres")).toEqual(["text"]));
});
