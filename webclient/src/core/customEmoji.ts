/** Custom emoji: which the server has, and where they stand in a text. */

import type { Client } from "./client";
import { EMOJI } from "./formatting";
import { type Line, param } from "./ircLine";

/** A part of a text; `name` is the emoji's where it is one. */
export interface Piece {
  text: string;
  name: string;
}

/** A text in pieces: the emoji that are known, and what stands between them. */
export function pieces(text: string, known: { has(name: string): boolean }): Piece[] {
  const found: Piece[] = [];
  let start = 0;
  for (const emoji of text.includes(":") ? text.matchAll(EMOJI) : []) {
    const name = emoji[1] ?? "";
    if (!known.has(name)) continue;
    if (emoji.index > start) found.push({ text: text.slice(start, emoji.index), name: "" });
    found.push({ text: emoji[0], name });
    start = emoji.index + emoji[0].length;
  }
  if (start < text.length) found.push({ text: text.slice(start), name: "" });
  return found;
}

/** The emoji of the place's own: name → the id of the picture. */
export class CustomEmoji {
  known: ReadonlyMap<string, string> = new Map();
  private listed = new Map<string, string>();

  constructor(private readonly client: Client) {}

  ask(): void {
    this.listed = new Map();
    if (this.client.server.has("hubbub/emoji")) this.client.send("EMOJI");
  }

  /** `EMOJI LIST [*] :name=id …`, `ADD name id`, `RENAME name new`, or `DELETE name`. */
  told(line: Line): void {
    const [verb, first, second] = [param(line, 0).toUpperCase(), param(line, 1), param(line, 2)];
    const next = new Map(this.known);
    if (verb === "LIST") {
      const isPart = line.params.length > 2;
      for (const word of (isPart ? second : first).split(" ")) {
        const at = word.indexOf("=");
        if (at > 0) this.listed.set(word.slice(0, at), word.slice(at + 1));
      }
      if (isPart) return;
      this.known = this.listed;
      this.listed = new Map();
    } else {
      const id = verb === "ADD" ? second : (this.known.get(first) ?? "");
      if (verb !== "ADD") next.delete(first);
      if (verb === "ADD" && first) next.set(first, id);
      if (verb === "RENAME" && id && second) next.set(second, id);
      this.known = next;
    }
    this.client.happened({ type: "emoji-changed" });
  }
}
