/** The sentences for the server's replies: the keys `said.*`, and the tables of replies that have none. */

import type { ServerReply } from "../core/serverReply";
import { translateServer, tOptional, t } from "./i18n.svelte";

/** The server's own sentence stands, put into the reader's language, since it tells what only the server knows: a rule, a limit, a time. */
export const SERVER_WORDED: ReadonlySet<string> = new Set([
  "432", "465", "476", "477", "902", "904", "907", "ACCOUNT_REQUIRED", "ALREADY_AUTHENTICATED", "BAD_ACCOUNT_NAME", "CANNOT_CHANGE_REALNAME", "CANNOT_RENAME",
  "EDIT_FORBIDDEN", "FORBIDDEN", "INVALID_REALNAME", "LIMIT_REACHED", "REDACT_FORBIDDEN", "TEMPORARILY_UNAVAILABLE", "UNACCEPTABLE_PASSWORD",
  "INVALID_VALUE", "VALUE_INVALID", "WEAK_PASSWORD", "DATA_UNREADABLE", "INTERNAL_ERROR", "MESSAGE_ERROR", "DISK_TAKES_NOTHING", "DRAFT_TOO_LONG",
  "ACCOUNT_UNKNOWN", "ADDRESS_MALFORMED", "EMOJI_NAME_REFUSED", "EMOJI_NAME_TAKEN", "EMOJI_OF_ANOTHER", "EMOJI_UNKNOWN", "TOO_MANY_EMOJI", "FILES_FULL", "FILE_REFUSED", "LAST_ADMINISTRATOR", "METADATA_FULL", "METADATA_VALUE_TOO_LONG",
  "NETWORK_HOLDS_MANY", "NOT_APPROVED", "NOT_KEPT_OUT", "NOT_SECURE", "NO_REQUEST", "OLD_PASSWORD_WRONG", "PASSWORD_COMMON", "PASSWORD_IS_NAME",
  "PASSWORD_IS_OWN", "PASSWORD_NOT_SENDABLE", "PASSWORD_REFUSED", "PUSH_ADDRESS_REFUSED", "REGISTRATION_CLOSED", "REPORT_UNKNOWN", "ROOM_EXISTS", "ROOM_IN_USE",
  "ROOM_MOVED", "ROOM_SPELLED", "SIGNED_IN_ALREADY", "SIGNED_OUT", "TOKEN_EXISTS", "TOKEN_UNKNOWN", "TOO_MANY_ATTEMPTS", "TOO_MANY_INVITATIONS",
  "TOO_MANY_PLACES", "TOO_MANY_SESSIONS", "TOO_MANY_TOKENS", "TOO_MANY_WEBHOOKS", "WEBHOOK_ADDRESS_REFUSED", "WEBHOOK_UNKNOWN",
  "CANNOT_BE_ADDED", "NEEDS_ACCOUNT", "NOT_CONVERSATION", "TOO_FEW_PEOPLE", "TOO_MANY_CONVERSATIONS", "TOO_MANY_PEOPLE",
]);

/** The page has written something wrongly, and no person can mend that. */
export const PROTOCOL_MISTAKES: ReadonlySet<string> = new Set([
  "400", "409", "410", "411", "421", "451", "461", "462", "472", "501", "502", "905", "906", "INVALID_LEVEL", "INVALID_MSGREFTYPE", "INVALID_NONCE",
  "INVALID_PARAMS", "INVALID_REFTAG", "INVALID_UTF8", "INVALID_KEY", "KEY_INVALID", "METADATA_KEY_INVALID", "MULTILINE_INVALID", "MULTILINE_INVALID_TARGET",
  "NEED_MORE_PARAMS", "NEED_NICK", "PUSH_INVALID", "SUBCOMMAND_INVALID", "TIMEOUT", "TOO_MANY_SUBS", "UNKNOWN_TYPE",
]);

/** Answers to what this page does not ask, and what it knows already: shown to nobody. */
export const SILENT: ReadonlySet<string> = new Set([
  "002", "003", "004", "216", "219", "221", "242", "243", "251", "252", "253", "254", "255", "256", "257", "258", "259", "265", "266",
  "302", "303", "314", "336", "337", "346", "347", "348", "349", "351", "364", "365", "369", "371", "374", "381", "382", "391", "402", "406",
  "423", "446", "483", "524", "704", "705", "706", "732", "733", "771", "772", "KEY_NOT_SET", "METADATA_NOT_SET",
]);

/** What stands around a reason, and is no sentence. */
const AROUND = /^(?:SASL authentication failed: |Closing link: \([^)]*\) \[(?=.*\]$))/s;
/** The refusal SIGN_IN_FAILED, which comes under other numbers. */
export const WRONG_CREDENTIALS = "The name or the password is wrong. Try again.";
const WHOLE = /^\p{Lu}.*[.!?]$/su;

/** The sentence for something that the server has answered; empty where it is nobody's news. */
export function replyText({ code, command, words, text }: ServerReply): string {
  if (SILENT.has(code)) return "";
  const bare = reason(text);
  if (bare === WRONG_CREDENTIALS) return t("said.SIGN_IN_FAILED");
  // One that waits for people is written out where others of its number are not: why somebody is kept out, how long one has to wait.
  if (SERVER_WORDED.has(code) || (SOMETIMES_SERVER_WORDED.has(code) && WHOLE.test(bare))) return translatedServerText(bare);
  const room = words.find((word) => word.startsWith("#")) ?? words[0] ?? "";
  const name = words.find((word) => !word.startsWith("#")) ?? words[0] ?? "";
  const places = { room, name, fresh: words.at(-1) ?? "", text: bare };
  const own = tOptional(`said.${command}.${code}`, places) ?? tOptional(`said.${code}`, places);
  return own ?? (PROTOCOL_MISTAKES.has(code) ? t("said.misunderstood") : translatedServerText(bare));
}

/** A sentence of the server's in the reader's language; one that this page does not know comes from a newer server. */
export function translatedServerText(text: string): string {
  return translateServer(text) ?? t("said.misunderstood");
}

/** The same, where it may be what a person has written. */
export function translatedOrVerbatim(text: string): string {
  return translateServer(text) ?? text;
}

/** These come with a customary text or with a sentence. */
const SOMETIMES_SERVER_WORDED: ReadonlySet<string> = new Set(["403", "433", "464", "473", "482"]);

/** Why, without what protocols write around it. */
function reason(text: string): string {
  const bare = text.replace(AROUND, "");
  return bare.length < text.length && text.endsWith("]") ? bare.slice(0, -1) : bare;
}

/** Why the server ends the connection. */
export function closingText(text: string): string {
  return t("said.closing", { reason: translatedOrVerbatim(reason(text)) });
}
