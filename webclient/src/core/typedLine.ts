/** A typed line, told apart: a message, a command, or a doubt, which is not sent. */

import { isSecret } from "./passwordWords";

export type Typed =
  | { kind: "said"; text: string }
  | { kind: "asked"; name: string; rest: string }
  /** A slash, and no word behind it; or a word that needs more behind it. */
  | { kind: "unknown" | "short"; name: string }
  /** Meant for a service, with a password in it perhaps; the room would read it. */
  | { kind: "secret" };

/** `needs` has each word with how many others it needs behind it; `bare` the lines that mean one without a slash. */
export function readLine(text: string, needs: ReadonlyMap<string, number>, bare: ReadonlyMap<string, string>): Typed {
  const line = text.trim();
  const meant = bare.get(line);
  if (meant !== undefined) return { kind: "asked", name: meant, rest: "" };
  const [, first = "", rest = ""] = /^(\S*)\s*([^]*)$/.exec(line) ?? [];
  if (first.toLowerCase() === "@nickserv" && isSecret(line)) return { kind: "secret" };
  if (!line.startsWith("/")) return { kind: "said", text };
  if (line.startsWith("//")) return { kind: "said", text: text.trimStart().slice(1) };
  const name = first.slice(1).toLowerCase();
  const least = needs.get(name);
  if (least === undefined) return { kind: "unknown", name };
  return rest.split(/\s+/).filter(Boolean).length < least ? { kind: "short", name } : { kind: "asked", name, rest };
}
