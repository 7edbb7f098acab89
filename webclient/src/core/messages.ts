/** Messages in rooms, privately and from the server; who is typing; and where each message belongs. */

import { Batch, type Item, openingOf } from "./batches";
import type { Client } from "./client";
import { type Conversation, Message, type Outgoing } from "./chatModel";
import { amend, apply, read } from "./messageParser";
import { clean } from "./safeText";
import { isName, type Line, last, param, splitSource } from "./ircLine";

/** typing: without another word "the user is no longer typing" after so long. */
const TYPING_MS = 6_000;
const PAUSED_MS = 30_000;
/** typing: the notification is not sent more often than that. */
const TYPING_AGAIN_MS = 3_000;
/** How many messages that are not known yet are waited for in one conversation. */
const ORPHANS_MAX = 2_000;

/** Puts what is said where it belongs. */
export class Messages {
  private readonly toldTyping = new Map<string, number>();

  constructor(private readonly client: Client) {}

  /** PRIVMSG, NOTICE, or several of them in a batch of the type multiline. */
  said(item: Item): void {
    const line = openingOf(item);
    const verb = item instanceof Batch ? (item.lines[0]?.verb ?? "") : line.verb;
    const target = param(line, item instanceof Batch ? 2 : 0);
    const conversation = this.place(line, verb, target);
    if (!conversation) {
      const [sender] = splitSource(line.source);
      this.client.happened({ type: "server-said", sender, text: clean(last(line)), conversation: null });
      return;
    }
    const message = read(this.client, item);
    if (!message) return;
    const entry = this.adopt(conversation, message);
    this.client.threads.tookMessage(conversation, message, true);
    if (conversation.typing.delete(message.sender)) this.client.happened({ type: "typing-changed", conversation });
    this.client.receivedLive(conversation, message, entry?.isUncertain ?? false);
  }

  /** The conversation that it belongs to; null for the server's own words. */
  private place(line: Line, verb: string, target: string): Conversation | null {
    const { client } = this;
    const [nick, user, host] = splitSource(line.source);
    const room = client.server.roomOf(target);
    if (!isName(room)) return null;
    if (client.server.isRoom(room)) return client.find(room) ?? (user ? client.open(room) : null);
    const other = client.isMe(nick) ? target : nick;
    if (verb === "NOTICE" && !client.find(other)) return null;
    if ((!user && !host) || !isName(other) || client.isService(other)) return null;
    return client.open(other);
  }

  /** What is new gets what has happened to it meanwhile, and ends the waiting of what it shows. */
  adopt(conversation: Conversation, message: Message): Outgoing | null {
    for (const amendment of conversation.orphans.get(message.id) ?? []) apply(message, amendment);
    conversation.orphans.delete(message.id);
    if (conversation.isAmongPeople && !message.isOwn && message.isTalk) message.isMention = true;
    const entry = message.isOwn && message.isTalk ? this.client.outbox.match(conversation, message) : null;
    if (entry) this.client.outbox.confirm(entry, message);
    return entry;
  }

  /** TAGMSG, REDACT and EDIT, which may come as a batch. */
  amended(item: Item): void {
    const { client } = this;
    const line = openingOf(item);
    const [nick] = splitSource(line.source);
    const target = client.server.roomOf(param(line, item instanceof Batch ? 2 : 0));
    const conversation = client.find(client.server.isRoom(target) || client.isMe(nick) ? target : nick);
    if (!conversation) return;
    const typing = line.tags["+typing"];
    if (line.verb === "TAGMSG" && typing !== undefined) this.typing(conversation, nick, typing);
    amend(client, conversation, item);
    const [first] = conversation.orphans.keys();
    if (conversation.orphans.size > ORPHANS_MAX && first !== undefined) conversation.orphans.delete(first);
  }

  // Typing

  private typing(conversation: Conversation, nick: string, state: string): void {
    if (this.client.isMe(nick)) return;
    if (state === "active") conversation.typing.set(nick, this.client.nowMs + TYPING_MS);
    else if (state === "paused") conversation.typing.set(nick, this.client.nowMs + PAUSED_MS);
    else conversation.typing.delete(nick);
    this.client.happened({ type: "typing-changed", conversation });
  }

  /** Who has not typed for a while does not any more. */
  tick(): void {
    for (const conversation of this.client.conversations.values()) {
      const over = [...conversation.typing].filter(([, until]) => until <= this.client.nowMs);
      for (const [nick] of over) conversation.typing.delete(nick);
      if (over.length) this.client.happened({ type: "typing-changed", conversation });
    }
  }

  /** Let the others know that one types, not too often, or that one has stopped. */
  tellTyping(conversation: Conversation, active: boolean): void {
    const { client } = this;
    if (!client.server.has("message-tags") || !client.isHere) return;
    const lastMs = this.toldTyping.get(conversation.name);
    if (active) {
      if (lastMs !== undefined && client.nowMs - lastMs < TYPING_AGAIN_MS) return;
      this.toldTyping.set(conversation.name, client.nowMs);
    } else if (!this.toldTyping.delete(conversation.name)) return;
    client.sendTagged({ "+typing": active ? "active" : "done" }, "TAGMSG", conversation.name);
  }

  /** A message says by itself that one has stopped typing. */
  sent(conversation: Conversation): void {
    this.toldTyping.delete(conversation.name);
  }

  /** A word to one's own user, shown in a conversation and kept nowhere. */
  note(conversation: Conversation, text: string): void {
    const message = new Message("note", "", text, this.client.nowMs);
    conversation.timeline.append(message, true);
    this.client.happened({ type: "message-received", conversation, message });
  }
}
