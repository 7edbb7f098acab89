/** The groups of a list of members, and which rows of it are drawn. */

import { expect, test } from "vitest";

import { type Member, Person } from "../src/core/chatModel";
import { comparable, HEADING_PX, memberGroups, ROW_PX, rowsInSight, topOfRow } from "../src/state/memberGroups";
import { mentionedNames } from "../src/state/mentions";

function member(nick: string, ranks: string, presence: "here" | "away" | "offline"): Member {
  const person = Object.assign(new Person(nick), { isOnline: presence !== "offline", isAway: presence === "away" });
  return { person, ranks };
}

const MEMBERS = [member("ann", "@", "offline"), member("bob", "+", "here"), member("cleo", "", "away"), member("dan", "", "offline"), member("eve", "", "here")];

test("operators are a group of their own, whether they are online or not", () => {
  const groups = memberGroups(MEMBERS, false);
  expect(groups.map(({ name, members }) => [name, members.map(({ person }) => person.nick)])).toEqual([
    ["operators", ["ann"]], ["here", ["bob", "eve"]], ["away", ["cleo"]], ["offline", ["dan"]],
  ]);
});

test("a folded group has a heading and no rows", () => {
  const offline = memberGroups(MEMBERS, true).at(-1)!;
  expect([offline.height, offline.members.length, rowsInSight(offline, 0, 1000, 0)]).toEqual([HEADING_PX, 1, []]);
});

test("of thousands of members only those in sight are drawn, and the one with the focus", () => {
  const many = Array.from({ length: 5_000 }, (_, at) => member(`user${at}`, "", "here"));
  const groups = memberGroups([...many, ...MEMBERS], false);
  const [operators, here] = groups as [(typeof groups)[0], (typeof groups)[0]];
  expect(rowsInSight(operators, 0, 500, 3)).toEqual([0]);
  const top = here.top + HEADING_PX;
  expect(rowsInSight(here, top + 1000 * ROW_PX, top + 1010 * ROW_PX, 6)).toEqual([5, ...Array.from({ length: 10 }, (_, at) => 1000 + at)]);
  expect(rowsInSight(here, here.height + 10_000, here.height + 10_500, -1)).toEqual([]);
});

test("every row has its place below the headings", () => {
  const groups = memberGroups(MEMBERS, false);
  const tops = [0, 1, 2, 3, 4].map((at) => topOfRow(groups, at));
  expect(tops).toEqual([HEADING_PX, 2 * HEADING_PX + ROW_PX, 2 * HEADING_PX + 2 * ROW_PX, 3 * HEADING_PX + 3 * ROW_PX, 4 * HEADING_PX + 4 * ROW_PX]);
});

test("names are compared without case and accents", () => expect(comparable("Zoé ÖZTÜRK")).toBe("zoe ozturk"));

test("the names that a text mentions, outside of code and addresses", () => {
  const text = "@ann see `@bob`, mail x@cleo.example, https://example.org/@dan and (@eve), @ann\n```\n@finn\n```\n- @שירה\n> @greta";
  expect(mentionedNames(text)).toEqual(["ann", "eve", "שירה", "greta"]);
});
