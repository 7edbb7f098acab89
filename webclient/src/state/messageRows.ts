/** Messages as the rows of a list: days, groups of one sender, room events, and where unread begins. */

import type { Message } from "../core/chatModel";
import { startOfDay } from "./i18n.svelte";

/** How long somebody's messages stand under one name. */
const GROUP_MS = 5 * 60_000;

export interface ListRow {
  key: string;
  message: Message;
  /** What stands before it. */
  newDay: boolean;
  isFirstUnread: boolean;
  /** It stands under its predecessor's name. */
  continues: boolean;
  /** Comings and goings that are told in one line; empty of what is said. */
  roomEvents: readonly Message[];
}

const PRESENCE_KINDS = new Set(["joined", "left", "quit"]);

const keys = new WeakMap<Message, string>();
let count = 0;

/** The same for a message as long as the page lives. */
export function keyOf(message: Message): string {
  const key = keys.get(message) ?? (message.id || `local-${++count}`);
  keys.set(message, key);
  return key;
}

/** `before` is the message before the first; `readMs` up to when everything is read. */
export function rowsOf(messages: readonly Message[], before: Message | undefined, unreadFrom: Message | null, showHappenings: boolean): ListRow[] {
  const rows: ListRow[] = [];
  let last = before;
  for (const message of messages) {
    const isComing = PRESENCE_KINDS.has(message.kind) && !message.followsGap;
    if ((isComing && !showHappenings) || isServers(message)) continue;
    const newDay = !last || startOfDay(last.timeMs) !== startOfDay(message.timeMs);
    const isFirstUnread = message === unreadFrom;
    const previous = rows.at(-1);
    if (isComing && previous && previous.roomEvents.length && PRESENCE_KINDS.has(previous.message.kind) && !newDay && !isFirstUnread) {
      previous.roomEvents = [...previous.roomEvents, message];
    } else {
      rows.push({
        key: keyOf(message),
        message,
        newDay,
        isFirstUnread,
        continues: !newDay && !isFirstUnread && continues(last, message),
        roomEvents: message.isTalk || message.kind === "note" ? [] : [message],
      });
    }
    last = message;
  }
  return rows;
}

/** What the server sets by itself when a room is made or entered is nobody's news. */
function isServers(message: Message): boolean {
  return message.kind === "modes" && message.sender.includes(".");
}

function continues(last: Message | undefined, message: Message): boolean {
  return (
    last !== undefined &&
    message.look === "talk" &&
    last.kind === message.kind &&
    last.sender === message.sender &&
    !message.replyTo &&
    !message.followsGap &&
    message.timeMs - last.timeMs < GROUP_MS
  );
}
