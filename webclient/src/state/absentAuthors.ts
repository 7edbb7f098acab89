/** The names and pictures of authors who are in none of one's rooms: requested from the server, one person after the other. */

import type { Message } from "../core/chatModel";
import { PendingRequest } from "../core/pendingRequests";
import { session } from "./session.svelte";

const KEYS = ["display-name", "avatar"];
/** How many people are asked for on one connection at most. */
const ASKED_MAX = 300;

class AbsentAuthors {
  private readonly asked = new Set<string>();
  private waiting: string[] = [];
  private isAsking = false;

  /** There is a new connection, on which nobody is known yet. */
  reset(): void {
    this.asked.clear();
    this.waiting = [];
    this.isAsking = false;
  }

  /** Request what others let know of the authors that nothing is known of; each is asked for once. */
  want(messages: Iterable<Message>): void {
    const { client } = session;
    if (!client?.members.isPossible || !client.server.keepsMetadata) return;
    for (const { account, isTalk } of messages) {
      const key = client.fold(account);
      if (!account || !isTalk || this.asked.size >= ASKED_MAX || this.asked.has(key) || client.people.find(account)) continue;
      this.asked.add(key);
      this.waiting.push(account);
    }
    this.next();
  }

  private next(): void {
    const { client } = session;
    if (this.isAsking || !client) return;
    const account = this.waiting.shift();
    if (account === undefined) return;
    this.isAsking = true;
    const answered = () => {
      this.isAsking = false;
      this.next();
    };
    client.requests.ask(new PendingRequest("METADATA", null, answered, true), { verb: "METADATA", params: [account, "GET", ...KEYS] });
  }
}

export const absentAuthors = new AbsentAuthors();
