/** The table of verbs: what each line of a server, and each batch, does to the client. */

import * as answers from "./numerics";
import { Batch, type Item } from "./batches";
import type { Client } from "./client";
import * as groupChats from "./groupChats";
import * as rooms from "./rooms";
import { clean } from "./safeText";
import { type Line, last, param } from "./ircLine";

/** Let an item change what the client knows; what is unknown changes nothing. */
export function handle(client: Client, item: Item): void {
  if (item instanceof Batch) {
    const take = BATCHES[item.type] ?? each;
    take(client, item);
    return;
  }
  const take = Object.hasOwn(VERBS, item.verb) ? VERBS[item.verb] : undefined;
  if (take) take(client, item);
  else if (/^\d/.test(item.verb)) answers.numeric(client, item);
}

/** What a batch holds means the same without it. */
function each(client: Client, batch: Batch): void {
  for (const item of batch.items) handle(client, item);
}

/** Type → what is done with a whole batch; of another type each of its lines is as if it stood alone. */
const BATCHES: Record<string, (client: Client, batch: Batch) => void> = {
  chathistory: (client, batch) => client.history.took(batch),
  "draft/chathistory-targets": (client, batch) => client.history.tookTargets(batch),
  "draft/multiline": (client, batch) => client.messages.said(batch),
  "hubbub/drafts": (client, batch) => client.drafts.tookBatch(batch),
  "hubbub/edit": (client, batch) => client.messages.amended(batch),
  "hubbub/members": (client, batch) => client.members.took(batch),
  "hubbub/people": (client, batch) => client.members.tookPeople(batch),
  "hubbub/threads": (client, batch) => client.threads.took(batch),
  "hubbub/threads-list": (client, batch) => client.threads.tookList(batch),
  "soju.im/search": (client, batch) => client.search.took(batch),
};

type Handler = (client: Client, line: Line) => void;

/** The line says what is known already, or nothing that is shown. */
const nothing: Handler = () => {};
const said: Handler = (client, line) => client.messages.said(line);
const amended: Handler = (client, line) => client.messages.amended(line);
const signInFailed: Handler = (client, line) => client.registration.signInFailed(line);

const VERBS: Record<string, Handler> = {
  PING: (client, line) => client.send("PONG", param(line, 0)),
  PONG: (client, line) => client.requests.pong(last(line)),
  CAP: (client, line) => client.registration.cap(line),
  AUTHENTICATE: (client, line) => client.registration.authenticate(line),
  REGISTER: (client, line) => client.registration.registered(line),
  VERIFY: (client, line) => client.registration.registered(line),
  TICKET: (client, line) => client.happened({ type: "ticket", ticket: param(line, 0) }),
  INVITATION: nothing,
  NOTIFY: (client, line) => client.happened({ type: "level-told", target: param(line, 0), level: param(line, 1) }),
  EMOJI: (client, line) => client.emoji.told(line),
  WEBPUSH: nothing,
  REPORT: (client) => client.happened({ type: "reported" }),
  ERROR: (client, line) => client.happened({ type: "server-closes", reason: clean(last(line)) }),
  ACK: nothing,
  PRIVMSG: said, NOTICE: said,
  TAGMSG: amended, REDACT: amended, EDIT: amended,
  JOIN: rooms.joined, PART: rooms.parted, KICK: rooms.kicked, QUIT: rooms.quit, NICK: rooms.renamedPerson,
  RENAME: rooms.renamedRoom, TOPIC: rooms.topicSet, MODE: rooms.modesSet, INVITE: rooms.invited,
  AWAY: (client, line) => client.people.away(line),
  ACCOUNT: (client, line) => client.people.account(line),
  CHGHOST: (client, line) => client.people.host(line),
  SETNAME: (client, line) => client.people.realName(line),
  MEMBER: (client, line) => client.members.told(line),
  METADATA: (client, line) => client.people.metadata(line),
  CONVERSE: groupChats.told,
  DRAFT: (client, line) => client.drafts.took(line, param(line, 3)),
  THREAD: (client, line) => void client.threads.told(line),
  THREADREAD: (client, line) => client.threads.readTold(line),
  MARKREAD: (client, line) => client.readMarkers.marked(line),
  FAIL: answers.fail, WARN: answers.note, NOTE: answers.note,
  WALLOPS: (client, line) =>
    client.happened({ type: "server-said", sender: line.source, text: clean(last(line)), conversation: null }),
  "001": answers.welcome,
  "005": (client, line) => client.supports(line.params.slice(1, -1)),
  "301": (client, line) => client.people.awayTold(line),
  "305": (client, line) => client.people.ownAway(line),
  "306": (client, line) => client.people.ownAway(line),
  "315": nothing, "321": nothing, "329": nothing, "375": nothing, "770": nothing,
  "318": answers.whoisEnd,
  "322": answers.listed, "323": answers.listEnd,
  "324": rooms.modesTold, "331": rooms.topicTold, "332": rooms.topicTold, "333": rooms.topicBy,
  "352": (client, line) => client.people.whoPlain(line),
  "353": rooms.names,
  "354": (client, line) => client.people.who(line),
  "367": rooms.ban, "368": nothing,
  "366": rooms.namesEnd,
  "372": (client, line) => void client.server.motd.push(clean(last(line).replace(/^- /, ""))),
  // The greeting ends with the message of the day, or with its absence.
  "376": (client) => client.welcomed(),
  "422": (client) => client.welcomed(),
  "710": rooms.requested, "711": rooms.askedFor,
  "730": (client, line) => client.people.online(line),
  "731": (client, line) => client.people.online(line),
  "761": (client, line) => client.people.metadataTold(line),
  "766": (client, line) => client.people.metadataTold(line),
  "774": (client, line) => client.people.syncLater(line),
  "900": answers.loggedIn,
  "901": (client) => void (client.account = ""),
  "902": signInFailed, "904": signInFailed, "905": signInFailed, "906": signInFailed, "907": signInFailed,
  "903": (client) => client.registration.signedIn(),
  "908": (client, line) => client.registration.otherMechanisms(line),
  ...Object.fromEntries(Object.keys(answers.WHOIS).map((number) => [number, answers.whois])),
};

/** The lines that are known by more than their text. */
export const handledVerbs: ReadonlySet<string> = new Set(Object.keys(VERBS));
