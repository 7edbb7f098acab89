/** Lists in parts, and parts of addresses. */

import { expect, test } from "vitest";
import { decoded } from "../src/core/safeText";
import type { Done, ListPage } from "../src/state/api";
import { loadPages } from "../src/state/pagedLists";

const ROWS = [..."abcdefg"].map((name) => [name]);
const asked: ListPage[] = [];

/** What the server tells of a list of seven rows, or lines, two at a time. */
function tell(part: ListPage, isTable: boolean): Promise<Done> {
  asked.push(part);
  const rows = ROWS.filter(([name]) => (name ?? "").includes(part.find ?? ""));
  const shown = rows.slice(part.offset ?? 0, (part.offset ?? 0) + 2);
  const end = (part.offset ?? 0) + shown.length;
  const lines = shown.flat();
  const next = end < rows.length ? end : null;
  return Promise.resolve(isTable ? { ok: true, columns: ["name"], rows: shown, lines: ["name", ...lines, "7 users."], next } : { ok: true, columns: [], rows: [], lines, next });
}

test.each([
  [1, 2, 2],
  [3, 4, 4],
  [Infinity, 7, null],
])("up to %s rows", async (wanted, count, next) => {
  const list = await loadPages((part) => tell(part, true), wanted);
  expect(list.rows).toEqual(ROWS.slice(0, count));
  expect(list.lines).toEqual(["name", ...ROWS.slice(0, count).flat(), "7 users."]);
  expect(list.next).toBe(next);
});

test("lines", async () => {
  expect((await loadPages((part) => tell(part, false), Infinity)).lines).toEqual(ROWS.flat());
});

test("what is looked for is asked for in each part", async () => {
  asked.length = 0;
  expect((await loadPages((part) => tell(part, true), Infinity, "e")).rows).toEqual([["e"]]);
  expect(asked).toEqual([{ find: "e" }]);
});

test("a part of an address that says nothing stays as it is", () => {
  expect(["%", "%e9", "a%20b", "t%C3%A9"].map(decoded)).toEqual(["%", "%e9", "a b", "té"]);
});
