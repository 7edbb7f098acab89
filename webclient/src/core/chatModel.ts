/** The client's model of a chat, as plain data: people, conversations, messages; components only read it. */

import { Draft } from "./draft";
import type { Thread } from "./threads";
import { Timeline } from "./timeline";

/**
 * How what people say comes, goes and looks.
 *
 * On the wire `verb` says it, in a CTCP where one is named; what the kind has beside its text comes in the tag `contentTag`.
 */
export interface TalkKind {
  readonly verb: "PRIVMSG" | "NOTICE";
  readonly ctcp: string;
  readonly contentTag: string;
  readonly look: "talk" | "action" | "notice";
}

const ROWS = {
  said: { verb: "PRIVMSG", ctcp: "", contentTag: "", look: "talk" },
  action: { verb: "PRIVMSG", ctcp: "ACTION", contentTag: "", look: "action" },
  notice: { verb: "NOTICE", ctcp: "", contentTag: "", look: "notice" },
} satisfies Record<string, TalkKind>;

/** What people say; only this counts as unread, can be answered or deleted. Of a kind without a row clients read the text. */
export const TALK = new Map<Kind, TalkKind>(Object.entries(ROWS) as [Talk, TalkKind][]);

export type Talk = keyof typeof ROWS;

export type Kind =
  | Talk
  | "joined" | "left" | "quit" | "kicked" | "renamed" | "topic" | "modes" | "invited"
  /** What the client itself or the server says to its user alone; it is not part of the history. */
  | "note";

/**
 * One thing in a conversation; `text` is clean, and may have several lines.
 *
 * `id` is the server's, empty where there is none. Of what was not said, `text` is what it is about: the reason of a
 * leaving, the topic, the new nickname, the modes; and `subject` whom it happened to, where that is not the sender. Times are
 * milliseconds since 1970, UTC.
 */
export class Message {
  id = "";
  account = "";
  subject = "";
  isOwn = false;
  isMention = false;
  isBot = false;
  replyTo = "";
  /** Of a reply, the id of the message with which its thread begins, as far as it is known. */
  root = "";
  /** Of a message that was answered, the summary of its thread as the history had it (hubbub/threads). */
  summary = "";
  /** A reply that its author wants to have shown in its thread alone. */
  isInThread = false;
  /** What its kind has beside the text, as JSON; empty where the text is all. */
  content = "";
  editedMs = 0;
  isDeleted = false;
  deletedBy = "";
  /** Before this, something may be missing that the server has. */
  followsGap = false;
  /** Where it stands: its time, or that of its predecessor where the server's clock went back. */
  placeMs = 0;
  /** Grows with every change, so that whoever draws knows. */
  version = 0;
  /** Reaction → nickname → when that was last given or taken back, and which of the two. */
  private votes: Map<string, Map<string, { timeMs: number; given: boolean }>> | null = null;

  constructor(
    readonly kind: Kind,
    readonly sender: string,
    public text: string,
    readonly timeMs: number,
  ) {}

  get isTalk(): boolean {
    return TALK.has(this.kind);
  }

  /** As what it is drawn, where people said it. */
  get look(): TalkKind["look"] | undefined {
    return TALK.get(this.kind)?.look;
  }

  /** Reaction → who has given it, both in the order in which they came. */
  get reactions(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [reaction, givers] of this.votes ?? []) {
      const nicks = [...givers].filter(([, vote]) => vote.given).map(([nick]) => nick);
      if (nicks.length) found.set(reaction, nicks);
    }
    return found;
  }

  /** Give a reaction or take it back; the latest word counts, in whatever order they come. Whether it changed. */
  vote(reaction: string, nick: string, timeMs: number, given: boolean): boolean {
    this.votes ??= new Map();
    const givers = this.votes.get(reaction) ?? new Map<string, { timeMs: number; given: boolean }>();
    this.votes.set(reaction, givers);
    const before = givers.get(nick);
    if (before && (before.timeMs > timeMs || (before.timeMs === timeMs && before.given === given))) return false;
    givers.set(nick, { timeMs, given });
    return given !== (before?.given ?? false);
  }

  delete(by: string): void {
    this.isDeleted = true;
    this.deletedBy = by;
    this.text = "";
    this.content = "";
    this.votes = null;
    this.isMention = false;
  }
}

export type Action = "say" | "edit" | "delete" | "react" | "unreact";
export type Delivery = "waiting" | "sent" | "failed";

/**
 * Something that its user wants to have sent, until the server has shown it or refused it.
 *
 * `nonce` is its own name for it, the same however often it is sent. `message` is the id of what is answered, edited,
 * deleted or reacted to; `text` then is the new text, the reason or the reaction.
 */
export interface Outgoing {
  nonce: string;
  target: string;
  text: string;
  createdMs: number;
  action: Action;
  kind: Kind;
  message: string;
  /** An answer that is to be shown in its thread alone. */
  inThread?: boolean;
  delivery: Delivery;
  error: string;
  /** It was sent on a connection that ended before an answer came. */
  isUncertain: boolean;
}

/** Somebody under a nickname, as far as the server has told. */
export class Person {
  user = "";
  host = "";
  account = "";
  realName = "";
  isAway = false;
  awayText = "";
  isBot = false;
  isOperator = false;
  /** Null where nobody has told. */
  isOnline: boolean | null = null;
  /** On the server: guest, member, moderator or admin; empty while it is not known. */
  role = "";
  /** When somebody who is offline was last connected; 0 if that is not told. */
  lastSeenMs = 0;
  readonly metadata = new Map<string, string>();

  constructor(public nick: string) {}

  get displayName(): string {
    return this.metadata.get("display-name") || this.nick;
  }
}

/** Somebody in a room; `ranks` are prefixes such as `@+`, the highest first. */
export interface Member {
  person: Person;
  ranks: string;
}

/** What happened to a message after it was said. */
export interface Amendment {
  action: Action;
  by: string;
  text: string;
  timeMs: number;
  /** Without it, whether the message mentions its user stays as it was. */
  isMention?: boolean;
}

/** The metadata of a room that names its pinned messages: their ids with spaces between them, the latest first. */
export const PINS = "hubbub/pins";
/** A server's value of metadata may have 300 bytes. */
export const PINS_MAX = 20;

/** A room, or what one says with one person privately. */
export class Conversation {
  readonly timeline = new Timeline<Message>();
  /** What is written here and was not sent. */
  readonly drafting = new Draft();
  /** What is being said here and was not shown yet, oldest first. */
  pending: Outgoing[] = [];
  /** Folded nickname → member, online or not; empty of what is no room. Whoever shows who is there takes `present`. */
  members = new Map<string, Member>();
  /** The members who are offline were requested. */
  hasAskedMembers = false;
  /** All of them are in `members`; otherwise those who are offline may be missing. */
  hasAllMembers = false;
  /** A conversation of several people, which is a room to the server. */
  isGroupChat = false;
  /** Folded name → name of all who are in a group chat, connected or not. */
  readonly participants = new Map<string, string>();
  topic = "";
  topicBy = "";
  modes = "";
  isJoined = false;
  /** One has asked for the room and is not let in yet. */
  isRequested = false;
  /** Up to when its user has read it, on any of their clients. */
  readMs = 0;
  unread = 0;
  mentions = 0;
  /** Nickname → until when it counts as typing. */
  readonly typing = new Map<string, number>();
  readonly metadata = new Map<string, string>();
  /** Id of a root → its thread, the one heard of longest ago first. */
  readonly threads = new Map<string, Thread>();
  /** Message id → what happened to a message that is not known yet. */
  readonly orphans = new Map<string, Amendment[]>();
  /** `readMs` is known: by the server's marker, or since somebody has read here. */
  isMarked = false;
  /** When one came into the room first, by the server's clock. */
  joinedMs = 0;
  /** The last message that was known when the connection ended, until what was said meanwhile is there. */
  seam: Message | null = null;
  /** Something was said since that came live. */
  hasResumed = false;
  /** What one came into the room with, to come in again. */
  key = "";
  /** What was said while its user was not connected is there. */
  isCaughtUp = false;
  /** Who is kept out of the room, as far as the list was asked for. */
  bans: readonly { mask: string; by: string }[] = [];

  constructor(
    public name: string,
    readonly isRoom: boolean,
  ) {}

  /** Whether it is listed beside people, and each message in it counts as a mention. */
  get isAmongPeople(): boolean {
    return this.isGroupChat || !this.isRoom;
  }

  /** The members who are online, as far as that is known. */
  get present(): Member[] {
    return [...this.members.values()].filter(({ person }) => person.isOnline !== false);
  }

  /** The members who are offline. */
  get absent(): Member[] {
    return [...this.members.values()].filter(({ person }) => person.isOnline === false);
  }

  /** A message that is known, in the conversation or in one of its threads. */
  find(id: string): Message | undefined {
    const found = this.timeline.find(id);
    if (found || !id) return found;
    for (const thread of this.threads.values()) {
      const known = thread.message?.id === id ? thread.message : thread.find(id);
      if (known) return known;
    }
    return undefined;
  }

  /** The ids of the pinned messages, the latest first. */
  get pins(): readonly string[] {
    return (this.metadata.get(PINS) ?? "").split(" ").filter(Boolean);
  }

  /** The first message that others have said since the read marker, of those that are known. */
  firstUnread(): Message | undefined {
    return this.timeline.since(this.readMs).find((message) => message.isTalk && !message.isOwn);
  }
}
