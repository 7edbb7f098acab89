/** Group chats in the page's core, by the vectors that the other clients follow too. */

import { expect, test } from "vitest";
import { Client } from "../src/core/client";
import * as groupChats from "../src/core/groupChats";
import { json } from "./sharedVectors";

interface Expected {
  participants: string[];
  title: string;
  mentions?: number;
}

const GREETING = [
  ":srv CAP * LS :hubbub/conversations draft/metadata-2 extended-join batch", ":srv CAP * ACK :draft/metadata-2",
  ":srv 001 ann :Hi", ":srv 005 ann CASEMAPPING=ascii CHANTYPES=# :are supported", ":srv 422 ann :none",
];

function greeted(): Client {
  const client = new Client({ nick: "ann" }, () => "x");
  client.opened(1_000);
  for (const line of GREETING) client.received(line, 1_000);
  return client;
}

test("each line does what it does in the other clients", () => {
  const client = greeted();
  json<[string, Expected][]>("vectors/group_chats.json").forEach(([line, { participants, title, mentions = 0 }], at) => {
    client.received(line, 2_000 + at);
    const room = client.find("#talk-1");
    expect(room?.isGroupChat && room.isAmongPeople, line).toBe(true);
    if (!room) return;
    expect([...room.participants.values()].sort(), line).toEqual(participants);
    expect([groupChats.title(client, room), room.mentions], line).toEqual([title, mentions]);
  });
  expect(client.find("eve")).toBeUndefined();
});

test("what its user asks for is opened, and what somebody else begins is only there", () => {
  const client = greeted();
  const opened = () => client.takeEvents().flatMap((event) => (event.type === "group-chat-opened" ? [event.conversation.name] : []));
  client.received(":bob!b@h CONVERSE #talk-1", 2_000);
  expect(opened()).toEqual([]);
  for (const line of client.takeOutput()) if (line.startsWith("PING ")) client.received(`:srv PONG srv ${line.slice(5).trim()}`, 2_000);
  client.takeOutput();
  groupChats.begin(client, ["bob", "carol"]);
  expect(client.takeOutput()[0]).toMatch(/^CONVERSE bob,carol/);
  client.received(":ann!a@h CONVERSE #talk-2", 2_000);
  expect(opened()).toEqual(["#talk-2"]);
});
