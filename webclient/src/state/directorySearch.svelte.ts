/** The search in the server's directory of accounts: it runs while the user types, and loads page by page. */

import type { Person } from "../core/chatModel";
import { session } from "./session.svelte";

/** So long after the last key a search begins, in milliseconds. */
const DELAY_MS = 200;

export class DirectorySearch {
  found = $state.raw<readonly Person[]>([]);
  /** There are more than were found so far. */
  hasMore = $state(false);
  /** The server does not let this person use the directory. */
  isRefused = $state(false);
  private text = "";
  private following = "";
  private timer = 0;

  /** Search for a text in the names; what was found before stays until the answer comes. */
  look(text: string, delayMs = DELAY_MS): void {
    clearTimeout(this.timer);
    this.text = text;
    this.timer = window.setTimeout(() => this.ask(""), delayMs);
  }

  more(): void {
    if (this.following) this.ask(this.following);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private ask(cursor: string): void {
    const { text } = this;
    session.client?.members.lookFor(
      text,
      ({ people, following, error }) => {
        if (text !== this.text) return;
        this.found = cursor ? [...this.found, ...people] : people;
        this.following = following;
        this.hasMore = following !== "";
        this.isRefused = error !== "";
      },
      cursor,
    );
  }
}
