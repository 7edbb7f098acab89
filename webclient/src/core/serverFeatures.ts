/** The server's features: its capabilities, the enabled ones among them, and what RPL_ISUPPORT says. */

import { cutAt } from "./ircLine";

/** The capabilities that are asked for wherever they are offered. */
export const WANTED = [
  "account-notify", "account-tag", "away-notify", "batch", "bot-mode", "cap-notify", "chghost",
  "draft/account-registration", "draft/channel-rename", "draft/chathistory", "draft/event-playback",
  "draft/extended-isupport", "draft/message-redaction", "draft/metadata-2", "draft/metadata-3", "draft/multiline", "draft/oper-tag",
  "draft/read-marker", "echo-message", "extended-join", "extended-monitor", "hubbub/activity", "hubbub/conversations", "hubbub/drafts", "hubbub/edit", "hubbub/emoji", "hubbub/send-once",
  "hubbub/invitation", "hubbub/members", "draft/webpush", "hubbub/notify", "hubbub/report", "hubbub/threads", "hubbub/ticket", "invite-notify", "labeled-response", "message-tags", "multi-prefix", "sasl", "server-time", "setname",
  "soju.im/search", "standard-replies", "userhost-in-names",
] as const;

/** Drafts that are asked for only where the newer one is not offered: "a client asks for one of the two, never both". */
const OLDER = new Map<string, string>([["draft/metadata-2", "draft/metadata-3"]]);

/** Which of the capabilities that are offered now are asked for, where these are held already. */
export function wanted(offered: Iterable<string>, held: Iterable<string>): string[] {
  const names = new Set(offered);
  const have = new Set([...names, ...held]);
  return WANTED.filter((name) => names.has(name) && !have.has(OLDER.get(name) ?? ""));
}

const MULTILINE_BYTES = 4096;

export type ModeKind = "A" | "B" | "C" | "D" | "P";

/** A server, as far as it has told what it can do. */
export class Server {
  name = "";
  /** Capability → its value. */
  readonly offered = new Map<string, string>();
  readonly enabled = new Set<string>();
  /** Token of RPL_ISUPPORT → its value. */
  readonly support = new Map<string, string>();
  readonly motd: string[] = [];
  /** Mode letter → prefix, the highest first. */
  ranks = new Map<string, string>([["o", "@"], ["v", "+"]]);
  modeKinds = classification("b,k,l,imnpst", "ov");
  private folding = "rfc1459";

  has(capability: string): boolean {
    return this.enabled.has(capability);
  }

  /** Whether people and rooms may have metadata, in whichever of the two drafts the server has. */
  get keepsMetadata(): boolean {
    return this.has("draft/metadata-3") || this.has("draft/metadata-2");
  }

  takeSupport(words: readonly string[]): void {
    for (const word of words) {
      const [name, value] = cutAt(word, "=");
      if (name.startsWith("-")) this.support.delete(name.slice(1));
      else this.support.set(name, value.replace(/\\x([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))));
    }
    // modern-irc: "If the parameter is not published by the server at all, clients SHOULD assume rfc1459".
    this.folding = this.support.get("CASEMAPPING") ?? "rfc1459";
    const [letters, prefixes] = cutAt((this.support.get("PREFIX") ?? "(ov)@+").replace(/^\(/, ""), ")");
    this.ranks = new Map([...letters].map((letter, at) => [letter, prefixes[at] ?? ""]));
    this.modeKinds = classification(this.support.get("CHANMODES") ?? "b,k,l,imnpst", letters);
  }

  /** The form in which names are compared. */
  fold(name: string): string {
    const lower = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (this.folding !== "rfc1459" && this.folding !== "rfc1459-strict") return lower;
    const strict = lower.replace(/[[\]\\]/g, (letter) => ({ "[": "{", "]": "}", "\\": "|" })[letter] ?? letter);
    return this.folding === "rfc1459" ? strict.replaceAll("~", "^") : strict;
  }

  get network(): string {
    return this.support.get("NETWORK") || this.name;
  }

  isRoom(name: string): boolean {
    return name !== "" && (this.support.get("CHANTYPES") || "#&").includes(name[0] ?? "");
  }

  /** The room that a target names, `@#room` (STATUSMSG) included. */
  roomOf(target: string): string {
    const marks = this.support.get("STATUSMSG") ?? "";
    let bare = target;
    while (bare && marks.includes(bare[0] ?? "")) bare = bare.slice(1);
    return bare !== target && this.isRoom(bare) ? bare : target;
  }

  /** How many messages a page of history may have; 0 where there is no history. */
  get historyLimit(): number {
    return this.has("draft/chathistory") ? Math.min(this.number("CHATHISTORY", 100) || 100, 100) : 0;
  }

  /** The most bytes and lines that one message may have; null where it has to be one line. */
  get multiline(): { bytes: number; lines: number } | null {
    if (!this.has("draft/multiline")) return null;
    const fields = new Map((this.offered.get("draft/multiline") ?? "").split(",").map((part) => cutAt(part, "=")));
    return { bytes: Number(fields.get("max-bytes")) || MULTILINE_BYTES, lines: Number(fields.get("max-lines")) || 100 };
  }

  /** The SASL mechanisms that it names; empty if it names none. */
  get mechanisms(): string[] {
    return (this.offered.get("sasl") ?? "").split(",").filter(Boolean);
  }

  number(token: string, otherwise: number): number {
    const value = this.support.get(token) ?? "";
    return /^\d{1,9}$/.test(value) ? Number(value) : otherwise;
  }
}

/**
 * Letter → kind, of CHANMODES and the letters of PREFIX: A is a list, B takes an argument always, C when set, D never;
 * P is a member's prefix.
 */
function classification(chanmodes: string, prefixLetters: string): Map<string, ModeKind> {
  const kinds = new Map<string, ModeKind>();
  chanmodes.split(",").slice(0, 4).forEach((letters, at) => {
    for (const letter of letters) kinds.set(letter, (["A", "B", "C", "D"] as const)[at] ?? "D");
  });
  for (const letter of prefixLetters) kinds.set(letter, "P");
  return kinds;
}
