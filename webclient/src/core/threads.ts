/** Threads: messages with the replies to them, which its user reads apart from the room and follows (hubbub/threads). */

import { Batch } from "./batches";
import type { Conversation, Message } from "./chatModel";
import type { Client } from "./client";
import { isName, type Line, param } from "./ircLine";
import { read } from "./messageParser";
import { PendingRequest } from "./pendingRequests";

const CAPABILITY = "hubbub/threads";
/** The metadata of a room that says where replies are shown: `apart` is in their threads alone. */
const SETTING = "hubbub/threads";
/** The most threads of one conversation that are known at once; the one heard of longest ago makes room. */
const THREADS_MAX = 2_000;
const NONE = "*";
const END = "draft/chathistory-end";

/** A message, by the id of which it is known, and the replies to it. */
export class Thread {
  /** The root, if it is known. */
  message: Message | null = null;
  count = 0;
  /** The id of the last reply; empty if there is none. */
  last = "";
  lastMs = 0;
  /** Who has written last; at most three. */
  names: readonly string[] = [];
  isFollowing = false;
  unread = 0;
  /** The id up to which its user has read. */
  read = "";
  /** The replies that are loaded, in the order of their ids. */
  replies: Message[] = [];
  /** The newest page is loaded, and live replies continue it. */
  isLoaded = false;
  /** The oldest reply is loaded. */
  isWhole = false;
  isLoading = false;

  constructor(readonly root: string) {}

  /** Take over a summary, as a line or a tag has it. */
  summarize(count: string, last: string, lastMs: string, names: readonly string[]): void {
    this.count = whole(count, 9);
    this.last = last === NONE ? "" : last;
    this.lastMs = whole(lastMs, 15);
    this.names = names.filter(Boolean);
  }

  /** The reply of this id, if it is loaded. */
  find(id: string): Message | undefined {
    const found = this.replies[this.place(id)];
    return found?.id === id ? found : undefined;
  }

  /** Put a reply in its place; whether it is new. */
  add(message: Message): boolean {
    if (this.find(message.id)) return false;
    this.replies.splice(this.place(message.id), 0, message);
    return true;
  }

  private place(id: string): number {
    let [low, high] = [0, this.replies.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.replies[middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What the server tells of threads, and what its user does with them. */
export class Threads {
  /** The followed threads as far as they are listed, those with the newest replies first. */
  followed: { conversation: Conversation; thread: Thread }[] = [];
  /** How many followed threads had unread replies when they were listed. */
  unread = 0;
  private cursor = "";

  constructor(private readonly client: Client) {}

  get isPossible(): boolean {
    return this.client.server.has(CAPABILITY);
  }

  /** The list goes on. */
  get hasMore(): boolean {
    return this.cursor !== "" && this.cursor !== NONE;
  }

  /** Replies may be missed from here on: threads are loaded anew when they are looked at. */
  disconnected(): void {
    for (const { threads } of this.client.conversations.values()) {
      for (const thread of threads.values()) thread.isLoaded = thread.isLoading = false;
    }
  }

  /** The thread that a message begins or belongs to, if there is one. */
  find(conversation: Conversation, message: Message): Thread | undefined {
    return conversation.threads.get(message.root || message.id);
  }

  /** The thread of this root; one that nobody has replied in yet begins with the first reply. */
  open(conversation: Conversation, root: string): Thread {
    const thread = conversation.threads.get(root) ?? new Thread(root);
    conversation.threads.delete(root);
    conversation.threads.set(root, thread);
    thread.message ??= conversation.timeline.find(root) ?? null;
    const [first] = conversation.threads.keys();
    if (conversation.threads.size > THREADS_MAX && first !== undefined) conversation.threads.delete(first);
    return thread;
  }

  // What the server tells

  /** A message was said, or stands in the history: note what it has to do with threads. */
  tookMessage(conversation: Conversation, message: Message, isLive = false): void {
    if (message.summary) {
      const thread = this.open(conversation, message.id);
      thread.message = message;
      const [count = "", last = "", lastMs = "", ...names] = message.summary.split(",");
      thread.summarize(count, last, lastMs, names);
    }
    if (message.replyTo && !message.root && message.isTalk && this.isPossible) {
      const parent = conversation.find(message.replyTo);
      message.root = parent ? parent.root || parent.id : "";
    }
    if (isLive && message.root) this.add(conversation, message);
  }

  private add(conversation: Conversation, message: Message): void {
    const thread = conversation.threads.get(message.root);
    if (thread?.isLoaded && message.id && thread.add(message)) this.changed(conversation, thread);
  }

  private changed(conversation: Conversation, thread: Thread): void {
    this.client.happened({ type: "thread-changed", conversation, thread });
  }

  /** `THREAD <target> <root> <count> <last> <last ms> :<names>`: also of which thread the last reply is. */
  told(line: Line): { conversation: Conversation; thread: Thread } | null {
    const conversation = this.conversation(param(line, 0));
    const root = param(line, 1);
    if (!conversation || !root) return null;
    const thread = this.open(conversation, root);
    thread.summarize(param(line, 2), param(line, 3), param(line, 4), param(line, 5).split(" "));
    const message = conversation.timeline.find(thread.last);
    if (message && !message.root) {
      message.root = root;
      this.add(conversation, message);
    }
    this.changed(conversation, thread);
    return { conversation, thread };
  }

  /** `THREADREAD <target> <root> <read> <unread> following|not`. */
  readTold(line: Line): void {
    const conversation = this.conversation(param(line, 0));
    const root = param(line, 1);
    if (!conversation || !root) return;
    const thread = this.open(conversation, root);
    thread.read = param(line, 2).replace(NONE, "");
    thread.unread = whole(param(line, 3), 9);
    thread.isFollowing = param(line, 4) === "following";
    this.changed(conversation, thread);
  }

  /** A room that one is in; a private conversation is opened. */
  private conversation(target: string): Conversation | undefined {
    const found = this.client.find(target);
    return found || !isName(target) || this.client.server.isRoom(target) ? found : this.client.open(target);
  }

  /** A page of a thread: the root before the newest replies, or earlier replies. */
  took(batch: Batch): void {
    const [target = "", root = ""] = batch.params;
    const conversation = this.conversation(target);
    if (!conversation || !root) return;
    const thread = this.open(conversation, root);
    const messages = this.client.history.read(batch, conversation);
    if (!thread.isLoaded) {
      thread.replies = [];
      thread.isLoaded = true;
      thread.isWhole = false;
    }
    for (const message of messages) {
      if (message.id === root) {
        thread.message = message;
      } else if (message.isTalk && message.id) {
        message.root = root;
        thread.add(message);
      }
    }
    thread.isWhole ||= END in batch.opening.tags;
    this.changed(conversation, thread);
  }

  /** A page of the followed threads: each with its summary, what is unread, and its root. */
  tookList(batch: Batch): void {
    const [unread = "", cursor = ""] = batch.params;
    this.unread = whole(unread, 9);
    this.cursor = cursor;
    let found: { conversation: Conversation; thread: Thread } | null = null;
    for (const item of batch.items) {
      if (!(item instanceof Batch) && item.verb === "THREAD") {
        found = this.told(item);
        if (found && !this.followed.some(({ thread }) => thread === found?.thread)) this.followed.push(found);
      } else if (!(item instanceof Batch) && item.verb === "THREADREAD") {
        this.readTold(item);
      } else if (found) {
        const message = read(this.client, item);
        if (message) found.thread.message = found.conversation.find(message.id) ?? found.thread.message ?? message;
      }
    }
    this.client.happened({ type: "threads-listed" });
  }

  // What its user does

  /** Ask for the newest replies of a thread; of one that is loaded, for those before. */
  load(conversation: Conversation, root: string): Thread {
    const thread = this.open(conversation, root);
    if (!this.isPossible || thread.isLoading || (thread.isLoaded && thread.isWhole)) return thread;
    const before = thread.isLoaded && thread.replies[0] ? [thread.replies[0].id] : [];
    thread.isLoading = true;
    const request = new PendingRequest("THREAD", conversation, () => void (thread.isLoading = false));
    this.client.requests.ask(request, { verb: "THREAD", params: [conversation.name, root, ...before] });
    return thread;
  }

  /** Follow a thread, or no longer; the server's answer changes it. */
  follow(conversation: Conversation, root: string, following = true): void {
    const verb = following ? "FOLLOW" : "UNFOLLOW";
    this.client.requests.ask(new PendingRequest(verb, conversation), { verb, params: [conversation.name, root] });
  }

  /** The newest reply has been seen. */
  markRead(conversation: Conversation, thread: Thread): void {
    if (!this.isPossible || !thread.isFollowing || thread.last <= thread.read) return;
    thread.read = thread.last;
    thread.unread = 0;
    const params = [conversation.name, thread.root, thread.last];
    this.client.requests.ask(new PendingRequest("THREADREAD", conversation, null, true), { verb: "THREADREAD", params });
    this.changed(conversation, thread);
  }

  /** Ask for the followed threads, from the beginning or for those behind the ones that are listed. */
  askList(more = false): void {
    if (!this.isPossible || !this.client.account || (more && !this.hasMore)) return;
    if (!more) this.followed = [];
    this.client.requests.ask(new PendingRequest("THREADS"), { verb: "THREADS", params: more ? [this.cursor] : [] });
  }

  /** Replies are sent for their thread alone, unless their author wants them in the room as well. */
  isApart(conversation: Conversation): boolean {
    return this.isPossible && conversation.metadata.get(SETTING) === "apart";
  }
}

/** A server's number of at most so many digits; 0 for anything else. */
function whole(text: string, digits: number): number {
  return /^[0-9]+$/.test(text) && text.length <= digits ? Number(text) : 0;
}
