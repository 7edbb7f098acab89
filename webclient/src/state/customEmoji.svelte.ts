/** Custom emoji as the page shows them: their names and pictures. */

import { pieces } from "../core/customEmoji";

class CustomEmojiState {
  /** Name → the id of the picture. */
  known = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly names: readonly string[] = $derived([...this.known.keys()].sort());

  /** Where its picture is; empty for none. */
  path(name: string): string {
    const id = this.known.get(name) ?? "";
    return /^[\w-]{1,64}$/.test(id) ? `/files/${id}` : "";
  }

  find(text: string): readonly string[] {
    const wanted = text.toLowerCase().replace(/^:|:$/g, "").split(" ").filter(Boolean);
    return this.names.filter((name) => wanted.every((word) => name.includes(word)));
  }

  /** Whether it is one of ours that is not there any more. */
  isGone(picture: string): boolean {
    return /^:.+:$/.test(picture) && !this.known.has(picture.slice(1, -1));
  }

  /** The text with an ordinary emoji in the place of each of ours. */
  inPlain(text: string): string {
    return pieces(text, this.known).map((piece) => (piece.name ? "⭐" : piece.text)).join("");
  }
}

export const customEmoji = new CustomEmojiState();
