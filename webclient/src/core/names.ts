/** Names of rooms and people on any server, made safe to show. */

import type { Line } from "./ircLine";
import { bare, visible } from "./safeText";

/** The parameter from which on a line has text; all others are names, or may be. */
const TEXT_FROM: Readonly<Record<string, number>> = {
  QUIT: 0, AWAY: 0, SETNAME: 0, ERROR: 0, WALLOPS: 0,
  PRIVMSG: 1, NOTICE: 1, TOPIC: 1, PART: 1, "372": 1,
  KICK: 2, JOIN: 2, REDACT: 2, EDIT: 2, RENAME: 2, "301": 2, "332": 2,
  DRAFT: 3, METADATA: 3, "322": 3,
  "761": 4, "311": 5, "352": 7, "354": 8,
};

/**
 * A server's line without what hides, or reorders what is read.
 *
 * Other servers let people and rooms be called anything. A name has a visible mark for it: without it, it could be the
 * name of another.
 */
export function harmless(line: Line): Line {
  const textFrom = Object.hasOwn(TEXT_FROM, line.verb) ? (TEXT_FROM[line.verb] ?? Infinity) : Infinity;
  const params = line.params.map((param, at) => (at < textFrom ? visible(param) : bare(param)));
  const tags: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of Object.entries(line.tags)) tags[key] = key === "account" ? visible(value) : bare(value);
  return { verb: line.verb, params, source: visible(line.source), tags };
}
