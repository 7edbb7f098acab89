/** What goes over HTTP: what the place is like, sign-in tokens, and files. */

import { ofServer } from "./replyText";
import { t } from "./i18n.svelte";

export interface Place {
  network: string;
  version: string;
  registration: "open" | "invitation" | "approval" | "closed";
  guests: boolean;
  password: boolean;
  names: string;
  name_rule: string;
  password_min_characters: number;
  file_bytes: number;
  guest_files: boolean;
  previews: boolean;
}

export interface TokenRow {
  name: string;
  made: string;
  /** When it was used last, to the hour; null for never. */
  used: string | null;
  scopes: readonly Scope[];
}

/** Where one is signed in; `by` is what proved it, and `token` how that is called where it has a name. */
export interface SessionRow {
  number: number;
  face: string;
  client: string;
  address: string;
  since: string;
  by: "password" | "token" | "certificate" | "key";
  token: string;
  own: boolean;
}

export const SCOPES = ["chat", "read", "post", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export interface Me {
  name: string;
  account: string | null;
  role: "member" | "moderator" | "admin";
}

/** An argument of an administrator's command, and what might be meant. */
export interface Field {
  key: string;
  name: string;
  required: boolean;
  several: boolean;
  suggestions: readonly string[];
}

/** How an administrator's command is asked for. */
export interface Form {
  command: string;
  path: string;
  help: string;
  changes: boolean;
  fields: readonly Field[];
}

/** What came of an administrator's command: sentences, and of a list its columns and rows. */
export interface Done {
  lines: readonly string[];
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  ok: boolean;
  /** Where a list goes on; null at its end. */
  next: number | null;
}

/** Which part of a list is wanted: from which row on, and only what has these words. */
export interface Part {
  offset?: number;
  find?: string;
}

/** The server's answer when it did not do what was asked: a sentence for people. */
export class Refused extends Error {}

/** What an error says; without a sentence it is another program's that stands before the server. */
export function failure(error: string | undefined): string {
  return error ? ofServer(error) : t("said.unanswered");
}

async function ask<T>(method: string, path: string, ticket = "", body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (ticket) headers["Authorization"] = `Bearer ${ticket}`;
  const isFile = body instanceof Blob;
  if (isFile) headers["Content-Type"] = body.type;
  else if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = isFile ? body : body === undefined ? null : JSON.stringify(body);
  const answer = await fetch(path, { method, headers, body: sent, cache: "no-store" }).catch(() => {
    throw new Refused(t("said.unanswered"));
  });
  if (answer.status === 204) return undefined as T;
  const said = (await answer.json().catch(() => ({}))) as T & { error?: string };
  if (!answer.ok) throw new Refused(failure(said.error));
  return said;
}

/** What a link leads to; empty texts where that is nothing to show. */
export interface Preview {
  title: string;
  description: string;
  site: string;
  picture: string;
}

export const preview = (ticket: string, url: string): Promise<Preview> => ask("POST", "/api/v1/preview", ticket, { url });
export const place = (): Promise<Place> => ask("GET", "/api/v1/place");
export const me = (ticket: string): Promise<Me> => ask("GET", "/api/v1/me", ticket);
export const makeToken = (ticket: string, name: string, scopes: readonly Scope[]): Promise<{ token: string }> =>
  ask("POST", "/api/v1/tokens", ticket, { name, scopes });
/** A token with which this page comes back: once it is revoked, the page is signed out. */
export const staySignedIn = (ticket: string, name: string): Promise<{ token: string }> => ask("POST", "/api/v1/tokens", ticket, { name, stays: true });
export const sessions = (ticket: string): Promise<{ sessions: SessionRow[] }> => ask("GET", "/api/v1/sessions", ticket);
export const endSession = (ticket: string, number: number): Promise<void> => ask("DELETE", `/api/v1/sessions/${number}`, ticket);
export const setPassword = (ticket: string, old: string, wanted: string, everywhere: boolean): Promise<{ sessions: number; tokens: number }> =>
  ask("PUT", "/api/v1/password", ticket, { old, new: wanted, everywhere });
export const tokens = (ticket: string): Promise<{ tokens: TokenRow[] }> => ask("GET", "/api/v1/tokens", ticket);
/** So that pictures, sound and video load by themselves, for whom they are for. */
export const letSeeFiles = (ticket: string): Promise<void> => ask("POST", "/api/v1/files/cookie", ticket);
export const revokeToken = (ticket: string, name: string): Promise<void> => ask("DELETE", `/api/v1/tokens/${encodeURIComponent(name)}`, ticket);

// Custom emoji

export interface EmojiRow {
  name: string;
  url: string;
  /** The account that has added it. */
  by: string;
  at: string;
}

export interface EmojiList {
  emoji: readonly EmojiRow[];
  /** Who may add more. */
  makers: "members" | "moderators" | "administrators";
  limit: number;
}

const one = (name: string): string => `/api/v1/emoji/${encodeURIComponent(name)}`;
export const emoji = (ticket: string): Promise<EmojiList> => ask("GET", "/api/v1/emoji", ticket);
export const addEmoji = (ticket: string, name: string, picture: Blob): Promise<EmojiRow> => ask("POST", one(name), ticket, picture);
export const renameEmoji = async (ticket: string, name: string, wanted: string): Promise<void> => void (await ask("PATCH", one(name), ticket, { name: wanted }));
export const deleteEmoji = (ticket: string, name: string): Promise<void> => ask("DELETE", one(name), ticket);

// Administration

export const forms = (ticket: string): Promise<{ commands: Form[] }> => ask("GET", "/api/v1/admin/commands", ticket);
export const runLine = (ticket: string, line: string, part: Part = {}): Promise<Done> => ask("POST", "/api/v1/admin", ticket, { line, ...part });
export const complete = (ticket: string, line: string): Promise<{ words: string[] }> => ask("POST", "/api/v1/admin/complete", ticket, { line });

/** Run a command with arguments by their keys; of a list one part. */
export function run(ticket: string, form: Form, given: Readonly<Record<string, string>>, part: Part = {}): Promise<Done> {
  const filled = form.fields.flatMap(({ key, several }) => {
    const text = given[key]?.trim();
    return text ? [[key, several ? text.split(",").map((one) => one.trim()).filter(Boolean) : text] as const] : [];
  });
  if (form.changes) return ask("POST", form.path, ticket, form.fields.length ? Object.fromEntries(filled) : undefined);
  const query = new URLSearchParams([...filled, ...Object.entries(part)].map(([key, value]) => [key, String(value)]));
  return ask("GET", query.size ? `${form.path}?${query}` : form.path, ticket);
}
