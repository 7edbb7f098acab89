/** Rooms: their members, topics and modes, as the server reports them. */

import type { Client } from "./client";
import * as groupChats from "./groupChats";
import type { Conversation, Member } from "./chatModel";
import { read, timeOf } from "./messageParser";
import { clean } from "./safeText";
import { isName, type Line, last, param, splitSource } from "./ircLine";

/** JOIN, with account and real name where extended-join is on. */
export function joined(client: Client, line: Line): void {
  const name = param(line, 0);
  if (!client.server.isRoom(name) || !isName(name)) return;
  const [nick, user, host] = splitSource(line.source);
  const person = client.people.get(nick);
  person.user = user || person.user;
  person.host = host || person.host;
  if (line.params.length >= 3) {
    client.people.identify(person, param(line, 1) === "*" ? "" : param(line, 1));
    person.realName = clean(param(line, 2));
  }
  if (person.isOnline === false) {
    person.isAway = false;
    person.awayText = "";
  }
  person.isOnline = true;
  person.lastSeenMs = 0;
  const conversation = client.open(name);
  groupChats.joined(client, conversation, nick, person.account);
  if (client.isMe(nick)) entered(client, conversation, line);
  else {
    conversation.members.set(client.fold(nick), { person, ranks: "" });
    happened(client, conversation, line);
  }
  client.happened({ type: "members-changed", conversation });
}

function entered(client: Client, conversation: Conversation, line: Line): void {
  const wasJoined = conversation.isJoined;
  conversation.isJoined = true;
  conversation.isRequested = false;
  conversation.name = param(line, 0);
  if (wasJoined) return;
  conversation.joinedMs ||= timeOf(client, line);
  conversation.members = new Map([[client.fold(client.nick), { person: client.people.get(client.nick), ranks: "" }]]);
  client.rejoined(conversation);
  client.members.entered(conversation);
  happened(client, conversation, line);
  client.happened({ type: "conversation-changed", conversation });
  client.history.catchUp(conversation);
}

function happened(client: Client, conversation: Conversation, line: Line): void {
  const message = read(client, line);
  if (message) client.receivedLive(conversation, message);
}

export function parted(client: Client, line: Line): void {
  const conversation = client.find(param(line, 0));
  if (conversation) gone(client, conversation, splitSource(line.source)[0], line);
}

export function kicked(client: Client, line: Line): void {
  const conversation = client.find(param(line, 0));
  if (conversation) gone(client, conversation, param(line, 1), line);
}

function gone(client: Client, conversation: Conversation, nick: string, line: Line): void {
  happened(client, conversation, line);
  conversation.typing.delete(nick);
  groupChats.gone(client, conversation, nick);
  if (client.isMe(nick)) {
    conversation.isJoined = false;
    conversation.members.clear();
    client.happened({ type: "conversation-changed", conversation });
    if (line.verb === "PART") client.left(conversation);
  } else {
    conversation.members.delete(client.fold(nick));
    client.people.forget(nick);
  }
  client.happened({ type: "members-changed", conversation });
}

/** QUIT: somebody is in none of the rooms any more, or, as an account on a server with hubbub/members, is offline. */
export function quit(client: Client, line: Line): void {
  const [nick] = splitSource(line.source);
  const key = client.fold(nick);
  const account = line.tags["account"] || client.people.find(nick)?.account || "";
  const name = client.members.isPossible ? account : "";
  const person = client.people.gone(nick, name || nick);
  for (const conversation of client.conversations.values()) {
    groupChats.renamed(client, conversation, nick, account);
    const isDirect = !conversation.isRoom && client.fold(conversation.name) === key;
    const member = conversation.members.get(key);
    conversation.members.delete(key);
    if (member && name) conversation.members.set(client.fold(name), { person, ranks: member.ranks });
    if (member || isDirect) {
      happened(client, conversation, line);
      conversation.typing.delete(nick);
      client.happened({ type: "members-changed", conversation });
    }
  }
  client.happened({ type: "person-changed", person });
  client.people.forget(person.nick);
}

/** NICK, of others and of oneself. */
export function renamedPerson(client: Client, line: Line): void {
  let [old] = splitSource(line.source);
  const fresh = param(line, 0);
  // InspIRCd 3 answers with the new nickname as the source.
  if (old === fresh && client.requests.current?.command === "NICK") old = client.nick;
  if (client.isMe(old)) client.nickChanged(fresh);
  const person = client.people.rename(old, fresh);
  const [before, after] = [client.fold(old), client.fold(fresh)];
  for (const conversation of [...client.conversations.values()]) {
    groupChats.renamed(client, conversation, old, fresh);
    const member = conversation.members.get(before);
    if (member) {
      conversation.members.delete(before);
      conversation.members.set(after, member);
      happened(client, conversation, line);
      client.happened({ type: "members-changed", conversation });
    } else if (!conversation.isRoom && client.fold(conversation.name) === before) client.rename(conversation, fresh);
  }
  client.happened({ type: "person-changed", person });
}

/** RENAME (draft/channel-rename). */
export function renamedRoom(client: Client, line: Line): void {
  const conversation = client.find(param(line, 0));
  if (conversation) client.rename(conversation, param(line, 1));
}

/** 353: some of the members, with their ranks and perhaps `nick!user@host`. */
export function names(client: Client, line: Line): void {
  const conversation = client.find(param(line, 2));
  if (!conversation) return;
  const marks = [...client.server.ranks.values()].join("");
  for (const word of last(line).split(" ").filter(Boolean)) {
    let at = 0;
    while (marks.includes(word[at] ?? " ")) at++;
    const [nick, user, host] = splitSource(word.slice(at));
    const person = client.people.get(nick);
    person.user = user || person.user;
    person.host = host || person.host;
    person.isOnline = true;
    conversation.members.set(client.fold(nick), { person, ranks: word.slice(0, at) });
  }
}

export function namesEnd(client: Client, line: Line): void {
  const conversation = client.find(param(line, 1));
  if (conversation) client.happened({ type: "members-changed", conversation });
}

/** 331 and 332. */
export function topicTold(client: Client, line: Line): void {
  setTopic(client, param(line, 1), line.verb === "332" ? param(line, 2) : "", "");
}

/** 333. */
export function topicBy(client: Client, line: Line): void {
  const conversation = client.find(param(line, 1));
  if (conversation) conversation.topicBy = splitSource(param(line, 2))[0];
}

export function topicSet(client: Client, line: Line): void {
  const conversation = client.find(param(line, 0));
  if (!conversation) return;
  happened(client, conversation, line);
  setTopic(client, param(line, 0), param(line, 1), splitSource(line.source)[0]);
}

function setTopic(client: Client, name: string, topic: string, by: string): void {
  const conversation = client.find(name);
  if (!conversation) return;
  conversation.topic = clean(topic);
  conversation.topicBy = by || conversation.topicBy;
  client.happened({ type: "conversation-changed", conversation });
}

/** 324: how a room is set. */
export function modesTold(client: Client, line: Line): void {
  const conversation = client.find(param(line, 1));
  if (!conversation) return;
  conversation.modes = param(line, 2).replace(/^\+/, "");
  client.happened({ type: "conversation-changed", conversation });
}

/** 367: one of those who are kept out. */
export function ban(client: Client, line: Line): void {
  const conversation = client.find(param(line, 1));
  if (conversation) conversation.bans = [...conversation.bans, { mask: param(line, 2), by: splitSource(param(line, 3))[0] }];
}

/** MODE of a room: ranks of members, and settings. */
export function modesSet(client: Client, line: Line): void {
  const conversation = client.find(param(line, 0));
  if (!conversation) return;
  const rest = line.params.slice(2);
  let adding = true;
  for (const letter of param(line, 1)) {
    if (letter === "+" || letter === "-") {
      adding = letter === "+";
      continue;
    }
    const kind = client.server.modeKinds.get(letter) ?? "D";
    const argument = kind !== "D" && (kind !== "C" || adding) ? (rest.shift() ?? "") : "";
    if (kind === "P") rank(client, conversation, letter, argument, adding);
    else if (kind !== "A") {
      const letters = conversation.modes.replace(letter, "");
      conversation.modes = adding ? letters + letter : letters;
    }
  }
  happened(client, conversation, line);
  client.happened({ type: "conversation-changed", conversation });
  client.happened({ type: "members-changed", conversation });
}

function rank(client: Client, conversation: Conversation, letter: string, nick: string, adding: boolean): void {
  const member = conversation.members.get(client.fold(nick));
  const prefix = client.server.ranks.get(letter);
  if (!member || !prefix) return;
  const held = new Set(member.ranks);
  if (adding) held.add(prefix);
  else held.delete(prefix);
  member.ranks = [...client.server.ranks.values()].filter((one) => held.has(one)).join("");
}

/** INVITE: of oneself, or of somebody else into a room that one is in. */
export function invited(client: Client, line: Line): void {
  const [by] = splitSource(line.source);
  if (client.isMe(param(line, 0))) {
    client.happened({ type: "invited", room: param(line, 1), by });
    return;
  }
  const conversation = client.find(param(line, 1));
  const message = conversation && read(client, line);
  if (!conversation || !message) return;
  message.subject = param(line, 0);
  client.receivedLive(conversation, message);
}

/** 710: somebody asks for a room that one looks after. */
export function requested(client: Client, line: Line): void {
  const [nick] = splitSource(param(line, 2));
  client.happened({ type: "room-requested", room: param(line, 1), nick, wish: clean(last(line)) });
}

/** 711: one's wish to come in waits for an answer. */
export function askedFor(client: Client, line: Line): void {
  if (!isName(param(line, 1))) return;
  const conversation = client.open(param(line, 1));
  conversation.isRequested = true;
  client.happened({ type: "conversation-changed", conversation });
}

/** One for all comparisons: to make it takes far longer than to use it. */
const NAMES = new Intl.Collator(undefined, { sensitivity: "base" });

/** By rank, then by name. */
export function sortedMembers(client: Client, members: Iterable<Member>): Member[] {
  const order = [...client.server.ranks.values()].join("");
  const place = (member: Member) => {
    const at = member.ranks ? order.indexOf(member.ranks[0] ?? "") : -1;
    return at >= 0 ? at : order.length;
  };
  return [...members]
    .map((member) => ({ member, at: place(member), name: member.person.displayName }))
    .sort((a, b) => a.at - b.at || NAMES.compare(a.name, b.name))
    .map(({ member }) => member);
}
