/** Lines made into messages, with their edits, reactions and deletions; live and from the history alike. */

import { Batch, type Item, openingOf } from "./batches";
import type { Client } from "./client";
import { type Action, type Amendment, type Conversation, type Kind, Message, TALK } from "./chatModel";
import { clean, cleanLines } from "./safeText";
import { type Line, param, parseTime, splitSource } from "./ircLine";

export const IN_THREAD = "+hubbub/in-thread";
const SAID: ReadonlySet<string> = new Set([...TALK.values()].map((row) => row.verb));
const REACTIONS: Record<string, Action> = {
  "+draft/react": "react", "+react": "react", "+draft/unreact": "unreact", "+unreact": "unreact",
};

/** Verb → what it is in a conversation, which parameter is its text (-1 for none), and whom it happened to. */
const ROOM_EVENTS: Record<string, [kind: Kind, textAt: number, subjectAt: number]> = {
  JOIN: ["joined", -1, 0], PART: ["left", 1, 0], QUIT: ["quit", 0, 0], KICK: ["kicked", 2, 1], NICK: ["renamed", 0, 0],
  TOPIC: ["topic", 1, 0], MODE: ["modes", 1, 0], INVITE: ["invited", -1, 0],
};

/** When it happened, by the server's clock where it says so. */
export function timeOf(client: Client, line: Line): number {
  return parseTime(line.tags["time"] ?? "") ?? client.nowMs;
}

export function replyTo(line: Line): string {
  return line.tags["+reply"] || line.tags["+draft/reply"] || "";
}

/** The message that a line, or a batch of the type multiline, stands for; null for what is none. */
export function read(client: Client, item: Item): Message | null {
  if (item instanceof Batch) {
    const verb = item.lines[0]?.verb ?? "";
    return SAID.has(verb) ? said(client, item.opening, verb, batchText(item)) : null;
  }
  return SAID.has(item.verb) ? said(client, item, item.verb, param(item, 1)) : happened(client, item);
}

/** multiline: "Line messages are joined by a single line feed", but for those that go on directly. */
function batchText(batch: Batch): string {
  return batch.lines.reduce(
    (text, line, at) => text + (at && line.tags["draft/multiline-concat"] === undefined ? "\n" : "") + param(line, 1),
    "",
  );
}

/** The kind of what a line says, and its text as one reads it; null for CTCP of other programs. */
function talkOf(line: Line, verb: string, text: string): [kind: Kind, text: string] | null {
  const rows = [...TALK];
  if (text.startsWith("\x01")) {
    const wrapped = rows.find(([, { ctcp }]) => ctcp && text.startsWith(`\x01${ctcp}`));
    return wrapped ? [wrapped[0], text.slice(1 + wrapped[1].ctcp.length).replaceAll("\x01", " ").trim()] : null;
  }
  const own = rows.filter(([, row]) => row.verb === verb && !row.ctcp);
  const found = own.find(([, { contentTag }]) => contentTag && line.tags[contentTag] !== undefined);
  return [(found ?? own.find(([, { contentTag }]) => !contentTag))?.[0] ?? "said", text];
}

function said(client: Client, line: Line, verb: string, whole: string): Message | null {
  const [nick] = splitSource(line.source);
  const found = talkOf(line, verb, whole);
  if (!found) return null;
  const [kind, text] = found;
  const message = new Message(kind, nick, cleanLines(text), timeOf(client, line));
  message.content = line.tags[TALK.get(kind)?.contentTag ?? ""] ?? "";
  message.id = line.tags["msgid"] ?? "";
  message.account = line.tags["account"] ?? "";
  message.isBot = line.tags["bot"] !== undefined;
  message.isOwn = client.isMe(nick);
  message.replyTo = replyTo(line);
  message.root = line.tags["hubbub/root"] ?? "";
  message.summary = line.tags["hubbub/thread"] ?? "";
  message.isInThread = line.tags[IN_THREAD] !== undefined && message.replyTo !== "";
  message.editedMs = parseTime(line.tags["hubbub/edited"] ?? "") ?? 0;
  message.isMention = !message.isOwn && isMention(client, line, message.text);
  return message;
}

/** hubbub/activity: the server says whom a message mentions; where it does not, the nickname is looked for. */
function isMention(client: Client, line: Line, text: string): boolean {
  if (!client.server.has("hubbub/activity")) return client.mentionsMe(text);
  const own = client.fold(client.account || client.nick);
  return (line.tags["hubbub/mentions"] ?? "").split(",").some((name) => client.fold(name) === own);
}

function happened(client: Client, line: Line): Message | null {
  const found = ROOM_EVENTS[line.verb];
  if (!found) return null;
  const [kind, textAt, subjectAt] = found;
  const [nick] = splitSource(line.source);
  const text = kind === "modes" ? line.params.slice(1).join(" ") : textAt >= 0 ? param(line, textAt) : "";
  const message = new Message(kind, nick, clean(text), timeOf(client, line));
  message.id = line.tags["msgid"] ?? "";
  message.subject = subjectAt ? param(line, subjectAt) : "";
  message.account = line.tags["account"] ?? "";
  message.isOwn = client.isMe(nick);
  return message;
}

/** Whether it changes a message, or is said with tags alone. */
export function isAmendment(line: Line): boolean {
  return ["REDACT", "EDIT", "TAGMSG"].includes(line.verb) || param(line, 1) === "hubbub/edit";
}

/**
 * Apply what happened to a message; where that is not known yet, it waits for it. `page` holds messages by their ids
 * that are about to be in the conversation.
 */
export function amend(client: Client, conversation: Conversation, item: Item, page?: ReadonlyMap<string, Message>): void {
  const found = amendmentOf(client, item);
  if (!found) return;
  const message = conversation.find(found.id) ?? page?.get(found.id);
  if (!message) {
    const waiting = conversation.orphans.get(found.id) ?? [];
    conversation.orphans.set(found.id, [...waiting, found.amendment]);
  } else if (apply(message, found.amendment)) {
    client.happened({ type: "message-changed", conversation, message });
  }
}

function amendmentOf(client: Client, item: Item): { id: string; amendment: Amendment } | null {
  const line = openingOf(item);
  const [by] = splitSource(line.source);
  const timeMs = timeOf(client, line);
  const made = (id: string, action: Action, text: string) => ({ id, amendment: { action, by, text, timeMs } });
  if (item instanceof Batch) return { id: param(line, 3), amendment: editOf(client, line, param(line, 2), batchText(item)) };
  if (line.verb === "EDIT") return { id: param(line, 1), amendment: editOf(client, line, param(line, 0), param(line, 2)) };
  if (line.verb === "REDACT") return made(param(line, 1), "delete", param(line, 2));
  for (const [tag, action] of Object.entries(REACTIONS)) {
    const reaction = line.tags[tag];
    const id = replyTo(line);
    if (reaction && id) return made(id, action, clean(reaction));
  }
  return null;
}

/** An edit; in a room the server may say whom the new text mentions, in a private conversation nothing changes. */
function editOf(client: Client, line: Line, target: string, text: string): Amendment {
  const [by] = splitSource(line.source);
  const edit: Amendment = { action: "edit", by, text, timeMs: timeOf(client, line) };
  const tells = client.server.has("hubbub/activity") && client.server.isRoom(client.server.roomOf(target));
  return tells ? { ...edit, isMention: !client.isMe(by) && isMention(client, line, text) } : edit;
}

/** Change a message; whether it is another one now. */
export function apply(message: Message, { action, by, text, timeMs, isMention }: Amendment): boolean {
  if (message.isDeleted) return false;
  if (action === "delete") {
    message.delete(by);
  } else if (action === "edit") {
    if (!text || timeMs < message.editedMs) return false;
    message.text = cleanLines(text);
    message.editedMs = timeMs;
    if (isMention !== undefined) message.isMention = isMention;
  } else if (!message.vote(text, by, timeMs, action === "react")) {
    return false;
  }
  message.version++;
  return true;
}
