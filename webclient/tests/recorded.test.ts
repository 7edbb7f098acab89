/** Conversations as three servers have told them, replayed: the page knows exactly what the other clients know. */

import { expect, test } from "vitest";
import { Client } from "../src/core/client";
import type { Conversation, Message } from "../src/core/chatModel";
import { json, text } from "./sharedVectors";

const NOW_MS = 1_795_000_000_000;

function replay(server: string): Client {
  let count = 0;
  const client = new Client({ nick: "ann" }, () => `x${++count}`);
  client.opened(1_000);
  for (const line of text(`recorded/${server}.txt`).split(/\r?\n/)) {
    if (line) client.received(line, NOW_MS);
    client.takeOutput();
  }
  return client;
}

const sorted = <V>(map: Map<string, V>) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

function picture(client: Client): object {
  return {
    nick: client.nick,
    network: client.server.network,
    enabled: [...client.server.enabled].sort(),
    conversations: [...client.conversations.values()].map(conversation),
  };
}

function conversation(one: Conversation): object {
  const members = new Map([...one.members].map(([nick, member]) => [nick, member.ranks]));
  return {
    name: one.name, topic: one.topic, joined: one.isJoined, unread: one.unread, mentions: one.mentions,
    members: sorted(members), messages: one.timeline.messages.map(message),
  };
}

function message(one: Message): object {
  return {
    kind: one.kind, sender: one.sender, text: one.text, time: one.timeMs, id: one.id, subject: one.subject, own: one.isOwn,
    mention: one.isMention, reply: one.replyTo, edited: one.editedMs, deleted: one.isDeleted ? one.deletedBy : null,
    gap: one.followsGap, reactions: Object.fromEntries(one.reactions),
  };
}

test.each(["hubbub", "history", "inspircd", "ngircd"])("%s", (server) => {
  expect(picture(replay(server))).toEqual(json(`recorded/${server}.json`));
});
