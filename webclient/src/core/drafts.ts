/** Drafts: the text in the box of each conversation, kept the same on all devices of an account (hubbub/drafts). */

import type { Batch } from "./batches";
import type { Client } from "./client";
import type { StoredDraft } from "./draft";
import type { Conversation } from "./chatModel";
import { type OutgoingLine, PendingRequest } from "./pendingRequests";
import { cleanLines, split } from "./safeText";
import { byteLength, isName, type Line, param, roomBytes } from "./ircLine";

const CAPABILITY = "hubbub/drafts";
const NONE = "*";
/** What a server may put before a line of ours when it shows it again. */
const SOURCE_BYTES = 110;

/** Tells the server of what stands in the boxes, and the boxes of what the server has. */
export class Drafts {
  /** What was kept of a conversation's draft when the page was left. */
  recall: (name: string) => { text: string; known: StoredDraft | null } = () => ({ text: "", known: null });
  private isAsked = false;
  private isListed = false;
  private readonly told = new Set<string>();
  /** Folded name → what stood there a moment ago: only what stays the same is sent. */
  private readonly seen = new Map<string, string>();

  constructor(private readonly client: Client) {}

  opened(conversation: Conversation): void {
    const { text, known } = this.recall(conversation.name);
    conversation.drafting.restore(text, known);
  }

  private get areShared(): boolean {
    return this.client.isHere && this.client.account !== "" && this.client.server.has(CAPABILITY);
  }

  /** Ask for all drafts of one's account. */
  comeIn(): void {
    if (!this.areShared || this.isAsked) return;
    this.isAsked = true;
    this.told.clear();
    this.client.requests.ask(new PendingRequest("DRAFT", null, (request) => this.listed(request), true), { verb: "DRAFT", params: [] });
  }

  private listed(request: PendingRequest): void {
    this.isListed = !request.isRefused;
    for (const [key, conversation] of this.client.conversations) if (!this.told.has(key)) conversation.drafting.absent();
  }

  /** `DRAFT <target> <version> <since> :<text>`, or the opening of a batch with the same. */
  took(line: Line, text: string): void {
    const { client } = this;
    const start = line.verb === "BATCH" ? 2 : 0;
    const target = param(line, start);
    if (!isName(target)) return;
    this.told.add(client.fold(target));
    const conversation = client.find(target) ?? (text && !client.server.isRoom(target) ? client.open(target) : null);
    if (!conversation) return;
    const { drafting } = conversation;
    const [version, since] = [param(line, start + 1).replace(NONE, ""), param(line, start + 2).replace(NONE, "")];
    const request = client.requests.current;
    const isOurs = request?.command === "DRAFT" && request.conversation === conversation && drafting.underWay !== null;
    const isChanged = isOurs ? drafting.answered(version, since, cleanLines(text)) : drafting.heard(version, since, cleanLines(text));
    if (isChanged) client.happened({ type: "draft-changed", conversation });
  }

  /** One of several lines. */
  tookBatch(batch: Batch): void {
    const text = batch.lines.reduce(
      (before, line, at) => before + (at && line.tags["draft/multiline-concat"] === undefined ? "\n" : "") + param(line, 1), "",
    );
    this.took(batch.opening, text);
  }

  /** Send what has stood there for a moment. */
  tick(): void {
    for (const [key, conversation] of this.client.conversations) {
      const { text } = conversation.drafting;
      const isPaused = this.seen.get(key) === text;
      this.seen.set(key, text);
      if (isPaused || !text) this.send(conversation);
    }
  }

  /** Its user leaves the page. */
  sendAll(): void {
    for (const conversation of this.client.conversations.values()) this.send(conversation);
  }

  /** Send now what is not sent: its user leaves the conversation, or has sent the message. What the server has comes first. */
  send(conversation: Conversation): void {
    if (!this.areShared || !this.isListed || (conversation.isRoom && !conversation.isJoined)) return;
    const { drafting } = conversation;
    if (drafting.showWaiting()) this.client.happened({ type: "draft-changed", conversation });
    const change = drafting.change();
    if (!change) return;
    const request = new PendingRequest("DRAFT", conversation, () => {
      if (drafting.underWay !== null) drafting.turnedDown();
    }, true);
    this.client.requests.ask(request, ...this.lines(conversation.name, ...change));
  }

  private lines(target: string, base: string, text: string): OutgoingLine[] {
    const params = [target, base || NONE];
    const room = roomBytes("PRIVMSG", ...params) - SOURCE_BYTES;
    if (!text.includes("\n") && byteLength(text) <= room) return [{ verb: "DRAFT", params: [...params, text] }];
    const reference = `d${this.client.entropy()}`;
    const pieces = text.split("\n").flatMap((written) => split(written, room).map((piece, at) => {
      const tags: Record<string, string> = { batch: reference };
      if (at) tags["draft/multiline-concat"] = "";
      return { verb: "PRIVMSG", params: [target, piece], tags };
    }));
    return [
      { verb: "BATCH", params: [`+${reference}`, CAPABILITY, ...params] }, ...pieces, { verb: "BATCH", params: [`-${reference}`] },
    ];
  }

  disconnected(): void {
    this.isAsked = this.isListed = false;
    for (const { drafting } of this.client.conversations.values()) drafting.cut();
  }
}
