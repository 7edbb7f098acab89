/** Which messages mention a client's user, by the vectors that the other clients' core follows too. */

import { expect, test } from "vitest";

import { Client } from "../src/core/client";
import { json } from "./sharedVectors";

type Vector = [about: string, capabilities: string, account: string, nick: string, lines: string[], expected: boolean];

test.each(json("vectors/mentions.json") as Vector[])("%s", (_, capabilities, account, nick, lines, expected) => {
  const client = new Client({ nick }, () => "x");
  client.opened(1_000);
  const arrival = [`:srv CAP * LS :${capabilities}`, `:srv CAP * ACK :${capabilities}`];
  const signedIn = account ? [`:srv 900 ${nick} ${nick}!a@h ${account} :You are signed in`] : [];
  const here = [`:srv 001 ${nick} :hello`, `:srv 422 ${nick} :no greeting`, `:${nick}!a@h JOIN #tea`];
  for (const line of [...arrival, ...signedIn, ...here, ...lines]) client.received(line, 2_000);
  const talk = [...client.conversations.values()].flatMap((room) => room.timeline.messages.filter((one) => one.isTalk));
  expect(talk.map((one) => one.isMention)).toEqual([expected]);
});
