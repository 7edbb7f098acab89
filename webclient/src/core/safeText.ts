/** Text from strangers made safe to show: cleaned, cut, and split without tearing a character. */

import { byteLength } from "./ircLine";

const FLAG = "\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}";
const SPACE = "\\r\\n|[\\t\\n\\v\\f\\r\\x85\\u2028\\u2029]";
const planes = Array.from({ length: 17 }, (_, plane) =>
  [0xfffe, 0xffff].map((end) => `\\u{${((plane << 16) | end).toString(16)}}`).join(""),
).join("");
const UNWANTED =
  "[\\x00\\x05-\\x08\\x0e\\x10\\x12-\\x15\\x17-\\x1c\\x7f-\\x84\\x86-\\x9f\\u202a-\\u202e\\u2066-\\u2069" +
  `\\u206a-\\u206f\\ufff9-\\ufffb\\ufeff\\ud800-\\udfff\\ufdd0-\\ufdef${planes}\\u{e0000}-\\u{e007f}]`;
const CLEANING = new RegExp(`(${FLAG})|(${SPACE})|${UNWANTED}`, "gu");
const HARMLESS = /^[\x20-\x7e\xa0-\u167f]*$/;

/** One line without what could hide, or reorder what others see; the formatting codes of IRC stay. */
export function clean(text: string): string {
  if (HARMLESS.test(text)) return text;
  const cleaned = bare(text);
  return cleaned.includes("\x01") ? withDelimiters(cleaned) : cleaned;
}

/** A name with U+FFFD, which is seen, for each character that `clean` takes out: it stays another one's name. */
export function visible(name: string): string {
  return HARMLESS.test(name) ? name : name.replace(CLEANING, (_, flag?: string) => flag ?? "\ufffd");
}

/** A text, or a part of one, without what `clean` takes out; CTCP's delimiters stay where they are. */
export function bare(text: string): string {
  return HARMLESS.test(text) ? text : text.replace(CLEANING, (_, flag?: string, space?: string) => flag ?? (space ? " " : ""));
}

/** The same for a text of several lines, which it keeps. */
export function cleanLines(text: string): string {
  return text.split("\n").map(clean).join("\n");
}

function withDelimiters(text: string): string {
  const inside = text.replaceAll("\x01", "");
  if (!text.startsWith("\x01")) return inside;
  return `\x01${inside}${text.length > 1 && text.endsWith("\x01") ? "\x01" : ""}`;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * A clean text in pieces of at most `limitBytes` of UTF-8, after spaces where there are any.
 * Joined without anything between, the pieces are the text again.
 */
export function split(text: string, limitBytes: number): string[] {
  if (byteLength(text) <= limitBytes) return [text];
  const pieces: string[] = [];
  let piece = "";
  let size = 0;
  for (const { segment } of graphemes.segment(text)) {
    // A character that alone is longer than a piece is torn where it must be.
    const parts = byteLength(segment) > limitBytes ? [...segment] : [segment];
    for (const part of parts) {
      const bytes = byteLength(part);
      if (size + bytes > limitBytes) {
        const space = piece.lastIndexOf(" ") + 1;
        const end = space > 0 && piece.slice(0, space).trim() ? space : piece.length;
        pieces.push(piece.slice(0, end));
        piece = piece.slice(end);
        size = byteLength(piece);
      }
      piece += part;
      size += bytes;
    }
  }
  pieces.push(piece);
  return pieces;
}

/** A part of an address as it is meant; one that says nothing stays as it is written. */
export function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
