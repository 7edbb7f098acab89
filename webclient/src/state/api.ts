/** What goes over HTTP: what the place is like, sign-in tokens, and files. */

import { ofServer } from "./answers";
import { t } from "./words.svelte";

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
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body), cache: "no-store" }).catch(() => {
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

// Administration

export const forms = (ticket: string): Promise<{ commands: Form[] }> => ask("GET", "/api/v1/admin/commands", ticket);
export const runLine = (ticket: string, line: string): Promise<Done> => ask("POST", "/api/v1/admin", ticket, { line });
export const complete = (ticket: string, line: string): Promise<{ words: string[] }> => ask("POST", "/api/v1/admin/complete", ticket, { line });

/** Run a command with arguments by their keys. */
export function run(ticket: string, form: Form, given: Readonly<Record<string, string>>): Promise<Done> {
  const filled = form.fields.flatMap(({ key, several }) => {
    const text = given[key]?.trim();
    return text ? [[key, several ? text.split(",").map((one) => one.trim()).filter(Boolean) : text] as const] : [];
  });
  if (form.changes) return ask("POST", form.path, ticket, form.fields.length ? Object.fromEntries(filled) : undefined);
  const query = new URLSearchParams(filled.map(([key, value]) => [key, String(value)]));
  return ask("GET", filled.length ? `${form.path}?${query}` : form.path, ticket);
}
