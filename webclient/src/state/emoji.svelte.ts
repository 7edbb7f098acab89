/** Emoji: loaded when somebody first writes, so that the page opens without them. */

import { language } from "./words.svelte";

export interface Emoji {
  picture: string;
  name: string;
  group: number;
  words: string;
}

/** What is offered before anything is written. */
export const USUAL = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀", "✅", "🔥"];

class EmojiBook {
  all = $state.raw<readonly Emoji[]>([]);
  /** Name → picture. */
  names: ReadonlyMap<string, string> = new Map();
  private loaded = "";

  async load(): Promise<void> {
    const wanted = language() === "fr" ? "fr" : "en";
    if (this.loaded === wanted) return;
    this.loaded = wanted;
    const { default: rows } = await (wanted === "fr" ? import("virtual:emoji/fr") : import("virtual:emoji/en")).catch(() => {
      // Without a network there are none; the next one who writes tries again.
      this.loaded = "";
      return { default: [] };
    });
    this.all = rows.map(([picture, names, group, words]) => ({ picture, name: names[0] ?? "", group, words: `${names.join(" ")} ${words}`.toLowerCase() }));
    this.names = new Map(rows.flatMap(([picture, names]) => names.map((name): [string, string] => [name, picture])));
  }

  find(text: string): readonly Emoji[] {
    const wanted = text.toLowerCase().split(" ").filter(Boolean);
    return wanted.length ? this.all.filter((one) => wanted.every((word) => one.words.includes(word))) : this.all;
  }
}

export const emoji = new EmojiBook();
