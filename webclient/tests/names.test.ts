/** Names, by the same vectors as the other clients: what hides in one is seen, what hides in a text is gone. */

import { expect, test } from "vitest";
import { Client } from "../src/core/client";
import { harmless } from "../src/core/names";
import { parse } from "../src/core/ircLine";
import { json } from "./sharedVectors";

interface Vector {
  line: string;
  source: string;
  params: string[];
  tags: Record<string, string>;
}

test.each(json<Vector[]>("vectors/names.json"))("$line", ({ line, source, params, tags }) => {
  const heard = parse(line);
  const shown = heard && harmless(heard);
  expect({ source: shown?.source, params: shown?.params, tags: { ...shown?.tags } }).toEqual({ source, params, tags });
});

test("a room is not another one", () => {
  const client = new Client({ nick: "ann" }, () => "x");
  client.opened(1);
  for (const line of [":srv 001 ann :Hi", ":srv 422 ann :x", ":ann!a@h JOIN #t\u202eea"]) client.received(line, 2);
  expect([...client.conversations.values()].map((one) => one.name)).toEqual(["#t\ufffdea"]);
});
