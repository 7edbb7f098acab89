/** The commands that can be typed, the same as in the other clients. */

import type { Conversation } from "../core/chatModel";
import { readLine } from "../core/typedLine";
import { isName } from "../core/ircLine";
import { app } from "./app.svelte";
import { session } from "./session.svelte";
import { t, type MessageKey } from "./i18n.svelte";

interface Command {
  usage: string;
  word: MessageKey;
  needs?: number;
  others?: readonly string[];
  act: (here: Conversation, rest: string) => void;
}

/** Why something that was typed is not done: a sentence. */
class CommandError extends Error {}

const ask = (verb: string) => (here: Conversation, rest: string) => session.client?.ask(verb, here.name, rest);
const rank = (change: string) => (here: Conversation, rest: string) => session.client?.ask("MODE", here.name, change, rest.split(" ")[0] ?? "");

function split(text: string): [string, string] {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1).trim()];
}

const COMMANDS: readonly Command[] = [
  { usage: "/help", word: "command.help", act: () => (app.dialog = "keys") },
  { usage: "/exit", word: "command.exit", others: ["quit", "bye"], act: () => void session.leave() },
  {
    usage: "/msg NAME TEXT", word: "command.msg", needs: 2,
    act: (_, rest) => {
      const [name, text] = split(rest);
      app.sendTo(person(name), text);
    },
  },
  { usage: "/query NAME", word: "command.query", needs: 1, act: (_, rest) => app.openByName(person(rest)) },
  {
    usage: "/join ROOM [KEY]", word: "command.join", needs: 1, others: ["j"],
    act: (_, rest) => {
      const [room, key] = split(rest);
      app.enter(/^[#&]/.test(room) ? room : `#${room}`, key);
    },
  },
  { usage: "/leave", word: "command.leave", others: ["part", "close"], act: (here) => app.leave(here) },
  { usage: "/rooms", word: "command.rooms", act: () => (app.dialog = "rooms") },
  { usage: "/topic TEXT", word: "command.topic", needs: 1, act: inRoom(ask("TOPIC")) },
  { usage: "/me TEXT", word: "command.me", needs: 1, act: (here, rest) => session.client?.say(here, rest, { kind: "action" }) },
  {
    usage: "/search WORDS", word: "command.search", needs: 1,
    act: (_, rest) => {
      app.pane = "search";
      app.search({ text: rest, where: "", by: "", afterMs: 0, beforeMs: 0 });
    },
  },
  { usage: "/nick NAME", word: "command.nick", needs: 1, act: (_, rest) => session.client?.takeNick(rest) },
  { usage: "/name [NAME]", word: "command.name", act: (_, rest) => app.setMetadata("display-name", rest) },
  { usage: "/status [TEXT]", word: "command.status", act: (_, rest) => app.setMetadata("status", rest) },
  { usage: "/away [TEXT]", word: "command.away", act: (_, rest) => session.client?.ask("AWAY", rest || t("away")) },
  { usage: "/back", word: "command.back", act: () => session.client?.ask("AWAY") },
  {
    usage: "/whois NAME", word: "command.whois", needs: 1,
    act: (_, rest) => {
      app.profile = rest;
      app.dialog = "profile";
    },
  },
  { usage: "/invite NAME", word: "command.invite", needs: 1, act: inRoom((here, rest) => session.client?.ask("INVITE", rest, here.name)) },
  {
    usage: "/kick NAME [REASON]", word: "command.kick", needs: 1,
    act: inRoom((here, rest) => {
      const [name, reason] = split(rest);
      app.kick(here, name, reason);
    }),
  },
  { usage: "/ban NAME", word: "command.ban", needs: 1, act: inRoom((here, rest) => app.ban(here, rest, mask(rest))) },
  { usage: "/unban NAME", word: "command.unban", needs: 1, act: inRoom((here, rest) => session.client?.ask("MODE", here.name, "-b", mask(rest))) },
  { usage: "/op NAME", word: "command.op", needs: 1, act: inRoom(rank("+o")) },
  { usage: "/deop NAME", word: "command.deop", needs: 1, act: inRoom(rank("-o")) },
  { usage: "/voice NAME", word: "command.voice", needs: 1, act: inRoom(rank("+v")) },
  { usage: "/devoice NAME", word: "command.devoice", needs: 1, act: inRoom(rank("-v")) },
  { usage: "/accept NAME", word: "command.accept", needs: 1, act: inRoom((here, rest) => chanserv("ACCEPT", here, rest)) },
  { usage: "/deny NAME", word: "command.deny", needs: 1, act: inRoom((here, rest) => chanserv("DENY", here, rest)) },
  { usage: "/admin COMMAND", word: "command.admin", needs: 1, act: (_, rest) => session.client?.ask("HUBBUB", rest) },
];

/** One person's name, with or without the `@` of a mention. */
function person(name: string): string {
  const bare = name.replace(/^@/, "");
  if (!isName(bare)) throw new CommandError(t("command.one_name"));
  return bare;
}

/** What is done to a room is not done where one speaks with a person. */
function inRoom(act: Command["act"]): Command["act"] {
  return (here, rest) => {
    if (!here.isRoom) throw new CommandError(t("command.in_room"));
    act(here, rest);
  };
}

function chanserv(verb: string, here: Conversation, name: string): void {
  session.client?.ask("CHANSERV", `${verb} ${here.name} ${name}`);
}

function mask(name: string): string {
  return /[!@*:]/.test(name) ? name : (session.client?.banMask(name) ?? name);
}

const BY_NAME = new Map(COMMANDS.flatMap((one) => [nameOf(one), ...(one.others ?? [])].map((name) => [name, one] as const)));

function nameOf(command: Command): string {
  return split(command.usage)[0].slice(1);
}

/** Name → what it does, for completion. */
export const COMMAND_USAGES: ReadonlyMap<string, string> = new Map(
  COMMANDS.map((one) => [nameOf(one), one.usage]),
);

/** Every command with what it does, for those who ask. */
export function commandHelp(): { usage: string; text: string }[] {
  return COMMANDS.map((one) => ({ usage: one.usage, text: t(one.word) }));
}

const NEEDS = new Map([...BY_NAME].map(([name, one]) => [name, one.needs ?? 0]));
/** What people know from elsewhere. */
const BARE = new Map([["!exit", "exit"]]);

/** Do what was typed; else nothing is done, and why is given back. */
export function runTypedLine(here: Conversation, text: string, replying = app.replying): string {
  const typed = readLine(text, NEEDS, BARE);
  try {
    if (typed.kind === "said") void app.send(here, typed.text, replying);
    else if (typed.kind === "asked") BY_NAME.get(typed.name)?.act(here, typed.rest);
    else if (typed.kind === "unknown") return t("command.unknown", { name: typed.name });
    else if (typed.kind === "short") return t("command.write", { usage: BY_NAME.get(typed.name)?.usage ?? "" });
    else return t("command.secret");
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return error.message;
  }
  return "";
}
