/** Kinds of messages on the page: one without a row reads as its text, one with a row is kept with what it has. */

import { afterEach, expect, test } from "vitest";
import { Client } from "../src/core/client";
import { type Message, TALK } from "../src/core/chatModel";
import { rowsOf } from "../src/state/messageRows";
import { json } from "./sharedVectors";

const LINE = "@+example/poll=[1];msgid=a PRIVMSG #tea :Which tea? 1. green 2. black".replace(" PRIVMSG", " :bob!b@h PRIVMSG");

afterEach(() => TALK.delete("note"));

function heard(...lines: string[]): Message[] {
  const client = new Client({ nick: "ann" }, () => "x");
  client.opened(1_000);
  for (const line of [":house 001 ann :Welcome", ":ann!a@h JOIN #tea", ...lines]) client.received(line, 2_000);
  return client.find("#tea")?.timeline.messages.filter((one) => one.kind !== "joined") ?? [];
}

test("the other clients have the same rows", () => {
  const rows = [...TALK].map(([kind, { verb, ctcp, contentTag, look }]) => [kind, [verb, ctcp, contentTag, look]]);
  expect(Object.fromEntries(rows)).toEqual(json("vectors/kinds.json"));
});

test("a kind without a row reads as its text", () => {
  const [message] = heard(LINE);
  expect(message).toMatchObject({ kind: "said", text: "Which tea? 1. green 2. black", content: "", isTalk: true });
});

test("a kind with a row is kept with what it has beside its text", () => {
  TALK.set("note", { verb: "PRIVMSG", ctcp: "", contentTag: "+example/poll", look: "talk" });
  const found = heard(LINE, ":bob!b@h PRIVMSG #tea :hello", ":bob!b@h PRIVMSG #tea :\x01ACTION waves\x01", ":bob!b@h NOTICE #tea :so");
  expect(found.map((one) => [one.kind, one.content, one.look])).toEqual([
    ["note", "[1]", "talk"], ["said", "", "talk"], ["action", "", "action"], ["notice", "", "notice"],
  ]);
  expect(rowsOf(found, undefined, null, true).map((row) => row.continues)).toEqual([false, false, false, false]);
  found[0]?.delete("bob");
  expect(found[0]?.content).toBe("");
});

test("a CTCP of another program is no message", () => {
  expect(heard(":bob!b@h PRIVMSG #tea :\x01VERSION\x01")).toEqual([]);
});
