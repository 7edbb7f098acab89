/** The vectors that our other clients understand lines by. */

import { expect, test } from "vitest";
import { readLine } from "../src/core/typedLine";
import { json } from "./sharedVectors";

type Line = [text: string, kind: string, first?: string, rest?: string];
const { needs, bare, lines } = json<{ needs: Record<string, number>; bare: Record<string, string>; lines: Line[] }>("vectors/typed.json");

test.each(lines)("%j", (text, kind, first, rest) => {
  const typed = readLine(text, new Map(Object.entries(needs)), new Map(Object.entries(bare)));
  const expected = { said: { kind, text: first }, asked: { kind, name: first, rest }, secret: { kind } }[kind] ?? { kind, name: first };
  expect(typed).toEqual(expected);
});
