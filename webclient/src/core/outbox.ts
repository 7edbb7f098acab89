/** The outbox: what its user says waits here until the server has shown it, over any number of connections. */

import type { Client } from "./client";
import { type Conversation, type Kind, Message, type Outgoing, TALK } from "./chatModel";
import { IN_THREAD } from "./messageParser";
import { type OutgoingLine, PendingRequest } from "./pendingRequests";
import { split } from "./safeText";
import { byteLength, roomBytes } from "./ircLine";

/** How many may be sent before the first of them is answered: servers take flooding ill. */
const IN_FLIGHT_MAX = 8;
const BURST = 6;
/** How fast a server is spoken to that may end a connection for talking fast; ours lets a sender wait. */
const LINES_A_SECOND = 2;
/** How long an answer may take. */
const PATIENCE_MS = 90_000;
/** How far the server's clock and one's own may be apart. */
const CLOCKS_DIFFER_MS = 120_000;
/** What a server may put before a line of ours when it shows it to others: `:nick!user@host `. */
const SOURCE_BYTES = 110;

export const UNCERTAIN = "The connection ended before the server answered. It may have arrived.";

/** Everything that is to be sent, in its order. */
export class Outbox {
  entries: Outgoing[] = [];
  private readonly requests = new Map<PendingRequest, Outgoing>();
  private breath = BURST;
  private breathMs = 0;

  constructor(private readonly client: Client) {}

  /** Keep it until it is shown, and send it as soon as that is possible. */
  add(entry: Outgoing): void {
    this.entries.push(entry);
    const conversation = this.client.open(entry.target);
    if (entry.action === "say") conversation.pending.push(entry);
    this.changed(entry);
    this.pump();
  }

  private changed(outgoing: Outgoing): void {
    this.client.happened({ type: "outbox-changed", conversation: this.client.open(outgoing.target), outgoing });
  }

  /** Send what may be sent now; what goes to one place keeps its order. */
  pump(): void {
    if (!this.client.isHere) return;
    let inFlight = this.entries.filter((entry) => entry.delivery === "sent").length;
    const held = new Set<string>();
    for (const entry of [...this.entries]) {
      const key = this.client.fold(entry.target);
      if (inFlight >= IN_FLIGHT_MAX) return;
      if (entry.delivery !== "waiting" || held.has(key)) continue;
      if (this.mustWait(entry)) {
        held.add(key);
        continue;
      }
      if (entry.isUncertain && !this.isKnownMissing(entry)) {
        this.fail(entry, UNCERTAIN);
        continue;
      }
      const pieces = this.pieces(entry);
      if (pieces.length > 1) {
        this.replace(entry, pieces);
        this.pump();
        return;
      }
      if (!this.maySpeak()) return;
      this.send(entry);
      inFlight++;
    }
  }

  /** Whether one more line is no flood; then it is counted. */
  private maySpeak(): boolean {
    if (this.client.server.has("hubbub/send-once")) return true;
    const gained = ((this.client.nowMs - this.breathMs) / 1000) * LINES_A_SECOND;
    this.breath = Math.min(BURST, this.breath + gained);
    this.breathMs = this.client.nowMs;
    if (this.breath < 1) return false;
    this.breath--;
    return true;
  }

  /** Until its room is entered again; and where only the history tells what has arrived, until that is known. */
  private mustWait(entry: Outgoing): boolean {
    const conversation = this.client.open(entry.target);
    if (conversation.isRoom && !conversation.isJoined && this.client.isRejoining(conversation)) return true;
    const byHistory = entry.isUncertain && !this.client.server.has("hubbub/send-once");
    return byHistory && this.client.history.isPossible && !conversation.isCaughtUp;
  }

  /** Whether sending it again can't double it. */
  private isKnownMissing(entry: Outgoing): boolean {
    return entry.action !== "say" || this.client.server.has("hubbub/send-once") || this.client.history.isPossible;
  }

  /** The messages that an entry needs on this server; what was sent already is what it is. */
  private pieces(entry: Outgoing): string[] {
    if (entry.action !== "say" || entry.isUncertain) return [entry.text];
    return parts(this.client.server.multiline, entry.target, entry.kind, entry.text);
  }

  /** Several messages take the place of one; the first of them is the answer to what it answers, in a thread all of them. */
  private replace(entry: Outgoing, texts: readonly string[]): void {
    const conversation = this.client.open(entry.target);
    const fresh = texts.map((text, at) => ({
      ...entry,
      nonce: this.client.entropy(),
      text,
      message: at === 0 || entry.inThread ? entry.message : "",
    }));
    for (const entries of [this.entries, conversation.pending]) entries.splice(entries.indexOf(entry), 1, ...fresh);
    for (const one of fresh) this.changed(one);
  }

  private send(entry: Outgoing): void {
    entry.delivery = "sent";
    entry.error = "";
    const request = new PendingRequest(VERBS[entry.action], this.client.open(entry.target), (one) => this.answered(one), true);
    this.requests.set(request, entry);
    this.client.requests.ask(request, ...this.lines(entry));
    this.changed(entry);
  }

  private lines(entry: Outgoing): OutgoingLine[] {
    const { server } = this.client;
    const tags: Record<string, string> = {};
    if (server.has("hubbub/send-once") && entry.action === "say") {
      tags["hubbub/nonce"] = entry.nonce;
      if (entry.isUncertain) tags["hubbub/again"] = "";
    }
    const { target, message, text } = entry;
    switch (entry.action) {
      case "react":
      case "unreact":
        return [{ verb: "TAGMSG", params: [target], tags: { [`+draft/${entry.action}`]: text, "+reply": message } }];
      case "delete":
        return [{ verb: "REDACT", params: text ? [target, message, text] : [target, message] }];
      case "edit": {
        const room = roomBytes("EDIT", target, message) - SOURCE_BYTES;
        const batch = this.batched(entry, "hubbub/edit", [message], tags, room);
        return batch ?? [{ verb: "EDIT", params: [target, message, text] }];
      }
      case "say": {
        if (message && server.has("message-tags")) {
          tags["+reply"] = message;
          if (entry.inThread) tags[IN_THREAD] = "";
        }
        const batch = this.batched(entry, "draft/multiline", [], tags, sayRoom(target));
        return batch ?? [{ verb: verbOf(entry.kind), params: [target, wrapped(entry.kind, text)], tags }];
      }
    }
  }

  /** The lines of a batch for a text that is more than one line; null for one that is not. */
  private batched(
    entry: Outgoing, batch: string, params: readonly string[], tags: Record<string, string>, room: number,
  ): OutgoingLine[] | null {
    if (!entry.text.includes("\n") && byteLength(entry.text) <= room) return null;
    const reference = `b${entry.nonce}`;
    const lines: OutgoingLine[] = [{ verb: "BATCH", params: [`+${reference}`, batch, entry.target, ...params], tags }];
    for (const text of entry.text.split("\n")) {
      split(text, room).forEach((piece, place) => {
        const inside: Record<string, string> = { batch: reference };
        if (place) inside["draft/multiline-concat"] = "";
        lines.push({ verb: verbOf(entry.kind), params: [entry.target, piece], tags: inside });
      });
    }
    return [...lines, { verb: "BATCH", params: [`-${reference}`] }];
  }

  /** The server has said all that it says about an entry. */
  private answered(request: PendingRequest): void {
    const entry = this.requests.get(request);
    this.requests.delete(request);
    if (entry && this.entries.includes(entry)) {
      if (request.isRefused) this.fail(entry, request.error);
      else this.confirm(entry, null);
    }
    this.pump();
  }

  /** What the server does not answer is given back to its user, who knows whether it matters. */
  tick(): void {
    for (const [request, entry] of [...this.requests]) {
      if (this.client.nowMs - request.askedMs > PATIENCE_MS) {
        this.client.requests.drop(request);
        this.requests.delete(request);
        if (this.entries.includes(entry)) this.fail(entry, "The server has not answered. It may have arrived.");
      }
    }
    this.pump();
  }

  /** Keep what was said, for its user to send it again or to take it back; what was meant by it else is over. */
  private fail(entry: Outgoing, error: string): void {
    entry.delivery = "failed";
    entry.error = error;
    if (entry.action !== "say") this.remove(entry);
    this.changed(entry);
  }

  /** Take up what an earlier run of the page had still to send. */
  restore(entry: Outgoing): void {
    if (entry.delivery === "sent") {
      entry.delivery = "waiting";
      entry.isUncertain = true;
    }
    this.add(entry);
  }

  /** Send once more what has failed. */
  again(entry: Outgoing): void {
    if (!this.entries.includes(entry) || entry.delivery !== "failed") return;
    entry.delivery = "waiting";
    entry.error = "";
    entry.isUncertain = false;
    this.changed(entry);
    this.pump();
  }

  /** Take back what was not sent, or has failed; what is on its way stays. */
  drop(entry: Outgoing): void {
    if (entry.delivery === "sent") return;
    this.remove(entry);
    this.changed(entry);
  }

  private remove(entry: Outgoing): void {
    const conversation = this.client.open(entry.target);
    this.entries = this.entries.filter((other) => other !== entry);
    conversation.pending = conversation.pending.filter((other) => other !== entry);
  }

  /** It is there. Where the server has not shown it (no echo), it is put into the conversation here. */
  confirm(entry: Outgoing, echo: Message | null): void {
    if (!this.entries.includes(entry)) return;
    this.remove(entry);
    if (!echo && entry.action === "say" && !this.client.server.has("echo-message")) {
      const message = new Message(entry.kind, this.client.nick, entry.text, this.client.nowMs);
      message.isOwn = true;
      message.replyTo = entry.message;
      this.client.receivedLive(this.client.open(entry.target), message);
    }
    this.changed(entry);
  }

  /**
   * The entry that a message of one's own shows: by its label, or by what it says. Without labels only what was sent is
   * looked at, and the oldest of it: a server keeps the order.
   */
  match(conversation: Conversation, message: Message): Outgoing | null {
    const { server, requests } = this.client;
    const said = conversation.pending;
    const sent = said.filter((entry) => entry.delivery === "sent");
    if (server.has("labeled-response")) {
      const labelled = requests.current && this.requests.get(requests.current);
      if (labelled) return labelled;
    } else if (sent.length) {
      return sent.find((entry) => entry.text === message.text) ?? null;
    }
    if (server.has("hubbub/send-once")) return null;
    return (
      said.find(
        (entry) =>
          entry.isUncertain &&
          entry.delivery === "waiting" &&
          message.timeMs > entry.createdMs - CLOCKS_DIFFER_MS &&
          entry.text === message.text,
      ) ?? null
    );
  }

  /** What was sent and not answered may have arrived or not. */
  disconnected(): void {
    this.requests.clear();
    for (const entry of this.entries) {
      if (entry.delivery === "sent") {
        entry.delivery = "waiting";
        entry.isUncertain = true;
      }
    }
  }
}

const VERBS = { say: "PRIVMSG", edit: "EDIT", delete: "REDACT", react: "TAGMSG", unreact: "TAGMSG" } as const;

function verbOf(kind: Kind): string {
  return TALK.get(kind)?.verb ?? "PRIVMSG";
}

/** The CTCP that a kind is on the wire; empty for most. */
function ctcpOf(kind: Kind): string {
  return TALK.get(kind)?.ctcp ?? "";
}

/** The text as the wire has it: an action is a CTCP. */
function wrapped(kind: Kind, text: string): string {
  const ctcp = ctcpOf(kind);
  return ctcp ? `\x01${ctcp} ${text}\x01` : text;
}

/** How many bytes of text one line to a target has place for, wherever it is shown. */
function sayRoom(target: string): number {
  return roomBytes("PRIVMSG", target) - SOURCE_BYTES;
}

/** The messages that a text becomes: one, where the server takes it so; else one for each line that it needs. */
export function parts(multiline: { bytes: number; lines: number } | null, target: string, kind: Kind, text: string): string[] {
  const room = sayRoom(target) - byteLength(wrapped(kind, ""));
  const lines = text.split("\n");
  if (lines.length === 1 && byteLength(text) <= room) return [text];
  if (!multiline || ctcpOf(kind)) return lines.flatMap((line) => split(line, room)).filter((piece) => piece.trim());
  const found: string[] = [];
  for (const piece of lines.flatMap((line) => split(line, multiline.bytes))) {
    const before = found.at(-1);
    const longer = before === undefined ? piece : `${before}\n${piece}`;
    const needed = longer.split("\n").reduce((sum, row) => sum + split(row, room).length, 0);
    if (before !== undefined && byteLength(longer) <= multiline.bytes && needed <= multiline.lines) found[found.length - 1] = longer;
    else found.push(piece);
  }
  return found.filter((part) => part.trim());
}
