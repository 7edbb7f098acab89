/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Each: picture, names, group, what it is called and found by, and the same in five tones of skin, if there are any. */
type EmojiRow = [picture: string, names: string[], group: number, words: string, tones?: string[]];

declare module "virtual:emoji/en" {
  const rows: EmojiRow[];
  export default rows;
}

declare module "virtual:emoji/fr" {
  const rows: EmojiRow[];
  export default rows;
}
