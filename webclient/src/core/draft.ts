/** One draft: the text in the box of a conversation, and how it is reconciled with what other devices have written. */

import { isSecret } from "./passwordWords";
import { cleanLines } from "./safeText";

/** What is kept of a draft between two visits. */
export interface StoredDraft {
  base: string;
  saved: string;
  own: boolean;
}

/** `text` came from the version `base`, whose text was `saved`; it is `own` if it was typed here. The vectors tell the rule. */
export class Draft {
  text = "";
  base = "";
  saved = "";
  own = false;
  /** Another device's text, to be shown when the box is empty. */
  private waiting: { version: string; text: string } | null = null;
  /** What was sent and is not answered. */
  underWay: string | null = null;
  /** What was sent on a connection that has ended. */
  private unanswered: string | null = null;
  private refused: string | null = null;

  /** Its user has written, or sent what was written. */
  typed(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.own = text !== "";
  }

  /** Another tab, which tells the server by itself, has this text. */
  mirror(text: string): void {
    this.text = this.saved = text;
    this.own = false;
  }

  restore(text: string, known: StoredDraft | null): void {
    this.typed(text);
    if (known) ({ base: this.base, saved: this.saved, own: this.own } = known);
  }

  /** What the server is to keep: no password, and nothing that is only spaces. */
  private get wanted(): string {
    const text = cleanLines(this.text.replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
    return isSecret(text) || !text.trim() ? "" : text;
  }

  /** The base and the text to send now; null if there is nothing to send, or something is under way. */
  change(): [base: string, text: string] | null {
    const { wanted } = this;
    if (this.underWay !== null || wanted === this.saved || wanted === this.refused) return null;
    this.underWay = wanted;
    this.refused = null;
    return [this.base, wanted];
  }

  /** The server has this version; whether the box has another text now. */
  heard(version: string, since: string, text: string): boolean {
    if (version <= this.base) return false;
    if (this.underWay !== null) {
      // What is under way comes behind this version.
      this.waiting = text ? { version, text } : null;
      return false;
    }
    if (text === this.text || (text && text === this.unanswered)) return this.settle(version, text);
    const isNext = this.base !== "" && since <= this.base;
    if (!this.text || (this.text === this.saved && (isNext || !this.own))) return this.adopt(version, text);
    if (!text) return this.settle(version, "");
    this.waiting = { version, text };
    return false;
  }

  /** The server has answered what was under way; whether the box has another text now. */
  answered(version: string, since: string, text: string): boolean {
    const sent = this.underWay;
    this.underWay = null;
    return sent || !text ? this.settle(version, sent ?? "") : this.heard(version, since, text);
  }

  /** The server does not keep what was under way: it stays here alone until it changes. */
  turnedDown(): void {
    this.refused = this.underWay;
    this.underWay = null;
  }

  /** The connection has ended. */
  cut(): void {
    this.unanswered = this.underWay ?? this.unanswered;
    this.underWay = null;
  }

  /** The server knows nothing of it, and is told anew. */
  absent(): void {
    this.base = this.saved = "";
    this.waiting = null;
  }

  /** Put another device's text into the box if that is empty; whether that was so. */
  showWaiting(): boolean {
    if (!this.waiting || this.text || this.underWay !== null) return false;
    return this.adopt(this.waiting.version, this.waiting.text);
  }

  private adopt(version: string, text: string): true {
    this.text = text;
    this.own = false;
    this.settle(version, text);
    return true;
  }

  private settle(version: string, saved: string): false {
    this.base = version;
    this.saved = saved;
    this.waiting = this.unanswered = this.refused = null;
    return false;
  }
}
