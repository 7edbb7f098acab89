/** Names within texts: whom `@name` means, and which rooms can be opened. */

import { type Block, blocks, type Span } from "../core/formatting";

/** Names and rooms within a text that has no other meaning; and whom a line is for, as IRC has it. */
export const PLACE = /((?<![\p{L}\p{N}_/])[@#][\p{L}\p{N}_][\p{L}\p{N}_-]*|(?<=^|\n)[\p{L}\p{N}_][\p{L}\p{N}_-]*(?=: ))/u;

const spansOf = (block: Block): readonly Span[] => (block.kind === "code" ? [] : block.kind === "list" ? block.items.flat() : block.spans);

/** The names with `@` in a message, each once, outside of code and links. */
export function mentionedNames(text: string): string[] {
  if (!text.includes("@")) return [];
  const plain = blocks(text).flatMap(spansOf).filter(({ look }) => !look.code && !look.link);
  const words = plain.flatMap((span) => span.text.split(PLACE).filter((word, at) => at % 2 && word.startsWith("@")));
  return [...new Set(words.map((word) => word.slice(1)))];
}
