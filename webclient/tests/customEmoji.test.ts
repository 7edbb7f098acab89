/** Custom emoji, by the same vectors as the other clients: what the server tells of them, and where they stand. */

import { expect, test } from "vitest";
import { Client } from "../src/core/client";
import { pieces } from "../src/core/customEmoji";
import { parse } from "../src/core/ircLine";
import { json } from "./sharedVectors";

interface Vectors {
  known: string[];
  texts: { text: string; pieces: [string, string][] }[];
  lines: { line: string; known: Record<string, string> }[];
}
const vectors = json<Vectors>("vectors/emoji.json");

test.each(vectors.texts)("$text", ({ text, pieces: expected }) => {
  expect(pieces(text, new Set(vectors.known)).map((piece) => [piece.text, piece.name])).toEqual(expected);
});

test("what the server tells", () => {
  const client = new Client({ nick: "ann" }, () => "x");
  for (const { line, known } of vectors.lines) {
    const heard = parse(line);
    if (heard) client.emoji.told(heard);
    expect(Object.fromEntries(client.emoji.known), line).toEqual(known);
  }
});
