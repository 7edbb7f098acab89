/** The address' hash comes from links that anybody writes: nothing in it throws. */

import { expect, test } from "vitest";
import { hashParts } from "../src/state/urlHash";

test.each([
  ["", [""]],
  ["#", ["#"]],
  ["#/", ["#", ""]],
  ["#/%23tea/06hwya", ["#", "#tea", "06hwya"]],
  ["#/%", ["#", "%"]],
  ["#/%E0%A4%A/%23", ["#", "%E0%A4%A", "#"]],
  ["#/file/abc/%zz.png", ["#", "file", "abc", "%zz.png"]],
  ["#/file/abc/caf%C3%A9.png", ["#", "file", "abc", "café.png"]],
])("%s", (hash, parts) => {
  expect(hashParts(hash)).toEqual(parts);
});

test("a huge one", () => {
  expect(hashParts(`#/${"%".repeat(100_000)}`)).toEqual(["#", "%".repeat(100_000)]);
});
