/** The client: lines of a server in, its state and typed events out, and what to send; no socket, no clock, no page. */

import { Batch, Batches } from "./batches";
import { CustomEmoji } from "./customEmoji";
import type { Event, RoomRow } from "./events";
import { History } from "./history";
import { Drafts } from "./drafts";
import { ReadMarkers } from "./readMarkers";
import { harmless } from "./names";
import { Members } from "./members";
import { Messages } from "./messages";
import { type Action, Conversation, type Kind, type Message, type Outgoing, PINS, PINS_MAX } from "./chatModel";
import { Outbox } from "./outbox";
import { People } from "./people";
import { type Identity, Registration } from "./registration";
import { PendingRequest, PendingRequests } from "./pendingRequests";
import { type ReplyText, verbatim } from "./serverReply";
import { Search } from "./search";
import { Server } from "./serverFeatures";
import { Threads } from "./threads";
import { cleanLines } from "./safeText";
import { handle } from "./verbTable";
import { format, isName, type Line, parse } from "./ircLine";

/** After how long without a word the server is asked whether it is there. */
const SILENCE_MS = 60_000;
/** And how long it then has to answer, before the connection counts as dead. */
const ANSWER_MS = 30_000;
/** How long what is said to a room waits for one to be in it again. */
const REJOINING_MS = 15_000;

/** What is written to these is no conversation, and may be a secret: it is kept nowhere. */
const SERVICES = new Set(["nickserv", "chanserv", "hubbub", "operserv", "memoserv", "*playback"]);

/**
 * One user's place on one server, over any number of connections one after the other.
 *
 * Whoever has the connection calls `opened`, `received`, `closed` and, about once a second, `tick`, each with the time in
 * milliseconds; takes what is to be sent with `takeOutput`, and what has happened with `takeEvents`; and closes the connection
 * when `isClosing`. `entropy` gives a different text of letters and digits each time.
 */
export class Client {
  nowMs = 0;
  nick: string;
  account = "";
  server = new Server();
  /** Folded name → room or private conversation, in the order in which they were opened. */
  readonly conversations = new Map<string, Conversation>();
  isClosing = false;
  /** Its user has said goodbye: nothing connects again by itself. */
  hasLeft = false;
  /** Called whenever there is something to be taken: whoever has the connection puts its own here. */
  wake: () => void = () => {};
  /** How what the server answers is put for people: whoever draws puts its own here. */
  replyText: ReplyText = verbatim;
  /** The rows of a list of rooms that is being told. */
  listed: RoomRow[] = [];
  /** Nickname → what is being told of somebody. */
  readonly described = new Map<string, Map<string, string>>();
  readonly people = new People(this);
  readonly members = new Members(this);
  readonly requests = new PendingRequests(this);
  readonly outbox = new Outbox(this);
  readonly history = new History(this);
  readonly readMarkers = new ReadMarkers(this);
  readonly drafts = new Drafts(this);
  readonly messages = new Messages(this);
  readonly search = new Search(this);
  readonly threads = new Threads(this);
  readonly emoji = new CustomEmoji(this);
  readonly registration: Registration;
  private readonly batches = new Batches();
  private output: string[] = [];
  private events: Event[] = [];
  private rejoining = new Map<string, number>();
  private wasHere = false;
  private heardMs = 0;
  private askedMs = 0;
  private name = /(?!)/;

  constructor(
    identity: Identity,
    readonly entropy: () => string,
  ) {
    this.registration = new Registration(this, identity);
    this.nick = identity.nick;
    this.setNick(identity.nick);
  }

  // The connection

  /** A connection to the server is there; come in through it. */
  opened(nowMs: number): void {
    this.nowMs = this.heardMs = nowMs;
    this.askedMs = 0;
    this.isClosing = this.hasLeft = false;
    this.server = new Server();
    this.account = "";
    this.registration.begin();
  }

  /** A whole line from the server, without its end. */
  received(text: string, nowMs: number): void {
    this.nowMs = this.heardMs = nowMs;
    this.askedMs = 0;
    const line = parse(text);
    if (line) this.take(harmless(line));
  }

  /** The connection has ended, however: what is under way waits for the next one. */
  closed(nowMs: number): void {
    this.nowMs = nowMs;
    this.batches.clear();
    this.output = [];
    this.history.clear();
    this.search.clear();
    this.members.clear();
    this.listed = [];
    this.described.clear();
    this.requests.clear();
    this.outbox.disconnected();
    this.drafts.disconnected();
    this.threads.disconnected();
    this.registration.end();
    for (const conversation of this.conversations.values()) {
      if (conversation.isJoined) this.rejoining.set(this.fold(conversation.name), 0);
      conversation.isJoined = false;
      conversation.isCaughtUp = false;
      conversation.hasResumed = false;
      conversation.seam ??= conversation.timeline.newestKnown() ?? null;
      conversation.typing.clear();
      conversation.members.clear();
    }
    this.people.clear();
  }

  /** Let time pass: whoever is silent is asked, whatever takes too long is given up. */
  tick(nowMs: number): void {
    this.nowMs = nowMs;
    this.history.tick();
    this.messages.tick();
    this.outbox.tick();
    this.drafts.tick();
    if (this.rejoining.size && this.isHere && nowMs - Math.max(...this.rejoining.values()) > REJOINING_MS) {
      this.rejoining.clear();
      this.outbox.pump();
    }
    if (this.registration.stage === "offline" || this.isClosing) return;
    if (this.askedMs && nowMs - this.askedMs > ANSWER_MS) this.close();
    else if (!this.askedMs && nowMs - this.heardMs > SILENCE_MS) this.probe();
  }

  /** Ask the server whether it is there; it has half a minute. */
  probe(): void {
    this.askedMs = this.nowMs;
    if (this.isHere) this.send("PING", "hubbub");
  }

  /** Lines to be sent, without their ends; they are given once. */
  takeOutput(): string[] {
    const { output } = this;
    this.output = [];
    return output;
  }

  /** What has happened; it is given once. */
  takeEvents(): Event[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  /** Let whoever has the connection close it. */
  close(): void {
    this.isClosing = true;
    this.wake();
  }

  /** One is in, and may talk. */
  get isHere(): boolean {
    return this.registration.isHere;
  }

  // For the parts of the client

  happened(event: Event): void {
    this.events.push(event);
    this.wake();
  }

  /** Send one line that nothing answers, or whose answer is read like any line. */
  send(verb: string, ...params: string[]): void {
    this.write(format(verb, params));
  }

  sendTagged(tags: Record<string, string>, verb: string, ...params: string[]): void {
    this.write(format(verb, params, tags));
  }

  write(...lines: string[]): void {
    if (this.isClosing || this.registration.stage === "offline") return;
    this.output.push(...lines);
    this.wake();
  }

  private take(line: Line): void {
    const item = this.batches.take(line);
    if (!item) return;
    const label = (item instanceof Batch ? item.opening : item).tags["label"];
    const request = label ? this.requests.labelled(label) : null;
    handle(this, item);
    if (request) this.requests.answered();
  }

  fold(name: string): string {
    return this.server.fold(name);
  }

  isMe(nick: string): boolean {
    return this.fold(nick) === this.fold(this.nick);
  }

  isService(nick: string): boolean {
    return SERVICES.has(nick.toLowerCase());
  }

  mentionsMe(text: string): boolean {
    return this.name.test(text);
  }

  private setNick(nick: string): void {
    this.nick = nick;
    const escaped = nick.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    this.name = new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "iu");
  }

  nickChanged(nick: string): void {
    if (isName(nick)) this.setNick(nick);
  }

  /** RPL_ISUPPORT may change how names are compared: what is known by name already is known anew. */
  supports(words: readonly string[]): void {
    this.server.takeSupport(words);
    const known = [...this.conversations.values()];
    if (known.every((one) => this.find(one.name) === one)) return;
    this.conversations.clear();
    for (const one of known) this.conversations.set(this.fold(one.name), one);
  }

  /** The conversation of this name, if it is open. */
  find(name: string): Conversation | undefined {
    return this.conversations.get(this.fold(name));
  }

  /** The conversation of this name; it is opened where it is not. A TypeError where it can be no name. */
  open(name: string): Conversation {
    const key = this.fold(name);
    const known = this.conversations.get(key);
    if (known) return known;
    if (!isName(name)) throw new TypeError("A name can't contain spaces.");
    const conversation = new Conversation(name, this.server.isRoom(name));
    this.conversations.set(key, conversation);
    this.drafts.opened(conversation);
    this.happened({ type: "conversation-opened", conversation });
    if (!conversation.isRoom) this.watch(name);
    return conversation;
  }

  private watch(nick: string): void {
    if (this.isHere && this.server.support.has("MONITOR")) this.send("MONITOR", "+", nick);
  }

  /** A room has another name, or somebody with whom one talks another nickname. */
  rename(conversation: Conversation, name: string): void {
    if (!isName(name)) return;
    this.conversations.delete(this.fold(conversation.name));
    conversation.name = name;
    this.conversations.set(this.fold(name), conversation);
    this.happened({ type: "conversation-changed", conversation });
  }

  /** Something has just happened in a conversation; what is `late` had happened before, and is shown only now. */
  receivedLive(conversation: Conversation, message: Message, isLate = false): void {
    const resumes = conversation.seam !== null && !conversation.hasResumed;
    let isNew: boolean;
    if (isLate && conversation.timeline.messages.length) {
      isNew = conversation.timeline.merge([message]).length > 0;
    } else {
      isNew = conversation.timeline.append(message);
      if (isNew && resumes) message.followsGap = conversation.hasResumed = true;
    }
    if (!isNew) return;
    this.readMarkers.received(conversation, message);
    this.happened({ type: "message-received", conversation, message });
  }

  /** The greeting is over: what was there before is taken up again. */
  welcomed(): void {
    if (this.isHere || !this.registration.welcome()) return;
    for (const name of this.rejoining.keys()) this.rejoining.set(name, this.nowMs);
    const again = this.wasHere;
    this.wasHere = true;
    this.happened({ type: "welcomed", nick: this.nick, again });
    if (this.server.has("hubbub/ticket")) this.send("TICKET");
    this.emoji.ask();
    this.people.listen();
    this.drafts.comeIn();
    for (const conversation of this.conversations.values()) {
      if (conversation.isRoom) continue;
      this.watch(conversation.name);
      this.readMarkers.ask(conversation);
      this.history.catchUp(conversation);
    }
    this.history.findConversations();
    const request = new PendingRequest("PING", null, () => this.rejoin(!again), true);
    this.requests.ask(request, { verb: "PING", params: ["rejoin"] });
    this.outbox.pump();
  }

  /** A server that puts its accounts into their rooms by itself has done so by now; others are asked. */
  private rejoin(isArriving: boolean): void {
    let missing = [...this.rejoining.keys()].filter((name) => !this.find(name)?.isJoined);
    if (this.account && missing.length < this.rejoining.size) {
      missing = [];
      this.rejoining.clear();
    }
    for (const name of missing) {
      const conversation = this.find(name);
      this.join(conversation?.name ?? name, conversation?.key ?? "");
    }
    if (isArriving && !missing.length) this.beginSomewhere();
    this.outbox.pump();
  }

  /** Guests are in no room when they come; an account that has left all its rooms stays where it is. */
  private beginSomewhere(): void {
    const welcome = this.server.support.get("hubbub/WELCOME");
    if (welcome && !this.account && ![...this.conversations.values()].some((one) => one.isJoined)) this.join(welcome);
  }

  /** One is in a room; what waited for that goes on. */
  rejoined(conversation: Conversation): void {
    this.rejoining.delete(this.fold(conversation.name));
    this.outbox.pump();
  }

  isRejoining(conversation: Conversation): boolean {
    return this.rejoining.has(this.fold(conversation.name));
  }

  /** The server does not let one in. */
  notJoined(name: string): void {
    if (this.rejoining.delete(this.fold(name))) this.outbox.pump();
  }

  /** One has left a room by oneself, here or in another client: it is closed. */
  left(conversation: Conversation): void {
    this.rejoining.delete(this.fold(conversation.name));
    this.conversations.delete(this.fold(conversation.name));
    this.happened({ type: "conversation-closed", conversation });
  }

  // What its user does

  /** Say something; what the server can't take as one message becomes several. Nothing happens to only spaces. */
  say(conversation: Conversation, text: string, more: { kind?: Kind; replyTo?: string; inThread?: boolean } = {}): void {
    const whole = writable(text);
    if (!whole.trim()) return;
    const entry = this.outgoing("say", conversation, whole, more.replyTo ?? "", more.kind ?? "said");
    this.outbox.add(more.inThread ? { ...entry, inThread: true } : entry);
    this.messages.sent(conversation);
  }

  /** Give a message of one's own another text. */
  edit(conversation: Conversation, message: Message, text: string): void {
    if (message.isOwn && text.trim()) this.amend(conversation, message, "edit", text);
  }

  delete(conversation: Conversation, message: Message, reason = ""): void {
    this.amend(conversation, message, "delete", reason);
  }

  /** Give a reaction or take it back. */
  react(conversation: Conversation, message: Message, reaction: string, given = true): void {
    this.amend(conversation, message, given ? "react" : "unreact", reaction);
  }

  private amend(conversation: Conversation, message: Message, action: Action, text: string): void {
    if (message.id) this.outbox.add(this.outgoing(action, conversation, writable(text), message.id, "said"));
  }

  private outgoing(action: Action, { name }: Conversation, text: string, message: string, kind: Kind): Outgoing {
    return {
      nonce: this.entropy(), target: name, text, createdMs: this.nowMs, action, kind, message,
      delivery: "waiting", error: "", isUncertain: false,
    };
  }

  /** Let those who look after the server look at a message. */
  report(conversation: Conversation, message: Message, reason: string): void {
    this.ask("REPORT", conversation.name, message.id, ...(reason ? [reason] : []));
  }

  /** Pin a message for everybody in the room, or take it down. */
  pin(conversation: Conversation, message: Message, pinned: boolean): void {
    const others = conversation.pins.filter((id) => id !== message.id);
    const pins = (pinned ? [message.id, ...others] : others).slice(0, PINS_MAX).join(" ");
    this.ask("METADATA", conversation.name, "SET", PINS, ...(pins ? [pins] : []));
  }

  /** What the server lets one do with messages. */
  may(action: "edit" | "delete" | "react" | "report" | "pin"): boolean {
    if (!this.isHere) return true;
    if (action === "pin") return this.server.keepsMetadata;
    return this.server.has({ edit: "hubbub/edit", delete: "draft/message-redaction", react: "message-tags", report: "hubbub/report" }[action]);
  }

  /** Go into a room, or ask for it. */
  join(room: string, key = ""): void {
    if (!isName(room)) return;
    if (key) this.open(room).key = key;
    this.ask("JOIN", ...(key ? [room, key] : [room]));
  }

  /** Leave a room, or close a private conversation; what was said stays with the server. */
  leave(conversation: Conversation): void {
    if (conversation.isRoom && conversation.isJoined) {
      this.ask("PART", conversation.name);
      return;
    }
    if (!conversation.isRoom && this.isHere && this.server.support.has("MONITOR")) this.send("MONITOR", "-", conversation.name);
    this.left(conversation);
  }

  /** Take another nickname, also while coming in. */
  takeNick(nick: string): void {
    if (!isName(nick)) return;
    if (this.isHere) this.ask("NICK", nick);
    else this.registration.takeNick(nick);
  }

  /** Send a command; a refusal comes as an event, and what else it answers as it is. */
  ask(verb: string, ...params: string[]): void {
    this.requests.ask(new PendingRequest(verb), { verb, params });
  }

  /** What bans somebody: by account where the server can (account-extban), else by nickname. */
  banMask(nick: string): string {
    const account = this.people.find(nick)?.account;
    const [prefix = ""] = (this.server.support.get("EXTBAN") ?? "").split(",");
    const [name] = (this.server.support.get("ACCOUNTEXTBAN") ?? "").split(",");
    return account && name ? `${prefix}${name}:${account}` : `${nick}!*@*`;
  }

  /** Ask who is kept out of a room; the conversation tells when the list is there. */
  listBans(conversation: Conversation): void {
    conversation.bans = [];
    const told = () => this.happened({ type: "conversation-changed", conversation });
    this.requests.ask(new PendingRequest("MODE", conversation, told, true), { verb: "MODE", params: [conversation.name, "b"] });
  }

  /** Somebody looks at it now: what it lacks is asked for first. */
  lookAt(conversation: Conversation): void {
    this.history.first(conversation);
    this.members.lookAt(conversation);
    if (conversation.isJoined && this.isHere) this.people.askWho(conversation.name);
  }

  /** Say goodbye; nothing connects again by itself. */
  quit(): void {
    this.hasLeft = true;
    this.send("QUIT");
    this.close();
  }

  /** Take up what an earlier run had still to send: what was on its way may have arrived. */
  restore(entries: readonly Outgoing[]): void {
    for (const entry of entries) this.outbox.restore(entry);
  }
}

/** What may stand in a message: lines end as they do everywhere, and nothing drives a terminal. */
function writable(text: string): string {
  return cleanLines(text.replace(/\r\n?/g, "\n"));
}
