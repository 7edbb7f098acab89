/** What strangers' text costs grows as it does: counted are the characters that patterns look at, not the time. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { type Batch, Batches } from "../src/core/batches";
import { blocks, links, spans } from "../src/core/formatting";
import { parse } from "../src/core/ircLine";
import { highlight } from "../src/state/syntaxHighlighting";

/** A pattern that may look for its end to the end of the text. */
const LOOKS_FAR = /\[\^(?:\\n)?\][*+]\?/;

/** How far they look while `act` is done: to where they find what they look for, or to the end of the line or the text. */
function looked(act: () => void): number {
  let count = 0;
  const exec = RegExp.prototype.exec;
  vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, text: string) {
    const from = this.lastIndex;
    const found = exec.call(this, text);
    const far = exec.call(new RegExp(LOOKS_FAR.source), this.source);
    if (far && !this.sticky && !this.source.includes("|$)")) throw new Error(`${this.source} looks far from each place`);
    const line = text.indexOf("\n", from);
    const end = line >= 0 && this.source.includes("[^\\n]*?") ? line : text.length;
    if (far) count += found ? found[0].length : end - from;
    return found;
  });
  act();
  vi.restoreAllMocks();
  return count;
}

afterEach(() => vi.restoreAllMocks());

const HOSTILE = [
  "**a ", "~~a ", "*a ", "_a ", "```", "```\n", "```a\nb\n", "`a", "**a** ", "**a\n", "> **a\n", "- ~~a\n", "```py\n```a\n", "http://a.b/**c ", "http://(",
  "\x02**a ", "\x0304~~a", "é**a ",
];

describe("a text that is twice as long costs about twice as much", () => {
  test.each(HOSTILE)("%j", (piece) => {
    const cost = (times: number) => looked(() => {
      const text = piece.repeat(times);
      spans(text);
      blocks(text);
      links(text);
    });
    const few = cost(250);
    expect(cost(1000)).toBeLessThanOrEqual(5 * few + 1000);
    // Nor are there many rounds over the same text: a few depths, for blocks and for spans.
    expect(cost(1000)).toBeLessThan(40 * piece.length * 1000);
  });
  test.each(["/* ", '"""', "'", "`\\\n", '"\\'])("code: %j", (piece) => {
    const cost = (times: number) => looked(() => void highlight(piece.repeat(times), "js"));
    expect(cost(1000)).toBeLessThanOrEqual(5 * cost(250) + 1000);
  });
});

test("a sign behind a backslash begins no text, through which each of thousands would look to its end", () => {
  for (const sign of ['"', "'", "`"]) {
    const tokens = highlight(`x \\${sign}a${sign} y`, "js");
    expect(tokens?.map(({ kind }) => kind).join("")).toBe("");
  }
  expect(highlight('"a\\"b" c', "js")?.[0]).toEqual({ text: '"a\\"b"', kind: "string" });
});

test("what is left open in a batch goes with the outermost", () => {
  const batches = new Batches();
  const take = (text: string) => batches.take(parse(text)!);
  for (const line of ["BATCH +a x", "@batch=a BATCH +b x", "@batch=b BATCH +c x", "BATCH -b"]) expect(take(line)).toBeNull();
  expect(take("BATCH -a")).not.toBeNull();
  expect(take("BATCH +c y")).toBeNull();
  expect((take("BATCH -c") as Batch).type).toBe("y");
});

test("a comment that is not closed goes to the end", () => {
  expect(highlight("a /* b /* c", "js")?.at(-2)).toEqual({ text: "/* b /* c", kind: "comment" });
});
