/** The server's numerics and standard replies: its greeting, lists, descriptions and refusals. */

import type { Client } from "./client";
import type { Conversation } from "./chatModel";
import type { ServerReply } from "./serverReply";
import { clean } from "./safeText";
import { type Line, last, param } from "./ircLine";

const LISTED_MAX = 20_000;

export function welcome(client: Client, line: Line): void {
  client.server.name = line.source;
  client.nickChanged(param(line, 0));
}

export function loggedIn(client: Client, line: Line): void {
  client.account = param(line, 2);
  client.drafts.comeIn();
  client.happened({ type: "signed-in", account: client.account });
}

/** What an answer says: of a number the nickname comes first, of a standard reply its command and its code. */
export function replyOf(client: Client, line: Line): ServerReply {
  const isNumber = /^\d/.test(line.verb);
  const text = clean(last(line));
  if (isNumber) return { code: line.verb, command: client.requests.current?.command ?? "", words: line.params.slice(1, -1), text };
  return { code: param(line, 1), command: param(line, 0), words: line.params.slice(2, -1), text };
}

/** WARN and NOTE. */
export function note(client: Client, line: Line): void {
  client.happened({ type: "server-said", sender: "", text: client.replyText(replyOf(client, line)), conversation: placeOf(client, line) });
}

/** `FAIL <command> <code> [<context>...] <description>`. */
export function fail(client: Client, line: Line): void {
  if (["REGISTER", "INVITATION"].includes(param(line, 0)) && !client.isHere) client.registration.failedToRegister(line);
  else if (param(line, 1) === "SIGNED_OUT") client.happened({ type: "signed-out", reason: client.replyText(replyOf(client, line)) });
  else refuse(client, param(line, 0), param(line, 1), line);
}

const NICK_REFUSALS = new Set(["432", "433", "436", "437"]);
const MORE_REFUSALS = new Set(["696", "734", "723", "769"]);
/** ERR_LINKCHANNEL: one comes into another channel, and is refused nothing. */
const TAKEN_ALONG = "470";
const NOT_JOINED = new Set(["403", "405", "437", "471", "473", "474", "475", "476", "477", "479", "489", "520"]);

/** Any other number: 400 to 599 and some above are refusals, the rest is for people to read. */
export function numeric(client: Client, line: Line): void {
  if (NICK_REFUSALS.has(line.verb) && !client.isHere) client.registration.nickRefused(line);
  else if ((line.verb === "421" || line.verb === "451") && !client.isHere) return;
  else if ((line.verb >= "400" && line.verb <= "599" && line.verb !== TAKEN_ALONG) || MORE_REFUSALS.has(line.verb)) refuse(client, "", line.verb, line);
  else if (client.isHere) {
    // A number says by its place in the line what stands where: its text may be a word only.
    const said = { ...replyOf(client, line), words: line.params.slice(1) };
    client.happened({ type: "server-said", sender: "", text: client.replyText(said), conversation: placeOf(client, line) });
  }
}

/** The server says no: to what is being answered, if that is known. */
function refuse(client: Client, command: string, code: string, line: Line): void {
  const conversation = placeOf(client, line);
  const isNumber = /^\d/.test(line.verb);
  if (NOT_JOINED.has(code) || (command === "JOIN" && !conversation)) client.notJoined(param(line, isNumber ? 1 : 2));
  const text = client.replyText(replyOf(client, line));
  const request = client.requests.current;
  request?.refuse(code, text);
  if (request?.quiet) return;
  client.happened({ type: "refused", command: command || (request?.command ?? ""), code, text, conversation });
}

/** The open conversation that a line names. */
function placeOf(client: Client, line: Line): Conversation | null {
  for (const word of line.params.slice(0, -1)) {
    const found = client.server.isRoom(word) ? client.find(word) : undefined;
    if (found) return found;
  }
  return null;
}

// The list of rooms

/** 322. */
export function listed(client: Client, line: Line): void {
  if (client.listed.length >= LISTED_MAX) return;
  client.listed.push({ name: param(line, 1), members: Number(param(line, 2)) || 0, topic: clean(param(line, 3)) });
}

export function listEnd(client: Client): void {
  const rooms = client.listed.sort((a, b) => b.members - a.members || a.name.localeCompare(b.name));
  client.listed = [];
  client.happened({ type: "rooms-listed", rooms });
}

// Descriptions of people

/** Number → what of somebody it tells. */
export const WHOIS: Record<string, string> = {
  "311": "is", "312": "server", "313": "operator", "317": "idle", "319": "rooms", "320": "note", "330": "account", "335": "bot",
  "338": "address", "378": "host", "379": "modes", "671": "secure", "276": "certificate", "760": "metadata",
};

export function whois(client: Client, line: Line): void {
  const facts = client.described.get(param(line, 1)) ?? new Map<string, string>();
  client.described.set(param(line, 1), facts);
  const fact = WHOIS[line.verb] ?? "";
  let text = line.params.slice(2).join(" ");
  if (line.verb === "311") text = `${param(line, 2)}@${param(line, 3)} (${last(line)})`;
  else if (["330", "317", "338"].includes(line.verb)) text = param(line, 2);
  else if (line.verb === "319") text = bare(client, last(line));
  else if (line.verb === "760") text = `${param(line, 2)} = ${last(line)}`;
  const before = facts.get(fact);
  facts.set(fact, clean(before ? `${before}; ${text}` : text));
}

/** Rooms without the signs of somebody's ranks in them. */
function bare(client: Client, rooms: string): string {
  const ranks = new Set(client.server.ranks.values());
  return rooms.split(" ").filter(Boolean).map((room) => [...room].slice([...room].findIndex((sign) => !ranks.has(sign))).join("")).join(", ");
}

export function whoisEnd(client: Client, line: Line): void {
  const facts = client.described.get(param(line, 1));
  client.described.delete(param(line, 1));
  if (facts) client.happened({ type: "person-described", nick: param(line, 1), facts });
}
