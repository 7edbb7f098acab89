/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Each: picture, names, group, and what it is called and found by. */
type EmojiRow = [picture: string, names: string[], group: number, words: string];

declare module "virtual:emoji/en" {
  const rows: EmojiRow[];
  export default rows;
}

declare module "virtual:emoji/fr" {
  const rows: EmojiRow[];
  export default rows;
}
