/** The people whom one's own messages mention and who are not in the room: told once, until it is dismissed. */

import type { Conversation, Message } from "../core/chatModel";
import { mentionedNames } from "./mentions";
import { session } from "./session.svelte";

/** More names of one message are not looked up. */
const NAMES_MAX = 5;

class AbsentMentions {
  /** Message id → names of accounts that it mentions. */
  private known = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());
  /** Rooms and names that were told already. */
  private readonly told = new Set<string>();

  reset(): void {
    this.known = new Map();
    this.told.clear();
  }

  of(message: Message): readonly string[] {
    return this.known.get(message.id) ?? [];
  }

  /** Somebody has just sent a message: whoever it mentions and has an account is noted. */
  sent(conversation: Conversation, message: Message): void {
    const { client } = session;
    if (!client?.members.isPossible || !conversation.isRoom || !message.isOwn || !message.isTalk) return;
    for (const name of mentionedNames(message.text).slice(0, NAMES_MAX)) {
      const key = `${client.fold(conversation.name)} ${client.fold(name)}`;
      if (this.told.has(key) || isIn(conversation, name)) continue;
      this.told.add(key);
      const person = client.people.find(name);
      if (person?.account) this.add(message, person.nick);
      else if (!person?.isOnline) this.search(message, name);
    }
  }

  dismiss(message: Message, name: string): void {
    const others = this.of(message).filter((one) => one !== name);
    this.known = new Map([...this.known, [message.id, others]]);
  }

  private add(message: Message, name: string): void {
    this.known = new Map([...this.known, [message.id, [...this.of(message), name]]]);
  }

  private search(message: Message, name: string): void {
    session.client?.members.lookFor(name, ({ people }) => {
      const person = people.find(({ nick, account }) => [nick, account].some((one) => one && session.fold(one) === session.fold(name)));
      if (person) this.add(message, person.nick);
    });
  }
}

/** Whether somebody is in a room, under this nickname or with an account of this name. */
export function isIn(conversation: Conversation, name: string): boolean {
  const nick = session.client?.people.find(name)?.nick ?? name;
  return conversation.members.has(session.fold(nick));
}

export const absentMentions = new AbsentMentions();
