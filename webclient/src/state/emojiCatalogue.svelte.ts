/** The catalogue of emoji, loaded at the first use of the composer, so that the page opens without it. */

import { preferences } from "./preferences.svelte";
import { language } from "./i18n.svelte";

export interface Emoji {
  picture: string;
  names: readonly string[];
  group: number;
  words: string;
  /** The same in five tones of skin; empty where it has none. */
  tones: readonly string[];
}

/** What stands in it stands for each tone, the usual one first. */
export const TONES = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"];
const RECENT_MAX = 18;

/** What is offered before anything is written. */
export const DEFAULT_EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀", "✅", "🔥"];

class EmojiCatalogue {
  all = $state.raw<readonly Emoji[]>([]);
  /** Name → picture, in the tone of skin that is wanted. */
  readonly names: ReadonlyMap<string, string> = $derived(new Map(this.all.flatMap((one) => one.names.map((name): [string, string] => [name, this.toned(one)]))));
  /** What was chosen last, and then what most people choose. */
  readonly recent: readonly string[] = $derived([...new Set([...preferences.now.emoji, ...DEFAULT_EMOJI])].slice(0, RECENT_MAX));
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
    this.all = rows.map(([picture, names, group, words, tones = []]) => ({ picture, names, group, words: `${names.join(" ")} ${words}`.toLowerCase(), tones }));
  }

  /** As it is shown and sent by whoever has chosen a tone. */
  toned(one: Emoji): string {
    return one.tones[preferences.now.tone - 1] ?? one.picture;
  }

  /** It was chosen: it stands before the others from now on. */
  chosen(picture: string): void {
    preferences.set({ emoji: [picture, ...preferences.now.emoji.filter((other) => other !== picture)].slice(0, RECENT_MAX) });
  }

  find(text: string): readonly Emoji[] {
    const wanted = text.toLowerCase().split(" ").filter(Boolean);
    return wanted.length ? this.all.filter((one) => wanted.every((word) => one.words.includes(word))) : this.all;
  }
}

export const emojiCatalogue = new EmojiCatalogue();
