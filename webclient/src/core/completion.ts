/** Completion of the word at the cursor: names, rooms, commands and emoji. */

import type { Client } from "./client";
import type { Conversation } from "./chatModel";

const SUGGESTIONS_MAX = 8;
const EMOJI_LETTERS_MIN = 2;

/** `text` takes the place of the word; `label` is what is shown, `hint` says what it is, `emoji` is one of the place's own. */
export interface Suggestion {
  emoji?: string;
  text: string;
  label: string;
  hint: string;
}

/** The word from `start` to `end` of the text may become any of these, the likeliest first. */
export interface Completion {
  start: number;
  end: number;
  suggestions: readonly Suggestion[];
}

/** `words` are the commands with what they do; `emoji` is name → emoji. */
export interface Vocabulary {
  words: ReadonlyMap<string, string>;
  emoji: ReadonlyMap<string, string>;
}

/** What may stand at the cursor. Names without `@` are suggested only when `asked`, as by Tab. */
export function complete(
  client: Client, vocabulary: Vocabulary, text: string, at: number, here: Conversation, asked = false,
): Completion | null {
  const start = Math.max(text.lastIndexOf(" ", at - 1), text.lastIndexOf("\n", at - 1)) + 1;
  const word = at > 0 ? text.slice(start, at) : "";
  let found: Suggestion[] = [];
  if (word.startsWith("/") && start === 0) found = commands(vocabulary, word.slice(1));
  else if (word.startsWith("@")) found = names(client, here, word.slice(1), "@", " ");
  else if (word.startsWith("#")) found = rooms(client, word);
  else if (word.startsWith(":") && (word.length > EMOJI_LETTERS_MIN || asked)) found = pictures(vocabulary, client.emoji.known, word.slice(1));
  else if (asked && word) found = names(client, here, word, "", start === 0 ? ": " : " ");
  const suggestions = found.slice(0, SUGGESTIONS_MAX);
  // What is written out already needs no completing.
  if (!asked && suggestions.length === 1 && suggestions[0]?.text.trimEnd() === word) return null;
  return suggestions.length ? { start, end: at, suggestions } : null;
}

function commands({ words }: Vocabulary, part: string): Suggestion[] {
  return [...words]
    .filter(([name]) => name.startsWith(part.toLowerCase()))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hint]) => ({ text: `/${name} `, label: `/${name}`, hint }));
}

/** Who spoke here last comes first, then the members who are online, then the others. */
function names(client: Client, here: Conversation, part: string, before: string, behind: string): Suggestion[] {
  const nicks = new Set<string>();
  for (const message of here.timeline.messages.slice(-200).reverse()) {
    if (message.isTalk && !message.isOwn) nicks.add(message.sender);
  }
  client.members.ask(here);
  for (const { person } of [...here.present, ...here.absent]) nicks.add(person.nick);
  if (!here.isRoom) nicks.add(here.name);
  const wanted = part.toLowerCase();
  const found: Suggestion[] = [];
  for (const nick of nicks) {
    const name = client.people.find(nick)?.displayName ?? nick;
    if (nick.toLowerCase().startsWith(wanted) || name.toLowerCase().startsWith(wanted)) {
      found.push({ text: `${before}${nick}${behind}`, label: nick, hint: name === nick ? "" : name });
    }
  }
  return found;
}

function rooms(client: Client, word: string): Suggestion[] {
  return [...client.conversations.values()]
    .filter((one) => one.isRoom && one.name.toLowerCase().startsWith(word.toLowerCase()))
    .map((one) => ({ text: `${one.name} `, label: one.name, hint: one.topic }));
}

function pictures({ emoji }: Vocabulary, own: ReadonlyMap<string, string>, part: string): Suggestion[] {
  // It is written out, and becomes the emoji when it is sent.
  if (part.endsWith(":") && (emoji.has(part.slice(0, -1)) || own.has(part.slice(0, -1)))) return [];
  const wanted = part.replace(/:+$/, "").toLowerCase();
  return [...new Map([...own, ...emoji])]
    .filter(([name]) => name.includes(wanted))
    .sort(([a], [b]) => Number(!a.startsWith(wanted)) - Number(!b.startsWith(wanted)) || a.length - b.length || (a < b ? -1 : 1))
    .slice(0, SUGGESTIONS_MAX)
    .map(([name, picture]) => (emoji.has(name) ? { text: `${picture} `, label: picture, hint: `:${name}:` } : { text: `:${name}: `, label: "", hint: `:${name}:`, emoji: name }));
}

/** The text with `:name:` written as the emoji that it names, outside of code. */
export function withEmoji(text: string, emoji: ReadonlyMap<string, string>): string {
  return text
    .split("`")
    .map((piece, at) => (at % 2 ? piece : withNames(piece, emoji)))
    .join("`");
}

/** A colon that ends no name may begin one: in `:x:tea:` stands `:tea:`. */
function withNames(text: string, emoji: ReadonlyMap<string, string>): string {
  const [first = "", ...parts] = text.split(":");
  let written = first;
  while (parts.length) {
    const name = parts.shift() ?? "";
    const picture = parts.length ? emoji.get(name) : undefined;
    written += picture === undefined ? `:${name}` : picture + (parts.shift() ?? "");
  }
  return written;
}
