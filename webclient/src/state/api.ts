/** What goes over HTTP: what the place is like, sign-in tokens, and files. */

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
}

export interface TokenRow {
  name: string;
  made: string;
}

/** The server's answer when it did not do what was asked: a sentence for people. */
export class Refused extends Error {}

async function ask<T>(method: string, path: string, ticket = "", body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (ticket) headers["Authorization"] = `Bearer ${ticket}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body), cache: "no-store" });
  if (answer.status === 204) return undefined as T;
  const said = (await answer.json().catch(() => ({}))) as T & { error?: string };
  if (!answer.ok) throw new Refused(said.error ?? answer.statusText);
  return said;
}

export const place = (): Promise<Place> => ask("GET", "/api/v1/place");
export const makeToken = (ticket: string, name: string): Promise<{ token: string }> => ask("POST", "/api/v1/tokens", ticket, { name });
export const tokens = (ticket: string): Promise<{ tokens: TokenRow[] }> => ask("GET", "/api/v1/tokens", ticket);
/** So that pictures, sound and video load by themselves, for whom they are for. */
export const letSeeFiles = (ticket: string): Promise<void> => ask("POST", "/api/v1/files/cookie", ticket);
export const revokeToken = (ticket: string, name: string): Promise<void> => ask("DELETE", `/api/v1/tokens/${encodeURIComponent(name)}`, ticket);
