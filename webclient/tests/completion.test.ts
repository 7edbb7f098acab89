/** Completion, by the vectors that the other clients' core follows too. */

import { expect, test } from "vitest";

import { Client } from "../src/core/client";
import { complete, withEmoji } from "../src/core/completion";
import { parse } from "../src/core/ircLine";
import { json } from "./sharedVectors";

interface Vectors {
  lines: string[];
  emoji_line: string;
  words: Record<string, string>;
  emoji: Record<string, string>;
  here: string;
  cases: { text: string; at?: number; asked?: boolean; start?: number; found: string[] | null; hints?: string[] }[];
  written: [text: string, expected: string][];
}

const vectors = json<Vectors>("vectors/completion.json");
const emoji = new Map(Object.entries(vectors.emoji));

function arrived(): Client {
  const client = new Client({ nick: "ann" }, () => "x");
  client.opened(1_000);
  for (const line of vectors.lines) client.received(line, 2_000);
  client.emoji.told(parse(vectors.emoji_line)!);
  return client;
}

test.each(vectors.cases)("$text", ({ text, at = text.length, asked = false, start = 0, found: expected, hints }) => {
  const client = arrived();
  const vocabulary = { words: new Map(Object.entries(vectors.words)), emoji };
  const found = complete(client, vocabulary, text, at, client.find(vectors.here)!, asked);
  expect(found?.suggestions.map((one) => one.text) ?? null).toEqual(expected);
  if (found) expect([found.start, found.end]).toEqual([start, at]);
  if (hints) expect(found?.suggestions.map((one) => one.hint)).toEqual(hints);
});

test.each(vectors.written)("%j", (text, expected) => expect(withEmoji(text, emoji)).toBe(expected));
