/**
 * Group chats: conversations of several people, which nobody else can join or see (hubbub/conversations).
 *
 * On the wire one is a channel with a name that says nothing; people see its title, and all who are in it, connected or not.
 */

import type { Client } from "./client";
import type { Conversation } from "./chatModel";
import { isName, type Line, param } from "./ircLine";
import { PendingRequest } from "./pendingRequests";

export const CAPABILITY = "hubbub/conversations";
/** The most people in one, oneself included. */
export const PEOPLE_MAX = 20;

/** Whether one can begin them here: the server has them, and one is logged in. */
export function areOffered(client: Client): boolean {
  return client.isHere && client.account !== "" && client.server.has(CAPABILITY);
}

/** Open the one with exactly these people; `group-chat-opened` follows, also where it is there already. */
export function begin(client: Client, names: readonly string[]): void {
  client.requests.ask(new PendingRequest("CONVERSE"), { verb: "CONVERSE", params: [names.join(",")] });
}

/** Add people, who read what is said from then on. */
export function add(client: Client, conversation: Conversation, names: readonly string[]): void {
  const params = [conversation.name, `+${names.join(",")}`];
  client.requests.ask(new PendingRequest("CONVERSE", conversation), { verb: "CONVERSE", params });
}

/** The topic, else the others' display names; the channel's name for a room, or where nobody else is. */
export function title(client: Client, conversation: Conversation): string {
  if (!conversation.isGroupChat) return conversation.name;
  return conversation.topic || others(client, conversation).join(", ") || conversation.name;
}

/** The display names of all but oneself, in the order of the alphabet. */
export function others(client: Client, conversation: Conversation): string[] {
  const own = client.fold(client.account);
  return [...conversation.participants.values()]
    .filter((nick) => !client.isMe(nick) && client.fold(nick) !== own)
    .map((nick) => client.people.find(nick)?.displayName ?? nick)
    .sort((a, b) => a.localeCompare(b, undefined, { sensitivity: "base" }));
}

/** `CONVERSE <channel>`: it is a group chat, and those in it follow as `CONVERSE <channel> +<name>{,<name>}`. */
export function told(client: Client, line: Line): void {
  const [name, more] = [param(line, 0), param(line, 1)];
  if (!client.server.isRoom(name) || !isName(name)) return;
  const conversation = client.open(name);
  conversation.isGroupChat = true;
  if (!more) conversation.participants.clear();
  for (const nick of more.replace(/^\+/, "").split(",").filter(isName)) conversation.participants.set(client.fold(nick), nick);
  const request = client.requests.current;
  if (!more && request?.command === "CONVERSE" && !request.conversation) client.happened({ type: "group-chat-opened", conversation });
  client.happened({ type: "conversation-changed", conversation });
}

/** Whoever was absent was called by the account's name. */
export function joined(client: Client, conversation: Conversation, nick: string, account: string): void {
  if (!conversation.isGroupChat) return;
  conversation.participants.delete(client.fold(account));
  conversation.participants.set(client.fold(nick), nick);
}

export function gone(client: Client, conversation: Conversation, nick: string): void {
  conversation.participants.delete(client.fold(nick));
}

/** Somebody in it has another nickname; or has disconnected, and is called by the account's name. */
export function renamed(client: Client, conversation: Conversation, old: string, fresh: string): void {
  if (fresh && conversation.participants.delete(client.fold(old))) conversation.participants.set(client.fold(fresh), fresh);
}
