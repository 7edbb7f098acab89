/** Pending requests and the lines that answer them: matched by labels, or without those by a PING behind each. */

import type { Client } from "./client";
import type { Conversation } from "./chatModel";
import { format } from "./ircLine";

const BARRIER = "hubbub-";

export interface OutgoingLine {
  verb: string;
  params: readonly string[];
  tags?: Readonly<Record<string, string>>;
}

/**
 * Something that was asked; `then` is called once everything that answers it has come.
 *
 * `code` and `error` tell why it was refused. A `quiet` request's refusal is no event: `then` deals with it.
 */
export class PendingRequest {
  code = "";
  error = "";
  askedMs = 0;

  constructor(
    readonly command: string,
    readonly conversation: Conversation | null = null,
    readonly then: ((request: PendingRequest) => void) | null = null,
    readonly quiet = false,
  ) {}

  get isRefused(): boolean {
    return this.code !== "";
  }

  /** The first refusal counts. */
  refuse(code: string, error: string): void {
    if (!this.code) [this.code, this.error] = [code, error];
  }
}

/** What was asked on this connection and is not answered yet. */
export class PendingRequests {
  private count = 0;
  private readonly byLabel = new Map<string, PendingRequest>();
  private inTurn: { name: string; request: PendingRequest }[] = [];
  private reading: PendingRequest | null = null;

  constructor(private readonly client: Client) {}

  /** Whose answer is being read. */
  get current(): PendingRequest | null {
    return this.reading ?? this.inTurn[0]?.request ?? null;
  }

  /** Send the lines of one question; the first of them carries the label. */
  ask(request: PendingRequest, ...lines: OutgoingLine[]): void {
    const name = `${BARRIER}${++this.count}`;
    request.askedMs = this.client.nowMs;
    const labels = this.client.server.has("labeled-response");
    const written = lines.map(({ verb, params, tags }, at) =>
      format(verb, params, labels && at === 0 ? { label: name, ...tags } : tags),
    );
    if (labels) {
      this.byLabel.set(name, request);
    } else {
      this.inTurn.push({ name, request });
      written.push(format("PING", [name]));
    }
    this.client.write(...written);
  }

  /** The request of this label, whose answer is about to be read. */
  labelled(label: string): PendingRequest | null {
    this.reading = this.byLabel.get(label) ?? null;
    this.byLabel.delete(label);
    return this.reading;
  }

  /** The answer of the current labelled request is complete. */
  answered(): void {
    const request = this.reading;
    this.reading = null;
    request?.then?.(request);
  }

  /** A PING of ours came back: what was asked before it is answered. */
  pong(text: string): void {
    if (!text.startsWith(BARRIER)) return;
    while (this.inTurn.length) {
      const { name, request } = this.inTurn[0]!;
      this.inTurn.shift();
      request.then?.(request);
      if (name === text) break;
    }
  }

  /** Wait for it no longer; nothing is called. */
  drop(request: PendingRequest): void {
    for (const [label, other] of this.byLabel) if (other === request) this.byLabel.delete(label);
    this.inTurn = this.inTurn.filter((one) => one.request !== request);
  }

  clear(): void {
    this.byLabel.clear();
    this.inTurn = [];
    this.reading = null;
  }
}
