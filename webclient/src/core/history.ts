/** History: pages asked for one at a time, gaps closed after a reconnection, and messages shown in their context. */

import { type Batch, type Item, openingOf } from "./batches";
import type { Client } from "./client";
import type { Conversation, Message } from "./chatModel";
import { amend, isAmendment, read } from "./messageParser";
import { PendingRequest } from "./pendingRequests";
import { formatTime, isName, param, parseTime } from "./ircLine";

/** After how many pages a gap is left for whoever looks at it. */
const CATCH_UP_PAGES_MAX = 20;
const PATIENCE_MS = 30_000;
/** Conversations in which something was said in this time are opened on coming in. */
const ABSENCE_MS_MAX = 30 * 86_400_000;
const CONVERSATIONS_MAX = 50;
const HISTORY_END = "draft/chathistory-end";

/**
 * One page that is wanted: how it is asked for, and what is known of its edges.
 *
 * `gap` is the message before which something is missing that this page may close; `until` is called at the end.
 * Selectors by time take in what shares a millisecond with the message that they stand for, since only a part of it
 * may be known; `exact` are the ones to go on with where all of the page is known.
 */
interface Page {
  conversation: Conversation;
  subcommand: "LATEST" | "BEFORE" | "AFTER" | "BETWEEN" | "AROUND";
  selectors: readonly string[];
  joinsNewer: boolean;
  gap: Message | null;
  pagesLeft: number;
  until: (() => void) | null;
  exact: readonly string[];
  lines: number;
  fresh: number;
  /** Whether the server has said that there is nothing more in this direction. */
  isLast: boolean;
}

/** A message at the edge of what is wanted, and by how many milliseconds its time is widened. */
type Edge = readonly [message: Message, widenedMs: number];

/** Asks for pages, the urgent ones first, and puts what comes into the timelines. */
export class History {
  private wanted: Page[] = [];
  private asked: { page: Page; request: PendingRequest } | null = null;

  constructor(private readonly client: Client) {}

  get isPossible(): boolean {
    return this.client.server.historyLimit > 0;
  }

  clear(): void {
    this.wanted = [];
    this.asked = null;
  }

  /** Whether a page of this conversation is on its way, or wanted. */
  isBusy(conversation: Conversation): boolean {
    return this.pages().some((page) => page.conversation === conversation);
  }

  // What is wanted

  /** The newest messages, and after a reconnection all that were said meanwhile. */
  catchUp(conversation: Conversation): void {
    if (!this.isPossible) {
      conversation.timeline.isWhole = true;
      this.caughtUp(conversation);
      return;
    }
    const { seam } = conversation;
    this.want(
      page(conversation, "LATEST", [seam ? this.reference(seam, -1) : "*"], {
        gap: seam,
        pagesLeft: seam ? CATCH_UP_PAGES_MAX : 0,
        until: () => this.caughtUp(conversation),
      }),
    );
  }

  private caughtUp(conversation: Conversation): void {
    conversation.isCaughtUp = true;
    conversation.seam = null;
    this.client.readMarkers.recount(conversation);
    this.client.happened({ type: "history-loaded", conversation, messages: [] });
    this.client.outbox.pump();
    // Of an earlier catching up, which another end of the connection has cut short.
    for (const gap of this.isPossible ? conversation.timeline.gaps() : []) {
      const older = conversation.timeline.before(gap);
      if (older) this.want(this.between(conversation, older, gap, CATCH_UP_PAGES_MAX, null));
    }
  }

  /** Ask for what is before the oldest message; whether there may be any. */
  older(conversation: Conversation): boolean {
    const { timeline } = conversation;
    const oldest = timeline.messages[0];
    if (timeline.isWhole || !this.isPossible || !this.client.isHere) return false;
    if (this.isWanted(conversation, "BEFORE") || !conversation.isCaughtUp) return true;
    if (!oldest) return false;
    const anchor = timeline.messages.find((message) => message.id) ?? oldest;
    this.want(page(conversation, "BEFORE", ...this.selectors([anchor, 1])), true);
    return true;
  }

  /** Ask for what is missing before a message, the newest of it first. */
  closeGap(conversation: Conversation, message: Message): void {
    const older = conversation.timeline.before(message);
    if (!message.followsGap || !older || !this.isPossible || this.isWanted(conversation, "BETWEEN")) return;
    this.want(this.between(conversation, older, message, 1, null), true);
  }

  /** Ask for what was said after a message behind which there is a gap. */
  closeGapFromBelow(conversation: Conversation, message: Message): void {
    const { timeline } = conversation;
    const newer = timeline.messages[timeline.index(message) + 1];
    if (!newer?.followsGap || !message.id || !this.isPossible || this.isWanted(conversation, "AFTER")) return;
    const [selectors, more] = this.selectors([message, -1]);
    this.want(page(conversation, "AFTER", selectors, { ...more, joinsNewer: false, gap: newer }), true);
  }

  /** Ask for a message with what was said before and after it. */
  around(conversation: Conversation, messageId: string, until: () => void): void {
    this.want(page(conversation, "AROUND", [`msgid=${messageId}`], { joinsNewer: false, until }), true);
  }

  private between(
    conversation: Conversation, older: Message, newer: Message, pages: number, until: (() => void) | null,
  ): Page {
    const { messages } = conversation.timeline;
    const at = conversation.timeline.index(newer);
    const upper = messages.slice(at).find((message) => message.id) ?? newer;
    const lower = messages.slice(0, at).findLast((message) => message.id) ?? older;
    const [selectors, more] = this.selectors([upper, 1], [lower, -1]);
    return page(conversation, "BETWEEN", selectors, { ...more, gap: newer, pagesLeft: pages - 1, until });
  }

  /** What stands for messages and their milliseconds, widened so; and without, where that is something else. */
  private selectors(...edges: readonly Edge[]): [readonly string[], Pick<Page, "exact">] {
    const wide = edges.map(([message, widenedMs]) => this.reference(message, widenedMs));
    const exact = edges.map(([message]) => this.reference(message));
    return [wide, { exact: wide.every((selector, at) => selector === exact[at]) ? [] : exact }];
  }

  private reference(message: Message, widenedMs = 0): string {
    const types = this.client.server.support.get("MSGREFTYPES") ?? "msgid";
    if (message.id && types.includes("msgid")) return `msgid=${message.id}`;
    return `timestamp=${formatTime(message.timeMs + widenedMs)}`;
  }

  private pages(): Page[] {
    return this.asked ? [...this.wanted, this.asked.page] : this.wanted;
  }

  private isWanted(conversation: Conversation, subcommand: Page["subcommand"]): boolean {
    return this.pages().some((one) => one.conversation === conversation && one.subcommand === subcommand);
  }

  private want(one: Page, urgent = false): void {
    if (urgent) this.wanted.unshift(one);
    else this.wanted.push(one);
    this.pump();
  }

  /** What is wanted for this conversation comes before the rest: somebody looks at it. */
  first(conversation: Conversation): void {
    const isOther = (one: Page) => Number(one.conversation !== conversation);
    this.wanted.sort((a, b) => isOther(a) - isOther(b));
  }

  /** Ask for the next page, if none is on its way. */
  private pump(): void {
    if (this.asked || !this.client.isHere) return;
    const next = this.wanted.shift();
    if (!next) return;
    const request = new PendingRequest("CHATHISTORY", next.conversation, (one) => this.answered(one), true);
    this.asked = { page: next, request };
    const params = [next.subcommand, next.conversation.name, ...next.selectors, String(this.client.server.historyLimit)];
    this.client.requests.ask(request, { verb: "CHATHISTORY", params });
  }

  /** A page that does not come is given up. */
  tick(): void {
    const request = this.asked?.request;
    if (!request || this.client.nowMs - request.askedMs <= PATIENCE_MS) return;
    this.client.requests.drop(request);
    request.refuse("TIMEOUT", "The server does not answer.");
    this.answered(request);
  }

  // What comes

  /** A batch `chathistory` has come: read it into its conversation. */
  took(batch: Batch): void {
    const target = batch.params[0] ?? "";
    const asked = this.asked && this.client.fold(target) === this.client.fold(this.asked.page.conversation.name) ? this.asked.page : null;
    if (!asked && !isName(target)) return;
    const conversation = asked?.conversation ?? this.client.open(target);
    const messages = this.read(batch, conversation);
    const fresh = conversation.timeline.merge(messages, {
      newer: asked?.joinsNewer ?? true,
      older: asked?.subcommand === "AFTER",
    });
    if (asked) {
      asked.lines += batch.items.length;
      asked.fresh += fresh.length;
      asked.isLast = HISTORY_END in batch.opening.tags;
    }
    if (!fresh.length) return;
    this.client.readMarkers.recount(conversation);
    this.client.happened({ type: "history-loaded", conversation, messages: fresh });
  }

  /** The messages of a batch, with what has happened to them; other changes wait until their message is known. */
  read(batch: Batch, conversation: Conversation): Message[] {
    const found: Message[] = [];
    const changes: Item[] = [];
    for (const item of batch.items) {
      if (isAmendment(openingOf(item))) {
        changes.push(item);
        continue;
      }
      const message = read(this.client, item);
      if (!message) continue;
      const known = conversation.find(message.id) ?? twin(conversation, message);
      if (known) [known.root, known.summary] = [message.root || known.root, message.summary];
      found.push(known ?? message);
      if (!known) this.client.messages.adopt(conversation, message);
    }
    for (const message of found) this.client.threads.tookMessage(conversation, message);
    // After the messages: a page may hold a change before what it changes, and none is in the timeline yet.
    const page = new Map(found.filter((message) => message.id).map((message) => [message.id, message]));
    for (const item of changes) amend(this.client, conversation, item, page);
    return found;
  }

  private answered(request: PendingRequest): void {
    if (this.asked?.request !== request) return;
    const done = this.asked.page;
    this.asked = null;
    if (!this.goesOn(done, request)) done.until?.();
    this.pump();
  }

  /** Whether another page was asked for in place of the end of this one. */
  private goesOn(done: Page, request: PendingRequest): boolean {
    const { conversation } = done;
    if (request.isRefused) return done.subcommand === "LATEST" && done.selectors[0] !== "*" && this.byTime(done);
    if (done.lines === 0 || done.isLast) {
      this.nothingMore(done);
      return false;
    }
    if (done.exact.length && !done.fresh) {
      this.wanted.unshift({ ...done, selectors: done.exact, exact: [], lines: 0, isLast: false });
      return true;
    }
    if (done.subcommand === "AROUND" || done.subcommand === "AFTER" || done.pagesLeft <= 0) return false;
    const gap = this.openGap(done);
    const older = gap && conversation.timeline.before(gap);
    if (!gap || !older) return false;
    this.wanted.unshift(this.between(conversation, older, gap, done.pagesLeft, done.until));
    return true;
  }

  /** The message that was the last is not there any more: ask by its time instead. */
  private byTime(done: Page): boolean {
    if (!done.gap || done.selectors[0]?.startsWith("timestamp=")) return false;
    // With what shares its millisecond, of which only a part may be known.
    const selectors = [`timestamp=${formatTime(done.gap.timeMs - 1)}`];
    this.wanted.unshift({ ...done, selectors, lines: 0, fresh: 0, isLast: false });
    return true;
  }

  private nothingMore(done: Page): void {
    const { conversation } = done;
    const gap = done.gap && this.openGap(done);
    if (done.subcommand === "BEFORE" || done.selectors[0] === "*") conversation.timeline.isWhole = true;
    else if (gap) gap.followsGap = false;
    else return;
    this.client.happened({ type: "history-loaded", conversation, messages: [] });
  }

  /** The gap that a page is about: after the seam for LATEST, at or before the page's own message else. */
  private openGap(done: Page): Message | undefined {
    if (!done.gap) return undefined;
    const { messages } = done.conversation.timeline;
    const at = done.conversation.timeline.index(done.gap);
    if (done.subcommand === "LATEST") return messages.slice(at + 1).find((message) => message.followsGap);
    return messages.slice(0, at + 1).findLast((message) => message.followsGap);
  }

  // Who has written while one was away

  /** Ask with whom something was said lately; these conversations are opened. */
  findConversations(): void {
    if (!this.isPossible) return;
    const now = this.client.nowMs;
    const span = [Math.max(now - ABSENCE_MS_MAX, 0), now + 86_400_000].map((time) => `timestamp=${formatTime(time)}`);
    const params = ["TARGETS", ...span, String(CONVERSATIONS_MAX)];
    this.client.requests.ask(new PendingRequest("CHATHISTORY", null, null, true), { verb: "CHATHISTORY", params });
  }

  /** `CHATHISTORY TARGETS <name> <time of the last message>`. */
  tookTargets(batch: Batch): void {
    for (const line of batch.lines) {
      const name = param(line, 1);
      const lastMs = parseTime(param(line, 2).replace(/^timestamp=/, ""));
      if (!isName(name) || this.client.server.isRoom(name) || lastMs === null) continue;
      const conversation = this.client.open(name);
      this.client.readMarkers.ask(conversation);
      if (!conversation.isCaughtUp) this.catchUp(conversation);
    }
  }
}

function page(
  conversation: Conversation, subcommand: Page["subcommand"], selectors: readonly string[], more: Partial<Page> = {},
): Page {
  const usual = { joinsNewer: true, gap: null, pagesLeft: 0, until: null, exact: [], lines: 0, fresh: 0, isLast: false };
  return { conversation, subcommand, selectors, ...usual, ...more };
}

/** The same thing, known already, where the server has no id for it: a line that belongs to another one. */
function twin(conversation: Conversation, message: Message): Message | undefined {
  if (message.id) return undefined;
  return conversation.timeline
    .since(message.timeMs - 1)
    .find(
      (other) =>
        !other.id &&
        other.timeMs === message.timeMs &&
        other.kind === message.kind &&
        other.sender === message.sender &&
        other.text === message.text &&
        other.subject === message.subject,
    );
}
