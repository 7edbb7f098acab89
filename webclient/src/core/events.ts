/** The client's events: one page of all that it tells the page's state. */

import type { Conversation, Message, Outgoing, Person } from "./chatModel";
import type { Thread } from "./threads";

export interface RoomRow {
  name: string;
  members: number;
  topic: string;
}

export type Event =
  // Coming and going
  | { type: "welcomed"; nick: string; again: boolean }
  /** The server ends the connection, and says why. */
  | { type: "server-closes"; reason: string }
  /** The server has ended the session for good: one has to sign in anew; nothing is tried again by itself. */
  | { type: "signed-out"; reason: string }
  | { type: "signed-in"; account: string }
  /** The server does not take the credentials; nothing is tried again by itself. */
  | { type: "sign-in-failed"; reason: string }
  /** Before one is in: the nickname is taken, or none that the server allows. */
  | { type: "nickname-refused"; nick: string; reason: string }
  /** An account was made; it may have to be approved before it can be used. */
  | { type: "registered"; account: string; text: string; isReady: boolean }
  | { type: "registration-failed"; reason: string }
  /** A secret that proves this session to the website. */
  | { type: "ticket"; ticket: string }
  // Conversations
  | { type: "conversation-opened" | "conversation-changed" | "conversation-closed"; conversation: Conversation }
  /** The group chat that its user has asked for by naming people; new or not. */
  | { type: "group-chat-opened"; conversation: Conversation }
  | { type: "members-changed" | "unread-changed" | "typing-changed"; conversation: Conversation }
  /** A thread has more or fewer replies, others are loaded, or what its user has of it changed. */
  | { type: "thread-changed"; conversation: Conversation; thread: Thread }
  /** `Client.threads.followed` has more threads. */
  | { type: "threads-listed" }
  /** What another device has written stands in the box of a conversation now. */
  | { type: "draft-changed"; conversation: Conversation }
  | { type: "person-changed"; person: Person }
  | { type: "invited"; room: string; by: string }
  /** Somebody asks for a room that one looks after. */
  | { type: "room-requested"; room: string; nick: string; wish: string }
  // Messages
  /** Something was said, or happened, just now. */
  | { type: "message-received"; conversation: Conversation; message: Message }
  /** It was edited, deleted or reacted to. */
  | { type: "message-changed"; conversation: Conversation; message: Message }
  /** A page of history is there; `messages` are what is new of it. */
  | { type: "history-loaded"; conversation: Conversation; messages: readonly Message[] }
  | { type: "outbox-changed"; conversation: Conversation; outgoing: Outgoing }
  /** What one wants to be told of a room or a person, `*` for all of them: all, mentions, none or usual. */
  | { type: "level-told"; target: string; level: string }
  /** The emoji of the place's own are others. */
  | { type: "emoji-changed" }
  /** What one has reported is known to those who look after the server. */
  | { type: "reported" }
  // Answers
  /** Words of the server's own, or of a service of it. */
  | { type: "server-said"; sender: string; text: string; conversation: Conversation | null }
  /** The server did not do what was asked; `text` is for people, `code` is not. */
  | { type: "refused"; command: string; code: string; text: string; conversation: Conversation | null }
  /** What was found, the oldest first; each with the name of its conversation. */
  | { type: "search-finished"; query: string; found: readonly { where: string; message: Message }[]; error: string }
  | { type: "rooms-listed"; rooms: readonly RoomRow[] }
  | { type: "person-described"; nick: string; facts: ReadonlyMap<string, string> };
