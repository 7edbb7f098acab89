/** The administrator's screens: the lists of each, and the commands that a row offers. */

import { tOptional, formatShortDate, type MessageKey } from "./i18n.svelte";

type Row = readonly string[];

/** Something to do with a row: a command with the arguments that the row gives; the others are asked for. */
export interface RowAction {
  command: string;
  fill: (row: Row) => Record<string, string>;
  /** Whether it makes sense for this row. */
  fits?: (row: Row) => boolean;
  isDestructive?: boolean;
}

/** A list is what a command tells; `given` are its arguments. */
export interface AdminList {
  command: string;
  given?: Record<string, string>;
  actions?: readonly RowAction[];
  /** It tells the latest last. */
  isReversed?: boolean;
}

export interface ScreenTable {
  id: string;
  word: MessageKey;
  /** What one should know of it. */
  hint?: MessageKey;
  lists: readonly AdminList[];
  /** Commands that are no row's. */
  forms: readonly string[];
  /** After how many seconds it is asked for again by itself. */
  refresh?: number;
}

const first = (key: string) => (row: Row) => ({ [key]: (row[0] ?? "").split(" ")[0] ?? "" });
const isAddress = (row: Row) => /[.:]/.test(row[0] ?? "");
const isOut = (kind: string, address: boolean) => (row: Row) => row[1] === kind && isAddress(row) === address;

export const SCREENS: readonly ScreenTable[] = [
  { id: "overview", word: "admin.overview", lists: [{ command: "status" }], forms: ["announce", "backup", "reload", "shutdown"], refresh: 5 },
  {
    id: "people", word: "admin.people", forms: ["add account"],
    lists: [
      {
        command: "users",
        actions: [
          { command: "kick", fill: first("username"), fits: (row) => !/^(banned|suspended)/.test(row[2] ?? "") },
          { command: "ban", fill: first("username"), fits: (row) => row[2] !== "banned", isDestructive: true },
          { command: "kill", fill: first("username"), fits: (row) => row[3] !== "0", isDestructive: true },
          { command: "set role", fill: first("username"), fits: (row) => row[1] !== "guest" },
          { command: "reset password", fill: first("username"), fits: (row) => row[1] !== "guest", isDestructive: true },
        ],
      },
      { command: "connections", actions: [{ command: "kick ip", fill: (row) => ({ ip: (row[1] ?? "").replace(/:\d+$/, "").replace(/[[\]]/g, "") }), isDestructive: true }] },
    ],
  },
  {
    id: "requests", word: "admin.requests", forms: [],
    lists: [
      {
        command: "pending rooms",
        actions: ["accept pending", "deny pending"].map((command) => ({ command, fill: (row: Row) => ({ username: row[0] ?? "", rooms: row[1] ?? "" }) })),
      },
      { command: "pending accounts", actions: [{ command: "accept account", fill: first("username") }] },
    ],
  },
  {
    id: "reports", word: "admin.reports", forms: [],
    lists: [{ command: "reports", actions: [{ command: "report", fill: first("number") }, { command: "close report", fill: first("number") }, { command: "kick", fill: (row) => ({ username: row[3] ?? "" }) }] }],
  },
  {
    id: "rooms", word: "admin.rooms", forms: ["add room"],
    lists: [
      {
        command: "rooms",
        actions: [
          { command: "members", fill: first("room") },
          { command: "set room", fill: first("room") },
          { command: "rename room", fill: first("room") },
          { command: "delete room", fill: first("room"), isDestructive: true },
        ],
      },
    ],
  },
  {
    id: "bans", word: "admin.bans", forms: ["ban", "kick", "ban ip", "kick ip"],
    lists: [
      {
        command: "bans",
        actions: [
          { command: "unban", fill: first("username"), fits: isOut("banned", false) },
          { command: "unkick", fill: first("username"), fits: isOut("suspended", false) },
          { command: "unban ip", fill: first("ip"), fits: isOut("banned", true) },
          { command: "unkick ip", fill: first("ip"), fits: isOut("suspended", true) },
        ],
      },
    ],
  },
  { id: "invitations", word: "admin.invitations", forms: ["add invitation"], lists: [{ command: "invitations", actions: [{ command: "delete invitation", fill: first("number"), isDestructive: true }] }] },
  {
    id: "webhooks", word: "admin.webhooks", forms: ["add webhook in", "add webhook out"],
    lists: [{ command: "webhooks", actions: [{ command: "delete webhook", fill: first("number"), isDestructive: true }] }],
  },
  { id: "audit", word: "admin.audit", forms: [], lists: [{ command: "audit", given: { number: "200" }, isReversed: true }] },
  { id: "settings", word: "admin.settings", hint: "admin.settings_hint", forms: [], lists: [{ command: "settings", actions: [{ command: "set setting", fill: (row) => ({ setting: row[0] ?? "" }), fits: (row) => row[3] === "administrators" }] }] },
  { id: "log", word: "admin.log", forms: [], lists: [{ command: "log", given: { number: "200" }, isReversed: true }], refresh: 5 },
  { id: "console", word: "admin.console", forms: [], lists: [] },
];

const slug = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, "_");

/** What a command is called on a button. */
export const commandName = (command: string): string => tOptional(`admin.do_${slug(command)}`) ?? command;
/** What an argument is called. */
export const fieldName = (name: string): string => tOptional(`admin.field_${slug(name)}`) ?? name;
/** What a column is called; its times are shown as the reader's own. */
export const columnName = (name: string): string => tOptional(`admin.column_${slug(name.replace(" (UTC)", ""))}`) ?? name;

/** A cell as people read it. */
export function cell(column: string, text: string): string {
  const time = column.endsWith("(UTC)") ? Date.parse(`${text.replace(" ", "T")}Z`) : NaN;
  return Number.isNaN(time) ? (tOptional(`admin.value_${slug(text)}`) ?? text) : formatShortDate(time);
}
