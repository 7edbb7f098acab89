/** Everything that the server can answer has a sentence on the page, and no sentence is for what it can't. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { handled } from "../src/core/verbs";
import { closing, inWords, MISUNDERSTOOD, OWN, UNASKED, WRONG } from "../src/state/answers";
import { json } from "./vectors";

/** Collected from the server's own code by tests/client/test_numerics.py; numbers with the text that is customary. */
const { numbers, codes, wrong } = json<{ numbers: Record<string, string>; codes: string[]; wrong: string }>("vectors/answers.json");
const words = JSON.parse(readFileSync(new URL("../src/words/en.json", import.meta.url), "utf8")) as Record<string, string>;
/** In the answers, and a verb of which it is an answer in particular. */
const written = Object.keys(words).flatMap((word) => /^said\.(?:[A-Z]+\.)?(\d{3}|[A-Z]+_?[A-Z_]+)$/.exec(word)?.[1] ?? []);
const answered = new Set([...written, ...OWN, ...MISUNDERSTOOD, ...UNASKED]);
const isRefusal = (number: string) => (number >= "400" && number <= "599" && number !== "422") || ["696", "734", "902", "904", "905", "906", "907"].includes(number);

test.each(Object.keys(numbers))("%s", (number) => {
  expect(answered.has(number) || (!isRefusal(number) && handled.has(number))).toBe(true);
});
test.each(codes)("%s", (code) => expect(answered.has(code)).toBe(true));
test.each([...answered])("the server can answer %s", (answer) => expect([...Object.keys(numbers), ...codes]).toContain(answer));

test("nothing has two sentences", () => {
  const all = [...new Set(written.filter((code) => !Object.hasOwn(words, `said.SEARCH.${code}`))), ...OWN, ...MISUNDERSTOOD, ...UNASKED];
  expect(all.filter((one, at) => all.indexOf(one) !== at)).toEqual([]);
});

describe.each(Object.entries(numbers).filter(([number, text]) => text && isRefusal(number)))("%s", (code, text) => {
  test("shows nothing of the protocol", () => {
    const sentence = inWords({ code, command: "", words: ["#tea", "bob"], text });
    if (UNASKED.has(code) || OWN.has(code)) return;
    expect(sentence).toMatch(/^[A-Z#b].*\.$/s);
    expect(sentence).not.toMatch(/channel|nick\b|SASL|host|MODE|\+[a-z]/i);
  });
});

test("what stands around a reason is left out", () => {
  expect(wrong).toBe(WRONG);
  expect(inWords({ code: "904", command: "", words: [], text: `SASL authentication failed: ${wrong}` })).toBe(words["said.SIGN_IN_FAILED"]);
  const wait = "Too many attempts. Try again in 8 seconds.";
  expect(inWords({ code: "904", command: "", words: [], text: `SASL authentication failed: ${wait}` })).toBe(wait);
  expect(inWords({ code: "464", command: "", words: [], text: wait })).toBe(wait);
  expect(closing("Closing link: (192.0.2.7) [The server is stopping.]")).toBe("The server has ended this connection: The server is stopping.");
  expect(closing("You are banned until the ban is lifted: spam")).toContain("banned until the ban is lifted: spam");
});
