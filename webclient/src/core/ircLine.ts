/** Lines of IRC as values: `parse` reads one, `format` writes one. */

export interface Line {
  readonly verb: string;
  readonly params: readonly string[];
  readonly source: string;
  readonly tags: Readonly<Record<string, string>>;
}

const BODY_BYTES_MAX = 512;
const utf8 = new TextEncoder();

/** How many bytes of UTF-8 a text takes. */
export function byteLength(text: string): number {
  return utf8.encode(text).length;
}

const ESCAPES: Record<string, string> = { ";": "\\:", " ": "\\s", "\\": "\\\\", "\r": "\\r", "\n": "\\n" };
const UNESCAPES: Record<string, string> = { ":": ";", s: " ", "\\": "\\", r: "\r", n: "\n" };

/** message-tags: "Escaping values". */
export function escapeTag(value: string): string {
  return value.replace(/[; \\\r\n]/g, (letter) => ESCAPES[letter] ?? letter);
}

function unescapeTag(value: string): string {
  return value.replace(/\\(.?)/gs, (_, letter: string) => UNESCAPES[letter] ?? letter);
}

/** A line without its end; null for what is none. */
export function parse(text: string): Line | null {
  let rest = text;
  const tags: Record<string, string> = Object.create(null) as Record<string, string>;
  let source = "";
  if (rest.startsWith("@")) {
    const [words, after] = cutAt(rest.slice(1), " ");
    for (const word of words.split(";")) {
      const [key, value] = cutAt(word, "=");
      if (key) tags[key] = unescapeTag(value);
    }
    rest = after.replace(/^ +/, "");
  }
  if (rest.startsWith(":")) {
    const [word, after] = cutAt(rest.slice(1), " ");
    source = word;
    rest = after.replace(/^ +/, "");
  }
  const params: string[] = [];
  while (rest) {
    if (rest.startsWith(":") && params.length) {
      params.push(rest.slice(1));
      break;
    }
    const [word, after] = cutAt(rest, " ");
    if (word) params.push(word);
    rest = after;
  }
  const verb = params.shift();
  if (!verb || !/^([A-Za-z]+|\d{3})$/.test(verb)) return null;
  return { verb: verb.toUpperCase(), params, source, tags };
}

/** A line to be sent, without its end. Throws a TypeError where a parameter can't stand where it is. */
export function format(verb: string, params: readonly string[], tags: Readonly<Record<string, string>> = {}): string {
  const words = Object.entries(tags).map(([key, value]) => (value ? `${key}=${escapeTag(value)}` : key));
  const head = words.length ? `@${words.join(";")} ` : "";
  if (params.some((param) => /[\r\n\0]/.test(param))) throw new TypeError("a parameter is one line");
  if (params.slice(0, -1).some((param) => !isMiddle(param))) throw new TypeError("only the last parameter may be a text");
  const last = params.at(-1);
  const end = last === undefined ? "" : isMiddle(last) ? ` ${last}` : ` :${last}`;
  return head + [verb, ...params.slice(0, -1)].join(" ") + end;
}

function isMiddle(param: string): boolean {
  return param !== "" && !param.startsWith(":") && !param.includes(" ");
}

/** How many bytes of a further, last parameter fit after these. */
export function roomBytes(verb: string, ...params: string[]): number {
  return BODY_BYTES_MAX - 2 - byteLength([verb, ...params].join(" ")) - 2;
}

/** A parameter, or nothing. */
export function param(line: Line, at: number): string {
  return line.params[at] ?? "";
}

export function last(line: Line): string {
  return line.params.at(-1) ?? "";
}

/** `nick!user@host` in its parts. */
export function splitSource(source: string): [nick: string, user: string, host: string] {
  const [name, host] = cutAt(source, "@");
  const [nick, user] = cutAt(name, "!");
  return [nick, user, host];
}

/** What stands before the first separator, and behind it. */
export function cutAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** server-time: `YYYY-MM-DDThh:mm:ss.sssZ` as milliseconds since 1970; null for what is no time. */
export function parseTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** Whether it can name a room or a person on the wire: one word. */
export function isName(text: string): boolean {
  return text !== "" && !text.startsWith(":") && !/[ ,\0\r\n]/.test(text);
}
