/** Search by the server's index (soju.im/search), one at a time: the answer to an earlier search is dropped. */

import { Batch, openingOf } from "./batches";
import type { Client } from "./client";
import type { Message } from "./chatModel";
import { read } from "./messageParser";
import { PendingRequest } from "./pendingRequests";
import { escapeTag, formatTime, param, splitSource } from "./ircLine";

/** What is looked for; empty fields restrict nothing, times are milliseconds since 1970. */
export interface Query {
  text: string;
  where: string;
  by: string;
  afterMs: number;
  beforeMs: number;
}

export class Search {
  private query = "";
  private request: PendingRequest | null = null;
  private found: { where: string; message: Message }[] = [];

  constructor(private readonly client: Client) {}

  get isPossible(): boolean {
    return this.client.server.has("soju.im/search");
  }

  clear(): void {
    this.request = null;
  }

  /** Ask for the newest messages with these words. */
  find(query: Query, limit = 50): void {
    const attributes = {
      text: query.text, in: query.where, from: query.by, limit: String(limit),
      after: query.afterMs ? formatTime(query.afterMs) : "",
      before: query.beforeMs ? formatTime(query.beforeMs) : "",
    };
    const line = Object.entries(attributes).filter(([, value]) => value).map(([key, value]) => `${key}=${escapeTag(value)}`);
    this.query = query.text;
    this.found = [];
    this.request = new PendingRequest("SEARCH", null, (request) => this.answered(request), true);
    this.client.requests.ask(this.request, { verb: "SEARCH", params: [line.join(";")] });
  }

  /** A batch of what was found. */
  took(batch: Batch): void {
    for (const item of batch.items) {
      const line = openingOf(item);
      const [nick] = splitSource(line.source);
      const room = this.client.server.roomOf(param(line, item instanceof Batch ? 2 : 0));
      const isRoom = this.client.server.isRoom(room);
      const where = isRoom || this.client.isMe(nick) ? room : nick;
      const message = read(this.client, item);
      if (message) this.found.push({ where, message });
    }
  }

  private answered(request: PendingRequest): void {
    if (request !== this.request) return;
    this.request = null;
    this.client.happened({ type: "search-finished", query: this.query, found: this.found, error: request.error });
  }
}
