/** People: their accounts, presence and metadata, as the server reports them. */

import type { Client } from "./client";
import { Person, PINS } from "./chatModel";
import { PendingRequest } from "./pendingRequests";
import { clean } from "./safeText";
import { type Line, last, param, splitSource } from "./ircLine";

/** The metadata that is shown, where the server has it. */
const KEYS = ["display-name", "avatar", "status", "pronouns", "color", "homepage", "bot", PINS];
const TOKEN = "701";

/** Everybody who is known: one value for each nickname. */
export class People {
  private readonly known = new Map<string, Person>();
  /** Folded name of an account → the folded nickname under which its user is known. */
  private readonly accounts = new Map<string, string>();

  constructor(private readonly client: Client) {}

  /**
   * The person with this nickname, or else with an account of this name: so people keep their names and pictures in what they
   * wrote under the other one.
   */
  find(nick: string): Person | undefined {
    const key = this.client.fold(nick);
    return this.known.get(key) ?? this.ofAccount(key);
  }

  private ofAccount(key: string): Person | undefined {
    const person = this.known.get(this.accounts.get(key) ?? "");
    return person && this.client.fold(person.account) === key ? person : undefined;
  }

  /** Note whose account a person has. A row of that account as an offline member was the same person. */
  identify(person: Person, account: string): void {
    person.account = account;
    if (!account) return;
    const [name, key] = [this.client.fold(person.nick), this.client.fold(account)];
    this.accounts.set(key, name);
    const other = this.known.get(key);
    if (key === name || other?.isOnline !== false) return;
    for (const conversation of this.client.conversations.values()) {
      if (conversation.members.delete(key)) this.client.happened({ type: "members-changed", conversation });
    }
    for (const [field, value] of other.metadata) if (!person.metadata.has(field)) person.metadata.set(field, value);
    this.known.delete(key);
  }

  /** Whoever has this nickname; somebody new where nobody was known to. */
  get(nick: string): Person {
    const key = this.client.fold(nick);
    const person = this.known.get(key) ?? new Person(nick);
    this.known.set(key, person);
    return person;
  }

  rename(old: string, fresh: string): Person {
    const person = this.get(old);
    this.known.delete(this.client.fold(old));
    person.nick = fresh;
    this.known.set(this.client.fold(fresh), person);
    if (person.account) this.accounts.set(this.client.fold(person.account), this.client.fold(fresh));
    return person;
  }

  /** Somebody is offline, and is known by this name from now on; a private conversation keeps the nickname. */
  gone(nick: string, name: string): Person {
    let person = this.get(nick);
    if (this.client.fold(name) !== this.client.fold(nick)) {
      person = this.rename(nick, name);
      if (this.client.find(nick)) {
        const kept = this.get(nick);
        for (const [field, value] of person.metadata) kept.metadata.set(field, value);
        kept.isOnline = false;
      }
    }
    person.isOnline = person.isAway = false;
    person.awayText = "";
    return person;
  }

  /** Whoever is in none of one's rooms and conversations is nobody's business any more. */
  forget(nick: string): void {
    const key = this.client.fold(nick);
    const { conversations } = this.client;
    if (!conversations.has(key) && ![...conversations.values()].some(({ members }) => members.has(key))) this.known.delete(key);
  }

  clear(): void {
    this.known.clear();
    this.accounts.clear();
  }

  private changed(person: Person): void {
    this.client.happened({ type: "person-changed", person });
  }

  // What lines tell

  /** AWAY (away-notify): with a text one is away, without one is here. */
  away(line: Line): void {
    const person = this.get(splitSource(line.source)[0]);
    person.awayText = clean(param(line, 0));
    person.isAway = param(line, 0) !== "";
    this.changed(person);
  }

  /** 301: whom one writes to is away. */
  awayTold(line: Line): void {
    const person = this.get(param(line, 1));
    person.awayText = clean(param(line, 2));
    person.isAway = true;
    this.changed(person);
  }

  /** 305 and 306. */
  ownAway(line: Line): void {
    const person = this.get(this.client.nick);
    person.isAway = line.verb === "306";
    this.changed(person);
  }

  /** ACCOUNT (account-notify). */
  account(line: Line): void {
    const person = this.get(splitSource(line.source)[0]);
    this.identify(person, param(line, 0) === "*" ? "" : param(line, 0));
    this.changed(person);
  }

  /** CHGHOST. */
  host(line: Line): void {
    const person = this.get(splitSource(line.source)[0]);
    [person.user, person.host] = [param(line, 0), param(line, 1)];
    this.changed(person);
  }

  /** SETNAME. */
  realName(line: Line): void {
    const person = this.get(splitSource(line.source)[0]);
    person.realName = clean(param(line, 0));
    this.changed(person);
  }

  /** 730 and 731: whom one watches comes and goes. */
  online(line: Line): void {
    for (const word of last(line).split(",")) {
      const person = this.get(splitSource(word)[0]);
      person.isOnline = line.verb === "730";
      this.changed(person);
    }
  }

  /** 354: one of a room's members, with the fields that were asked for. */
  who(line: Line): void {
    const [, token, , user = "", host = "", nick = "", flags = "", account = "", realName] = line.params;
    if (token !== TOKEN || realName === undefined) return;
    const person = this.take(nick, user, host, flags, realName);
    this.identify(person, account === "0" ? "" : account);
    this.changed(person);
  }

  /** 352. */
  whoPlain(line: Line): void {
    const [, , user = "", host = "", , nick = "", flags = "", text] = line.params;
    if (text === undefined) return;
    this.changed(this.take(nick, user, host, flags, text.replace(/^\S* ?/, "")));
  }

  private take(nick: string, user: string, host: string, flags: string, realName: string): Person {
    const person = this.get(nick);
    person.user = user;
    person.host = host;
    person.realName = clean(realName);
    person.isAway = flags.startsWith("G");
    person.isOperator = flags.includes("*");
    const bot = this.client.server.support.get("BOT") ?? "";
    person.isBot = bot !== "" && flags.includes(bot);
    person.isOnline = true;
    return person;
  }

  /** Ask for everybody in a room: who is away, who is signed in as whom. */
  askWho(room: string): void {
    const params = this.client.server.support.has("WHOX") ? [room, `%tcuhnfar,${TOKEN}`] : [room];
    this.client.requests.ask(new PendingRequest("WHO", this.client.find(room) ?? null, null, true), { verb: "WHO", params });
  }

  // Metadata

  /** Ask to be told of what people let others know. */
  listen(): void {
    if (!this.client.server.keepsMetadata) return;
    const params = ["*", "SUB", ...KEYS];
    this.client.requests.ask(new PendingRequest("METADATA", null, null, true), { verb: "METADATA", params });
  }

  /** `METADATA <target> <key> <visibility> [<value>]`; without a value it is not set any more. */
  metadata(line: Line): void {
    this.set(param(line, 0), param(line, 1), param(line, 3));
  }

  /** 761 and 766: `<target> <key> <visibility> <value>`, or that a key is not set. */
  metadataTold(line: Line): void {
    this.set(param(line, 1), param(line, 2), line.verb === "761" ? param(line, 4) : "");
  }

  /** 774: the server wants to be asked again for a room's metadata. */
  syncLater(line: Line): void {
    const conversation = this.client.find(param(line, 1));
    if (!conversation) return;
    const params = [conversation.name, "SYNC"];
    this.client.requests.ask(new PendingRequest("METADATA", conversation, null, true), { verb: "METADATA", params });
  }

  private set(told: string, key: string, value: string): void {
    const target = told === "*" ? this.client.nick : told;
    const conversation = this.client.server.isRoom(target) ? this.client.find(target) : undefined;
    if (this.client.server.isRoom(target) && !conversation) return;
    const kept = (conversation ?? this.get(target)).metadata;
    if (value) kept.set(key, clean(value));
    else kept.delete(key);
    if (conversation) this.client.happened({ type: "conversation-changed", conversation });
    else this.changed(this.get(target));
  }
}
