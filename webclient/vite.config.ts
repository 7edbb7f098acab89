import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

interface Emoji {
  hexcode: string;
  unicode: string;
  label: string;
  group?: number;
  order?: number;
  tags?: string[];
  skins?: { unicode: string }[];
}

/** One skin in five tones; where several people are shown there are more, and none is the usual one. */
const tones = ({ skins }: Emoji): string[][] => (skins?.length === 5 ? [skins.map((one) => one.unicode)] : []);

const data = (name: string): unknown => JSON.parse(readFileSync(new URL(`node_modules/emojibase-data/${name}`, import.meta.url), "utf8"));

/** `virtual:emoji/en`: each emoji as [picture, names, group, what it is called and found by, its tones], in the order of Unicode. */
function emoji(): Plugin {
  return {
    name: "emoji",
    resolveId: (id) => (id.startsWith("virtual:emoji/") ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith("\0virtual:emoji/")) return undefined;
      const all = data(`${id.slice(15)}/compact.json`) as Emoji[];
      const names = data("en/shortcodes/github.json") as Record<string, string | string[]>;
      const rows = all
        .filter((one) => one.group !== undefined && one.group !== 2)
        .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map((one) => [one.unicode, [names[one.hexcode] ?? []].flat(), one.group, [one.label, ...(one.tags ?? [])].join(" "), ...tones(one)]);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(rows))})`;
    },
  };
}

// The page is built into the Python package, which serves it; nothing of it is committed.
export default defineConfig({
  plugins: [svelte(), emoji()],
  build: {
    outDir: "../src/hubbub/web/page",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
});
