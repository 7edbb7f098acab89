/** Read markers: up to where the user has read, on all their clients, and the unread counts that follow. */

import type { Client } from "./client";
import type { Conversation, Message } from "./chatModel";
import { PendingRequest } from "./pendingRequests";
import { formatTime, type Line, param, parseTime } from "./ircLine";

/** Counts what is unread, and tells the other clients of the same user. */
export class ReadMarkers {
  constructor(private readonly client: Client) {}

  ask(conversation: Conversation): void {
    if (!this.client.server.has("draft/read-marker")) return;
    const request = new PendingRequest("MARKREAD", conversation, null, true);
    this.client.requests.ask(request, { verb: "MARKREAD", params: [conversation.name] });
  }

  /** `MARKREAD <target> timestamp=<time>`, or `*` where there is none. */
  marked(line: Line): void {
    const conversation = this.client.find(param(line, 0));
    const timeMs = parseTime(param(line, 1).replace(/^timestamp=/, ""));
    if (!conversation || timeMs === null || timeMs <= conversation.readMs) return;
    conversation.readMs = timeMs;
    conversation.isMarked = true;
    this.recount(conversation);
  }

  /** Everything that is shown here now has been read. */
  markRead(conversation: Conversation): void {
    const newest = conversation.timeline.messages.findLast((message) => message.isTalk || message.id);
    if (!newest || newest.timeMs <= conversation.readMs) return;
    conversation.readMs = newest.timeMs;
    conversation.isMarked = true;
    if (this.client.server.has("draft/read-marker") && this.client.isHere) {
      this.client.send("MARKREAD", conversation.name, `timestamp=${formatTime(newest.timeMs)}`);
    }
    this.recount(conversation);
  }

  /** Begin what is unread with this message, in this client: markers only move forward for the others. */
  markUnread(conversation: Conversation, message: Message): void {
    conversation.readMs = message.timeMs - 1;
    this.recount(conversation);
  }

  /**
   * Count again what is unread. A room in which nothing was ever marked begins as read: what was said before one came is
   * not news.
   */
  recount(conversation: Conversation): void {
    if (conversation.isRoom && !conversation.isMarked) {
      conversation.readMs = Math.max(conversation.readMs, conversation.joinedMs);
    }
    const fresh = conversation.timeline.since(conversation.readMs).filter(counts);
    const mentions = fresh.filter((message) => message.isMention).length;
    if (conversation.unread === fresh.length && conversation.mentions === mentions) return;
    conversation.unread = fresh.length;
    conversation.mentions = mentions;
    this.client.happened({ type: "unread-changed", conversation });
  }

  /** Count one more, which has come just now. */
  received(conversation: Conversation, message: Message): void {
    if (!counts(message) || message.timeMs <= conversation.readMs) return;
    conversation.unread++;
    if (message.isMention) conversation.mentions++;
    this.client.happened({ type: "unread-changed", conversation });
  }
}

/** Whether it is news of the conversation; a reply for its thread alone is so only to whom it mentions. */
function counts(message: Message): boolean {
  return message.isTalk && !message.isOwn && !message.isDeleted && (!message.isInThread || message.isMention);
}
