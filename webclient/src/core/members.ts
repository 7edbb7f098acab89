/** Members and accounts, connected or not, as a server with hubbub/members lists them: page by page, when wanted. */

import { Batch } from "./batches";
import type { Conversation, Person } from "./chatModel";
import type { Client } from "./client";
import { type Line, param, parseTime } from "./ircLine";
import { PendingRequest } from "./pendingRequests";
import { clean } from "./safeText";
import { handle } from "./verbTable";

const CAPABILITY = "hubbub/members";
/** A room with more members is not listed further. */
const MEMBERS_MAX = 20_000;
const NONE = "*";
const SHOWN_NAME = "display-name";
const STAFF = ["moderator", "admin"];

/** One page of the accounts in which a text was found; `following` is the cursor of the next one, empty for none. */
export interface PeoplePage {
  people: readonly Person[];
  total: number;
  following: string;
  error: string;
}

/** The requests for members and accounts, and the rows that answer them. */
export class Members {
  private lookedAt: Conversation | null = null;
  private readonly pages = new Map<PendingRequest, PeoplePage>();

  constructor(private readonly client: Client) {}

  /** Whether the server lists people who are not connected. */
  get isPossible(): boolean {
    return this.client.server.has(CAPABILITY);
  }

  clear(): void {
    this.pages.clear();
  }

  /** The user looks at a conversation: request the members, now or once the room is joined. */
  lookAt(conversation: Conversation): void {
    this.lookedAt = conversation;
    this.ask(conversation);
  }

  /** The room is joined (again): the members of before are not known to be members any more. */
  entered(conversation: Conversation): void {
    conversation.hasAskedMembers = conversation.hasAllMembers = false;
    if (conversation === this.lookedAt) this.ask(conversation);
  }

  /** Request all members of a room, one page after the other; only the first time after joining. */
  ask(conversation: Conversation): void {
    const mayAsk = this.isPossible && this.client.isHere && conversation.isJoined;
    if (!mayAsk || !conversation.isRoom || conversation.hasAskedMembers) return;
    conversation.hasAskedMembers = true;
    this.askPage(conversation);
  }

  private askPage(conversation: Conversation, ...cursor: string[]): void {
    const request = new PendingRequest("MEMBERS", conversation, null, true);
    this.client.requests.ask(request, { verb: "MEMBERS", params: [conversation.name, ...cursor] });
  }

  /** `hubbub/members <room> <total> <next>`. */
  took(batch: Batch): void {
    const [name = "", , following = ""] = batch.params;
    this.takeEach(batch);
    const conversation = this.client.find(name);
    if (!conversation?.isJoined) return;
    if (following === NONE || !following) conversation.hasAllMembers = true;
    else if (conversation.members.size < MEMBERS_MAX) this.askPage(conversation, following);
    this.client.happened({ type: "members-changed", conversation });
  }

  /** MEMBER outside of a batch: a row is new or has changed. */
  told(line: Line): void {
    const conversation = this.client.find(param(line, 0));
    const person = this.row(line);
    if (!conversation || !person) return;
    this.client.happened({ type: "person-changed", person });
    this.client.happened({ type: "members-changed", conversation });
  }

  /** `MEMBER <room> <name> <ranks> <presence> <role> <last seen> :<display name>`. */
  private row(line: Line): Person | null {
    const conversation = this.client.find(param(line, 0));
    const [, name = "", ranks = "", ...facts] = line.params;
    if (!conversation?.isJoined || line.params.length < 7) return null;
    const person = this.person(line, name, facts);
    conversation.members.set(this.client.fold(person.nick), { person, ranks: ranks.replace(NONE, "") });
    return person;
  }

  private person(line: Line, name: string, [presence, role = "", seen = "", displayName = ""]: readonly string[]): Person {
    const person = this.client.people.get(name);
    person.isOnline = presence !== "offline";
    person.isAway = presence === "away";
    if (!person.isAway) person.awayText = "";
    person.role = role;
    person.isOperator = STAFF.includes(role);
    person.lastSeenMs = parseTime(seen) ?? 0;
    if (displayName) person.metadata.set(SHOWN_NAME, clean(displayName));
    else person.metadata.delete(SHOWN_NAME);
    this.client.people.identify(person, line.tags["account"] ?? "");
    return person;
  }

  /** The people of a page's rows; between them are lines of metadata, which mean what they do elsewhere. */
  private takeEach(batch: Batch): Person[] {
    const found: Person[] = [];
    for (const item of batch.items) {
      let person: Person | null = null;
      if (!(item instanceof Batch) && item.verb === "MEMBER") person = this.row(item);
      else if (!(item instanceof Batch) && item.verb === "PERSON" && item.params.length >= 5) {
        const [name = "", ...facts] = item.params;
        person = this.person(item, name, facts);
      } else handle(this.client, item);
      if (person) found.push(person);
    }
    return found;
  }

  // The directory

  /** Request the accounts with a text in their names; `then` gets the page that begins behind the cursor. */
  lookFor(text: string, then: (page: PeoplePage) => void, cursor = ""): void {
    const nobody = { people: [], total: 0, following: "", error: "" };
    if (!this.isPossible) {
      then(nobody);
      return;
    }
    const answered = (request: PendingRequest) => {
      const page = this.pages.get(request) ?? { ...nobody, error: request.error };
      this.pages.delete(request);
      then(page);
    };
    const params = text ? [cursor || NONE, text] : [cursor || NONE];
    this.client.requests.ask(new PendingRequest("PEOPLE", null, answered, true), { verb: "PEOPLE", params });
  }

  /** `hubbub/people <total> <next>`. */
  tookPeople(batch: Batch): void {
    const people = this.takeEach(batch);
    const request = this.client.requests.current;
    if (request?.command !== "PEOPLE") return;
    const [total = "", following = ""] = batch.params;
    this.pages.set(request, { people, total: Number(total) || 0, following: following.replace(NONE, ""), error: "" });
  }
}
