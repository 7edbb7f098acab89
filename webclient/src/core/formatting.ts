/** Formatted text as blocks and spans: the codes of IRC, the everyday part of Markdown, and links. */

import { cleanLines } from "./safeText";

/** How a span is drawn; colours are `#rrggbb`, empty for the page's own. */
export interface Look {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  code: boolean;
  reverse: boolean;
  colour: string;
  ground: string;
  link: string;
}

export interface Span {
  text: string;
  look: Look;
}

export const PLAIN: Look = {
  bold: false, italic: false, underline: false, strike: false, code: false, reverse: false, colour: "", ground: "", link: "",
};

/** modern-irc, formatting: "Colors", 0 to 98, six digits each. */
const COLOURS =
  "ffffff00000000007f009300ff00007f00009c009cfc7f00ffff0000fc0000939300ffff0000fcff00ff7f7f7fd2d2d2" +
  "47000047210047470032470000470000472c0047470027470000472e004747004747002a" +
  "740000743a007474005174000074000074490074740040740000744b0074740074740045" +
  "b50000b56300b5b5007db50000b50000b57100b5b50063b50000b57500b5b500b5b5006b" +
  "ff0000ff8c00ffff00b2ff0000ff0000ffa000ffff008cff0000ffa500ffff00ffff0098" +
  "ff5959ffb459ffff71cfff606fff6f65ffc96dffff59b4ff5959ffc459ffff66ffff59bc" +
  "ff9c9cffd39cffff9ce2ff9c9cff9c9cffdb9cffff9cd3ff9c9cffdc9cffff9cffff94d3" +
  "0000001313132828283636364d4d4d6565658181819f9f9fbcbcbce2e2e2ffffff";

const CODE =
  /\x03(?:(?<fore>\d{1,2})(?:,(?<back>\d{1,2}))?)?|\x04(?:(?<hexfore>[0-9A-Fa-f]{6})(?:,(?<hexback>[0-9A-Fa-f]{6}))?)?|(?<toggle>[\x02\x1d\x1f\x1e\x11\x16])|(?<reset>\x0f)/g;

type Toggle = "bold" | "italic" | "underline" | "strike" | "code" | "reverse";
const TOGGLES: Record<string, Toggle> = {
  "\x02": "bold", "\x1d": "italic", "\x1f": "underline", "\x1e": "strike", "\x11": "code", "\x16": "reverse",
};

const IN_LINK = String.raw`[^\s<>"()\x00-\x1f]`;
const IN_PARENTHESES = String.raw`\([^\s<>"()\x00-\x1f]*\)`;
const LINK = String.raw`(?:https?|ircs?|hubbub)://(?:${IN_LINK}|${IN_PARENTHESES})*(?:${IN_PARENTHESES}|[^\s<>"()\x00-\x1f.,;:!?'*_~\`\]}])`;
/** How a custom emoji is written. Neither a letter nor a digit stands around it: 10:30:20 is a time. */
export const EMOJI = /(?<![A-Za-z0-9]):([a-z0-9_+-]{2,32}):(?![A-Za-z0-9])/g;
const WORD = String.raw`[\p{L}\p{N}_]`;
const OPENER = new RegExp(
  "(?<block>```)|(?<code>`)" +
    String.raw`|(?<!${WORD}|\*)(?:(?<bold>\*\*)(?=\S)|(?<italic>\*)(?=[^\s*]))` +
    String.raw`|(?<!${WORD})(?<low>_)(?=[^\s_])` +
    String.raw`|(?<!${WORD}|~)(?<strike>~~)(?=\S)`,
  "gu",
);
type Mark = "block" | "code" | "bold" | "italic" | "low" | "strike";
/** What is marked, with its end, where that may be anywhere: in the text, or in its line. */
const FAR: Partial<Record<Mark, RegExp>> = {
  block: /(?:[A-Za-z0-9_+-]*\n)?([^]+?)```/uy,
  bold: new RegExp(String.raw`(\S[^\n]*?\S)\*\*(?!${WORD}|\*)`, "uy"),
  strike: new RegExp(String.raw`(\S[^\n]*?\S)~~(?!${WORD}|~)`, "uy"),
};
/** The same, where it ends at the next mark or nowhere. */
const NEAR: Partial<Record<Mark, RegExp>> = {
  code: /([^`\n]+)`/uy,
  bold: new RegExp(String.raw`(\S)\*\*(?!${WORD}|\*)`, "uy"),
  italic: new RegExp(String.raw`([^\s*](?:[^*\n]*[^\s*])?)\*(?!${WORD}|\*)`, "uy"),
  low: new RegExp(String.raw`([^\s_](?:[^_\n]*[^\s_])?)_(?!${WORD})`, "uy"),
  strike: new RegExp(String.raw`(\S)~~(?!${WORD}|~)`, "uy"),
};
const MARKS: Record<Mark, Toggle> = {
  block: "code", code: "code", bold: "bold", italic: "italic", low: "italic", strike: "strike",
};
const DEPTH_MAX = 4;

/** The text in spans of one look each, without the codes and marks that gave them theirs. */
export function spans(text: string): Span[] {
  return coded(text).flatMap((span) => marked(span, 0));
}

/** The text as it reads, without any looks. */
export function plain(text: string): string {
  return spans(text).map((span) => span.text).join("");
}

/** The addresses in it that can be opened. */
export function links(text: string): string[] {
  return plain(text).match(new RegExp(LINK, "g")) ?? [];
}

/** modern-irc, formatting: each code holds until it comes again, or everything is reset. */
function coded(text: string): Span[] {
  const found: Span[] = [];
  let look = PLAIN;
  let start = 0;
  const add = (end: number) => {
    if (end > start) found.push({ text: cleanLines(text.slice(start, end)), look });
  };
  for (const code of text.matchAll(CODE)) {
    add(code.index);
    look = after(look, code.groups ?? {});
    start = code.index + code[0].length;
  }
  add(text.length);
  return found;
}

function after(look: Look, code: Record<string, string | undefined>): Look {
  if (code["reset"]) return PLAIN;
  const toggle = code["toggle"] && TOGGLES[code["toggle"]];
  if (toggle) return { ...look, [toggle]: !look[toggle] };
  if (code["hexfore"]) {
    const ground = code["hexback"] ? `#${code["hexback"].toLowerCase()}` : look.ground;
    return { ...look, colour: `#${code["hexfore"].toLowerCase()}`, ground };
  }
  if (code["fore"]) {
    const ground = code["back"] ? colour(Number(code["back"])) : look.ground;
    return { ...look, colour: colour(Number(code["fore"])), ground };
  }
  return { ...look, colour: "", ground: "" };
}

/** The colour of a number from 0 to 98; empty for any other, such as 99, which is the page's own. */
function colour(number: number): string {
  return 6 * number < COLOURS.length ? `#${COLOURS.slice(6 * number, 6 * number + 6)}` : "";
}

/** Markdown's everyday part within a span, and links; what is code is left as it is. */
function marked(span: Span, depth: number): Span[] {
  const found: Span[] = [];
  let start = 0;
  const addresses = span.text.includes("://") ? [...span.text.matchAll(new RegExp(LINK, "g"))] : [];
  let address = 0;
  for (const mark of depth < DEPTH_MAX && !span.look.code ? marks(span.text) : []) {
    const ends = () => (addresses[address]?.index ?? Infinity) + (addresses[address]?.[0].length ?? 0);
    while (ends() <= mark.begin) address++;
    if ((addresses[address]?.index ?? Infinity) <= mark.begin) continue; // it is part of an address
    found.push(...linked({ text: span.text.slice(start, mark.begin), look: span.look }));
    found.push(...marked({ text: mark.text, look: { ...span.look, [MARKS[mark.kind]]: true } }, depth + 1));
    start = mark.end;
  }
  return [...found, ...linked({ text: span.text.slice(start), look: span.look })];
}

/**
 * Where each mark begins and ends, its kind, and what it marks.
 *
 * In steps that grow as the text does: where the end of one was looked for in vain up to some place, none that begins
 * later has an end before that place either, and it is not looked for again.
 */
function marks(text: string): { begin: number; end: number; kind: Mark; text: string }[] {
  const found = [];
  const inVain: Partial<Record<Mark, number>> = {};
  const isInName = emojiWithMarks(text);
  const find = (pattern: RegExp | undefined, from: number) => {
    if (!pattern) return null;
    pattern.lastIndex = from;
    return pattern.exec(text);
  };
  let opener = find(OPENER, 0);
  while (opener) {
    const kind = (Object.keys(MARKS) as Mark[]).find((name) => opener?.groups?.[name] !== undefined) ?? "code";
    const at = opener.index + opener[0].length;
    let mark = null;
    if (FAR[kind] && at >= (inVain[kind] ?? 0)) {
      mark = find(FAR[kind], at);
      if (!mark) inVain[kind] = kind === "block" ? text.length : lineEnd(text, at);
    }
    mark ??= find(NEAR[kind], at);
    if (mark && (isInName(opener.index) || isInName(at + mark[0].length - 1))) mark = null;
    const end = mark ? at + mark[0].length : opener.index + 1;
    if (mark) found.push({ begin: opener.index, end, kind, text: mark[1] ?? "" });
    opener = find(OPENER, end);
  }
  return found;
}

/** Whether a place is within an emoji whose name has a mark in it, as `:_cat_:` has: it is no mark there. */
function emojiWithMarks(text: string): (at: number) => boolean {
  const found = text.includes("_") ? [...text.matchAll(EMOJI)].filter((emoji) => emoji[1]?.includes("_")) : [];
  const places = new Set(found.flatMap((emoji) => [...emoji[0]].map((_, at) => emoji.index + at)));
  return (at) => places.has(at);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function linked(span: Span): Span[] {
  if (!span.text) return [];
  if (span.look.code || !span.text.includes("://")) return [span];
  const found: Span[] = [];
  let start = 0;
  for (const link of span.text.matchAll(new RegExp(LINK, "g"))) {
    if (link.index > start) found.push({ text: span.text.slice(start, link.index), look: span.look });
    found.push({ text: link[0], look: { ...span.look, link: link[0], underline: true } });
    start = link.index + link[0].length;
  }
  if (start < span.text.length) found.push({ text: span.text.slice(start), look: span.look });
  return found;
}

/** What stands below each other in a message: a text, a quotation, a list, or code. */
export type Block =
  | { kind: "text"; spans: Span[] }
  | { kind: "quote"; spans: Span[] }
  | { kind: "list"; ordered: boolean; start: number; items: Span[][] }
  | { kind: "code"; language: string; text: string };

const FENCE = /^```([A-Za-z0-9_+-]*)$/;
const FENCE_END = /```[ \t]*$/;
const QUOTE = /^> ?/;
const ITEM = /^(?:[-*+]|(\d{1,6})[.)])[ \t]+(?=\S)/;

/** A message in blocks; what is none of the others is text. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  const lines = text.split("\n");
  let start = 0;
  for (let at = 0; at < lines.length; at++) {
    const fence = FENCE.exec(lines[at] ?? "");
    if (!fence) continue;
    const end = fenceEnd(lines, at + 1);
    if (end < 0) break; // There is none for a later one either.
    found.push(...lined(lines.slice(start, at).join("\n")));
    const last = (lines[end] ?? "").replace(FENCE_END, "");
    const code = lines.slice(at + 1, end).concat(last || []).join("\n");
    found.push({ kind: "code", language: (fence[1] ?? "").toLowerCase(), text: code });
    start = end + 1;
    at = end;
  }
  return [...found, ...lined(lines.slice(start).join("\n"))];
}

/** The line in which a fence is closed that has something in it; -1 for none. */
function fenceEnd(lines: string[], from: number): number {
  for (let at = from; at < lines.length; at++) {
    const end = (lines[at] ?? "").search(FENCE_END);
    if (end > 0 || (end === 0 && at > from)) return at;
  }
  return -1;
}

/** Lines of one kind that follow each other are one block. */
function lined(text: string): Block[] {
  if (!text) return [];
  const found: Block[] = [];
  let lines: string[] = [];
  let kind = "";
  const close = () => {
    if (lines.length) found.push(block(kind, lines));
    lines = [];
  };
  let isInFence = false;
  for (const line of text.split("\n")) {
    const next = isInFence ? "text" : QUOTE.test(line) ? "quote" : ITEM.test(line) ? (ITEM.exec(line)?.[1] ? "ordered" : "list") : "text";
    if ((line.match(/```/g)?.length ?? 0) % 2) isInFence = !isInFence;
    if (next !== kind) close();
    kind = next;
    lines.push(line);
  }
  close();
  return found;
}

function block(kind: string, lines: string[]): Block {
  if (kind === "quote") return { kind, spans: spans(lines.map((line) => line.replace(QUOTE, "")).join("\n")) };
  if (kind === "text") return { kind, spans: spans(lines.join("\n")) };
  const items = lines.map((line) => spans(line.replace(ITEM, "")));
  return { kind: "list", ordered: kind === "ordered", start: Number(ITEM.exec(lines[0] ?? "")?.[1] ?? 1), items };
}
