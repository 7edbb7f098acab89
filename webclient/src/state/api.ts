/** The HTTP API: the server's description, sessions and tokens, custom emoji, and administration. */

import type * as types from "./apiTypes";
import { t } from "./i18n.svelte";
import { translatedServerText } from "./replyText";

export type * from "./apiTypes";

export const SCOPES: readonly types.Scope[] = ["chat", "read", "post", "admin"];

/** The server's answer when it did not do what was asked: a sentence for people. */
export class Refused extends Error {}

/** What an error says; without a sentence it is another program's that stands before the server. */
export function failure(error: string | undefined): string {
  return error ? translatedServerText(error) : t("said.unanswered");
}

type Parts = Readonly<Record<string, string | number>>;

/** Ask for an operation of the API; `parts` fill the `{parts}` of its path. Rejects with `Refused`. */
function ask<Key extends keyof types.Operations>(
  operation: Key, ticket: string, asked?: types.Operations[Key]["asked"], parts: Parts = {},
): Promise<types.Operations[Key]["answer"]> {
  const [method = "", path = ""] = operation.split(" ");
  return request(method, path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(parts[part] ?? "")), ticket, asked);
}

async function request<T>(method: string, path: string, ticket: string, body?: unknown): Promise<T> {
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

export const linkPreview = (ticket: string, url: string) => ask("POST /api/v1/preview", ticket, { url });
export const serverInfo = () => ask("GET /api/v1/place", "");
export const me = (ticket: string) => ask("GET /api/v1/me", ticket);
export const makeToken = (ticket: string, name: string, scopes: readonly types.Scope[]) => ask("POST /api/v1/tokens", ticket, { name, scopes });
/** A token with which this page comes back: once it is revoked, the page is signed out. */
export const staySignedIn = (ticket: string, name: string) => ask("POST /api/v1/tokens", ticket, { name, stays: true });
export const tokens = (ticket: string) => ask("GET /api/v1/tokens", ticket);
export const revokeToken = (ticket: string, name: string) => ask("DELETE /api/v1/tokens/{name}", ticket, undefined, { name });
export const sessions = (ticket: string) => ask("GET /api/v1/sessions", ticket);
export const endSession = (ticket: string, number: number) => ask("DELETE /api/v1/sessions/{number}", ticket, undefined, { number });
export const setPassword = (ticket: string, old: string, wanted: string, everywhere: boolean) =>
  ask("PUT /api/v1/password", ticket, { old, new: wanted, everywhere });
/** So that pictures, sound and video load by themselves, for whom they are for. */
export const letSeeFiles = (ticket: string) => request<undefined>("POST", "/api/v1/files/cookie", ticket);

export const emoji = (ticket: string) => ask("GET /api/v1/emoji", ticket);
export const addEmoji = (ticket: string, name: string, picture: Blob) => ask("POST /api/v1/emoji/{name}", ticket, picture, { name });
export const renameEmoji = (ticket: string, name: string, wanted: string) => ask("PATCH /api/v1/emoji/{name}", ticket, { name: wanted }, { name });
export const deleteEmoji = (ticket: string, name: string) => ask("DELETE /api/v1/emoji/{name}", ticket, undefined, { name });

export const forms = (ticket: string) => ask("GET /api/v1/admin/commands", ticket);
export const runLine = (ticket: string, line: string, page: types.ListPage = {}) => ask("POST /api/v1/admin", ticket, { line, ...page });
export const complete = (ticket: string, line: string) => ask("POST /api/v1/admin/complete", ticket, { line });

/** Run a command with arguments by their keys; of a list one page. */
export function run(ticket: string, form: types.Form, given: Readonly<Record<string, string>>, page: types.ListPage = {}): Promise<types.Done> {
  const filled = form.fields.flatMap(({ key, several }) => {
    const text = given[key]?.trim();
    return text ? [[key, several ? text.split(",").map((one) => one.trim()).filter(Boolean) : text] as const] : [];
  });
  if (form.changes) return request("POST", form.path, ticket, form.fields.length ? Object.fromEntries(filled) : undefined);
  const query = new URLSearchParams([...filled, ...Object.entries(page)].map(([key, value]) => [key, String(value)]));
  return request("GET", query.size ? `${form.path}?${query}` : form.path, ticket);
}
