/** The browser's storage: identity, drafts, preferences, and each conversation's last messages for when there is no network. */

import type { Client } from "../core/client";
import type { StoredDraft } from "../core/draft";
import { type Conversation, type Kind, Message, type Outgoing } from "../core/chatModel";
import type { NotificationLevel } from "./notifications";

const KEEP_MESSAGES = 150;

export interface StoredIdentity {
  nick: string;
  token?: string;
  /** What the token is called in the list of one's account. */
  device?: string;
  /** There is no token for the account: one comes back with the password only. */
  mustProve?: boolean;
}

/** Choices of this browser. */
export interface Preferences {
  theme: "system" | "light" | "dark";
  language: string;
  enterSends: boolean;
  /** What links lead to is shown. */
  previews: boolean;
  showHappenings: boolean;
  notify: boolean;
  sound: boolean;
  /** Nothing is told of, whatever is said. */
  quiet: boolean;
  /** Conversation → what is told of it, where that was said. */
  levels: Record<string, NotificationLevel>;
  sidebar: boolean;
  members: boolean;
  /** Tone of skin of the emoji that have one: from 1, the lightest, to 5; 0 for the usual yellow. */
  tone: number;
  /** Emoji that were chosen last, the latest first. */
  emoji: string[];
}

export const DEFAULTS: Preferences = {
  theme: "system", language: "", enterSends: true, previews: true, showHappenings: true, notify: false, sound: false, quiet: false, levels: {}, sidebar: true, members: true, tone: 0, emoji: [],
};

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(`hubbub.${key}`) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** A browser that keeps nothing, or is full, loses nothing but comfort. */
function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`hubbub.${key}`);
    else localStorage.setItem(`hubbub.${key}`, JSON.stringify(value));
  } catch {
    return;
  }
}

export const identity = {
  get: (): StoredIdentity | null => read<StoredIdentity>("identity"),
  set: (value: StoredIdentity | null) => write("identity", value),
};

export const preferences = {
  get: (): Preferences => ({ ...DEFAULTS, ...read<Partial<Preferences>>("choices") }),
  set: (value: Preferences) => write("choices", value),
};

/** What is kept under one key each, so that two tabs never write over each other's. */
function keysOf(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`hubbub.${prefix}`)).map((key) => key.slice("hubbub.".length));
  } catch {
    return [];
  }
}

export const drafts = {
  get: () => Object.fromEntries(keysOf("draft.").map((key) => [key.slice("draft.".length), read<string>(key) ?? ""])),
  set: (name: string, text: string) => write(`draft.${name}`, text || null),
  /** What the server knew of it. */
  known: (name: string): StoredDraft | null => read<StoredDraft>(`drafted.${name}`),
  note: (name: string, known: StoredDraft | null) => write(`drafted.${name}`, known),
};

/** What is still to be sent survives the page's end. Each tab has its own, until another takes it over. */
export const outbox = {
  tabs: () => new Set(keysOf("outbox.").map((key) => key.split(".")[1] ?? "")),
  put: (tab: string, entry: Outgoing) => write(`outbox.${tab}.${entry.nonce}`, entry),
  drop: (tab: string, nonce: string) => write(`outbox.${tab}.${nonce}`, null),
  /** Give one tab what another had; nonces sort by time. */
  take(from: string, to: string): Outgoing[] {
    const found = keysOf(`outbox.${from}.`).sort().flatMap((key) => read<Outgoing>(key) ?? []);
    for (const entry of found) {
      outbox.put(to, entry);
      outbox.drop(from, entry.nonce);
    }
    return found;
  },
};

/** A change that another tab has made. */
export type OtherTabChange = { kind: "draft"; name: string; text: string } | { kind: "outbox"; tab: string };

export function onOtherTabChange(hear: (change: OtherTabChange) => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    const draft = /^hubbub\.draft\.([^]+)$/.exec(key ?? "")?.[1];
    const tab = /^hubbub\.outbox\.([^.]+)\./.exec(key ?? "")?.[1];
    if (draft) hear({ kind: "draft", name: draft, text: read<string>(`draft.${draft}`) ?? "" });
    else if (tab && newValue !== null) hear({ kind: "outbox", tab });
  });
}

/** All tabs once wrote into one key; what stands there is no tab's that is there. */
function migrateSharedKeys(): void {
  for (const [name, text] of Object.entries(read<Record<string, string>>("drafts") ?? {})) drafts.set(name, text);
  for (const entry of read<Outgoing[]>("outbox") ?? []) outbox.put("before", entry);
  write("drafts", null);
  write("outbox", null);
}

migrateSharedKeys();

// What was said: in a database, since it is more than fits elsewhere

interface StoredMessage {
  kind: Kind;
  sender: string;
  text: string;
  timeMs: number;
  id: string;
  isOwn: boolean;
  isMention: boolean;
  isBot: boolean;
  replyTo: string;
  /** Not there in what pages of before have kept. */
  content?: string;
  editedMs: number;
  deletedBy: string | null;
  reactions: [string, string[]][];
}

interface StoredConversation {
  name: string;
  isRoom: boolean;
  topic: string;
  readMs: number;
  joinedMs: number;
  messages: StoredMessage[];
}

/** Whose all that is, and which conversations there are. */
interface StoredOverview {
  nick: string;
  network: string;
  names: string[];
}

let opened: IDBDatabase | null = null;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("hubbub", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("chat");
    opening.onsuccess = () => {
      opened = opening.result;
      resolve(opened);
    };
    opening.onerror = () => reject(opening.error ?? new Error("no database"));
  });
}

/** Once the database is open, what is asked is on its way when this returns: also of a page that is about to go. */
async function transact<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const request = act((opened ?? (await open())).transaction("chat", mode).objectStore("chat"));
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("the database refused"));
    });
  } catch {
    return undefined;
  }
}

/** Keep which conversations there are, and what was said in those that have changed. */
export async function saveConversations(client: Client, network: string, changed: Iterable<Conversation>): Promise<void> {
  const names = [...client.conversations.values()].map(({ name }) => name);
  const writing = [transact("readwrite", (store) => store.put({ nick: client.registration.identity.nick, network, names } satisfies StoredOverview, "last"))];
  for (const one of changed) writing.push(transact("readwrite", (store) => store.put(keptConversation(one), `in ${one.name}`)));
  await Promise.all(writing);
}

function keptConversation(one: Conversation): StoredConversation {
  return {
    name: one.name, isRoom: one.isRoom, topic: one.topic, readMs: one.isMarked ? one.readMs : 0, joinedMs: one.joinedMs,
    messages: one.timeline.messages.slice(-2 * KEEP_MESSAGES).filter((message) => message.id).slice(-KEEP_MESSAGES).map(keptMessage),
  };
}

function keptMessage(one: Message): StoredMessage {
  const { kind, sender, text, timeMs, id, isOwn, isMention, isBot, replyTo, content, editedMs } = one;
  const deletedBy = one.isDeleted ? one.deletedBy : null;
  return { kind, sender, text, timeMs, id, isOwn, isMention, isBot, replyTo, content, editedMs, deletedBy, reactions: [...one.reactions] };
}

/** Put what was known last into a client that has not connected yet. The network's name, or null where nothing was kept. */
export async function restoreConversations(client: Client): Promise<string | null> {
  const kept = (await transact("readonly", (store) => store.get("last"))) as StoredOverview | undefined;
  if (!kept || kept.nick.toLowerCase() !== client.nick.toLowerCase() || client.conversations.size) return null;
  const reading = kept.names.map((name) => transact("readonly", (store) => store.get(`in ${name}`)));
  for (const one of (await Promise.all(reading)) as (StoredConversation | undefined)[]) {
    if (!one) continue;
    const conversation = client.open(one.name);
    conversation.topic = one.topic;
    conversation.readMs = one.readMs;
    conversation.isMarked = one.readMs > 0;
    conversation.joinedMs = one.joinedMs;
    for (const message of one.messages) conversation.timeline.append(recalled(message));
    conversation.seam = conversation.timeline.newestKnown() ?? null;
    client.readMarkers.recount(conversation);
  }
  return kept.network;
}

function recalled(kept: StoredMessage): Message {
  const message = new Message(kept.kind, kept.sender, kept.text, kept.timeMs);
  const { id, isOwn, isMention, isBot, replyTo, content = "", editedMs } = kept;
  Object.assign(message, { id, isOwn, isMention, isBot, replyTo, content, editedMs });
  for (const [reaction, nicks] of kept.reactions) for (const nick of nicks) message.vote(reaction, nick, kept.timeMs, true);
  if (kept.deletedBy !== null) message.delete(kept.deletedBy);
  return message;
}

/** Forget everything that belongs to somebody. */
export async function clearAll(): Promise<void> {
  identity.set(null);
  for (const key of [...keysOf("draft."), ...keysOf("drafted."), ...keysOf("outbox.")]) write(key, null);
  await transact("readwrite", (store) => store.clear());
}
