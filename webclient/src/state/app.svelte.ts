/** The page's state: who one is, what one looks at, and the client whose changes the parts are told of. */

import { SvelteMap } from "svelte/reactivity";
import { Connection, type Status } from "../connection";
import { Client } from "../core/client";
import { withEmoji } from "../core/completion";
import type { Event, RoomRow } from "../core/events";
import type { Conversation, Message, Outgoing } from "../core/model";
import type { Identity } from "../core/registration";
import type { Query } from "../core/search";
import * as api from "./api";
import { emoji } from "./emoji.svelte";
import { isTold, type Level, notify, ring, usual } from "./notices";
import * as store from "./store";
import type { Attachment } from "./upload.svelte";
import { attachment, uploads } from "./upload.svelte";
import { speak, t } from "./words.svelte";

const SAVE_MS = 250;
const TOAST_MS = 8_000;

/** Something that changes outside of Svelte: reading `now` makes a part follow it. */
export class Pulse {
  now = $state(0);
  beat(): void {
    this.now++;
  }
}

export interface Toast {
  id: number;
  text: string;
  isError: boolean;
}

export type Pane = "members" | "thread" | "search" | "";
export type Dialog = "switcher" | "rooms" | "settings" | "keys" | "room" | "profile" | "";

/** How one comes in for the first time on this browser. */
export interface Arrival {
  how: "sign-in" | "register" | "guest";
  nick: string;
  password: string;
  serverPassword: string;
  /** Where one was made the first administrator: how the place is to be called. */
  network: string;
}

class App {
  place = $state<api.Place | null>(null);
  stage = $state<"starting" | "welcome" | "entering" | "chat">("starting");
  /** The code of the link by which one has come: of an invitation, or of the first administrator's. */
  invitation = $state<{ code: string; isFirst: boolean } | null>(null);
  /** Why one is not in. */
  problem = $state("");
  status = $state<Status>({ state: "connecting" });
  nick = $state("");
  account = $state("");
  network = $state("");
  choices = $state(store.choices.get());
  /** Folded name of the conversation that is looked at. */
  active = $state<string | null>(null);
  pane = $state<Pane>("");
  dialog = $state<Dialog>("");
  /** On a narrow screen either the list of conversations or one of them is shown. */
  isListShown = $state(true);
  /** There is place for the members beside the messages. */
  isWide = $state(true);
  /** There is place for one column only. */
  isNarrow = $state(false);
  thread = $state.raw<Message | null>(null);
  replying = $state.raw<Message | null>(null);
  editing = $state.raw<Message | null>(null);
  profile = $state("");
  toasts = $state<Toast[]>([]);
  found = $state.raw<{ query: string; found: readonly { where: string; message: Message }[]; error: string } | null>(null);
  listed = $state.raw<readonly RoomRow[] | null>(null);
  described = $state.raw<{ nick: string; facts: ReadonlyMap<string, string> } | null>(null);
  /** The room that is opened as soon as one is let in. */
  opening = "";
  /** Where to go in the conversation that is looked at. */
  target = $state.raw<{ id: string } | null>(null);
  /** Pictures can be loaded. */
  canSeeFiles = $state(false);
  /** The picture that is looked at by itself. */
  picture = $state.raw<Attachment | null>(null);
  /** What was said last where one looks, for a screen reader. */
  announced = $state("");
  /** The list of conversations, or what stands beside their names, has changed. */
  readonly rooms = new Pulse();
  readonly people = new Pulse();
  readonly drafts = new SvelteMap<string, string>(Object.entries(store.drafts.get()));
  ticket = $state("");
  client: Client | null = null;
  private connection: Connection | null = null;
  private readonly pulses = new WeakMap<Conversation, Pulse>();
  private readonly unsaved = new Set<Conversation>();
  private saving: ReturnType<typeof setTimeout> | null = null;
  private toastCount = 0;
  private arrival: Arrival | null = null;

  async start(): Promise<void> {
    const wide = matchMedia("(min-width: 1001px)");
    const narrow = matchMedia("(max-width: 720px)");
    const measure = () => {
      this.isWide = wide.matches;
      this.isNarrow = narrow.matches;
    };
    measure();
    for (const query of [wide, narrow]) query.addEventListener("change", measure);
    this.applyChoices();
    await speak(this.choices.language ? [this.choices.language] : navigator.languages);
    addEventListener("hashchange", () => this.followHash());
    void this.install();
    addEventListener("pagehide", () => this.saveNow());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.saveNow());
    this.takeInvitation();
    const known = this.invitation ? null : store.identity.get();
    if (known) await this.resume(known);
    else this.stage = "welcome";
    try {
      this.place = await api.place();
      this.network = this.place.network;
    } catch {
      // Without a network the page opens with what it knows.
    }
  }

  /** Where the browser lets it: the page opens without a network, and can be put among one's programs. */
  private async install(): Promise<void> {
    try {
      await navigator.serviceWorker?.register("/worker.js");
      navigator.serviceWorker?.addEventListener("message", ({ data }) => {
        location.hash = String((data as { hash?: string }).hash ?? "");
      });
    } catch {
      // A page over an unsafe connection, or a private window: it works as it is.
    }
  }

  /** The code is taken out of the address: it is nobody's who looks over a shoulder, or into the history. */
  private takeInvitation(): void {
    const found = /^#\/(invitation|first)\/([\w-]{8,64})$/.exec(location.hash);
    if (!found?.[2]) return;
    this.invitation = { code: found[2], isFirst: found[1] === "first" };
    history.replaceState(null, "", "#");
  }

  private async resume(known: store.Remembered): Promise<void> {
    const client = this.begin({ nick: known.nick, ...(known.token && { secret: { kind: "token", text: known.token } }) });
    const network = await store.recall(client);
    if (network !== null) {
      this.network = network;
      this.stage = "chat";
      this.rooms.beat();
      this.followHash();
    } else this.stage = "entering";
    client.restore(store.outbox.get());
    this.connection?.connect();
  }

  /** Come in as somebody who is not known here yet. */
  arrive(arrival: Arrival): void {
    this.arrival = arrival;
    this.problem = "";
    this.stage = "entering";
    this.begin({
      nick: arrival.nick,
      ...(arrival.how !== "guest" && { secret: { kind: "password", text: arrival.password } }),
      ...(arrival.serverPassword && { serverPassword: arrival.serverPassword }),
      registers: arrival.how === "register",
      ...(this.invitation && { invitation: this.invitation.code }),
    });
    this.connection?.connect();
  }

  private begin(identity: Identity): Client {
    this.connection?.stop();
    const client = new Client(identity, entropy);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.client = client;
    this.nick = identity.nick;
    this.connection = new Connection(
      `${scheme}://${location.host}/irc`, client, (events) => this.happened(events), (status) => this.connected(status),
    );
    return client;
  }

  private connected(status: Status): void {
    this.status = status;
    if (status.state === "offline") this.ticket = "";
    if (status.state === "offline" && status.retryMs === 0 && this.stage === "entering") this.stage = "welcome";
    else if (status.state === "offline" && this.stage === "entering") this.problem = t("welcome.unreachable");
  }

  /** Try again now. */
  reconnect(): void {
    this.connection?.connect();
  }

  /** Leave, and leave nothing behind in this browser. */
  async leave(): Promise<void> {
    const { ticket } = this;
    const device = store.identity.get();
    if (device?.device && ticket) await api.revokeToken(ticket, device.device).catch(() => undefined);
    this.client?.quit();
    this.connection?.stop();
    if (this.saving) clearTimeout(this.saving);
    this.saving = null;
    await store.forget();
    this.client = this.connection = null;
    this.drafts.clear();
    this.active = null;
    this.account = this.ticket = this.problem = "";
    this.pane = this.dialog = "";
    location.hash = "";
    this.stage = "welcome";
  }

  // What has happened

  pulse(conversation: Conversation): Pulse {
    const known = this.pulses.get(conversation) ?? new Pulse();
    this.pulses.set(conversation, known);
    return known;
  }

  private happened(events: readonly Event[]): void {
    for (const event of events) {
      if ("conversation" in event && event.conversation) this.unsaved.add(event.conversation);
      this.take(event);
    }
    this.save();
  }

  private take(event: Event): void {
    switch (event.type) {
      case "welcomed":
        this.welcomed(event.nick);
        break;
      case "ticket":
        this.ticket = event.ticket;
        void this.staySignedIn();
        void api.letSeeFiles(event.ticket).then(() => this.filesAreSeen(), () => undefined);
        break;
      case "signed-in":
        this.account = event.account;
        break;
      case "sign-in-failed":
      case "registration-failed":
        this.problem = event.reason;
        if (this.stage === "chat") void this.leave().then(() => (this.problem = event.reason));
        break;
      case "nickname-refused":
        this.problem = event.reason;
        this.client?.close();
        break;
      case "server-closes":
        if (this.stage === "entering") this.problem = event.reason;
        else if (!this.client?.hasLeft) this.say(event.reason, true);
        break;
      case "registered":
        if (!event.isReady) this.problem = event.text;
        break;
      case "conversation-opened":
      case "unread-changed":
        this.rooms.beat();
        this.pulse(event.conversation).beat();
        break;
      case "conversation-changed":
        this.rooms.beat();
        this.pulse(event.conversation).beat();
        this.entered(event.conversation);
        break;
      case "conversation-closed":
        this.rooms.beat();
        if (event.conversation === this.here) this.openFirst();
        break;
      case "members-changed":
      case "typing-changed":
      case "history-loaded":
      case "outbox-changed":
      case "message-changed":
        this.pulse(event.conversation).beat();
        break;
      case "message-received":
        this.pulse(event.conversation).beat();
        this.received(event.conversation, event.message);
        break;
      case "person-changed":
        this.people.beat();
        if (this.client?.isMe(event.person.nick)) this.nick = this.client.nick;
        break;
      case "invited":
        this.say(t("toast.invited", { by: event.by, room: event.room }));
        break;
      case "room-requested":
        this.say(t("toast.requested", { nick: event.nick, room: event.room }));
        break;
      case "search-finished":
        this.found = event;
        break;
      case "rooms-listed":
        this.listed = event.rooms;
        break;
      case "person-described":
        this.described = event;
        break;
      case "refused":
        if (event.text) this.say(refusal(event.code, event.conversation?.name ?? "") || event.text, true);
        break;
      case "server-said":
        if (event.text && this.stage === "chat" && this.status.state === "online") this.say(event.text);
        break;
    }
  }

  private welcomed(nick: string): void {
    this.nick = nick;
    this.status = { state: "online" };
    this.problem = "";
    this.stage = "chat";
    this.network = this.place?.network || this.client?.server.network || this.network;
    if (this.arrival) store.identity.set({ nick });
    this.rooms.beat();
    this.followHash();
    if (!this.active) this.openFirst();
  }

  /** After a password has proved an account, this browser gets a token of its own; the password is kept nowhere. */
  private async staySignedIn(): Promise<void> {
    const { arrival, client, ticket } = this;
    this.arrival = null;
    if (!arrival || arrival.how === "guest" || !client?.account) return;
    if (arrival.network) client.ask("HUBBUB", `set setting server.network ${arrival.network}`);
    if (arrival.network) this.network = arrival.network;
    this.invitation = null;
    try {
      // Chance tells two browsers of one kind apart.
      const device = `${browserName()} (${entropy().slice(-4)})`;
      const { token } = await api.makeToken(ticket, device);
      store.identity.set({ nick: client.account, token, device });
      client.registration.identity = { nick: client.account, secret: { kind: "token", text: token } };
    } catch (error) {
      if (error instanceof Error) this.say(error.message, true);
    }
  }

  private entered(conversation: Conversation): void {
    if (this.stage !== "chat" || !(conversation.isJoined || conversation.isRequested)) return;
    const isWanted = this.opening !== "" && this.client?.fold(this.opening) === this.client?.fold(conversation.name);
    if (isWanted) {
      this.opening = "";
      this.open(conversation);
    } else if (!this.active) this.openFirst();
  }

  private filesAreSeen(): void {
    this.canSeeFiles = true;
    this.followHash();
  }

  private received(conversation: Conversation, message: Message): void {
    if (conversation === this.here && message.isTalk && !message.isOwn) {
      this.announced = `${this.displayName(message.sender)}: ${message.text}`;
    }
    if (!isTold(conversation, message, this.level(conversation)) || this.isLookedAt(conversation) || this.choices.quiet) return;
    if (this.choices.sound) ring();
    const name = this.displayName(message.sender);
    const title = conversation.isRoom ? t("notice.in_room", { name, room: conversation.name }) : name;
    if (this.choices.notify) void notify(title, conversation, message);
  }

  private isLookedAt(conversation: Conversation): boolean {
    return conversation === this.here && document.visibilityState === "visible" && document.hasFocus();
  }

  /** What is told of a conversation. */
  level(conversation: Conversation): Level {
    return this.choices.levels[this.client?.fold(conversation.name) ?? ""] ?? usual(conversation);
  }

  setLevel(conversation: Conversation, level: Level): void {
    const key = this.client?.fold(conversation.name) ?? "";
    this.choose({ levels: { ...this.choices.levels, [key]: level } });
  }

  /** Let the browser tell of messages, after asking whether it may. */
  async setNotify(wanted: boolean): Promise<void> {
    const may = wanted && typeof Notification !== "undefined" && (await Notification.requestPermission()) === "granted";
    if (wanted && !may) this.say(t("notice.refused"), true);
    this.choose({ notify: may });
  }

  // What one looks at

  /** What stands beside the messages: what was opened, or else the members where they are wanted. */
  get side(): Pane {
    return this.pane || (this.isWide && this.choices.members && this.here?.isRoom ? "members" : "");
  }

  get here(): Conversation | null {
    void this.rooms.now;
    return (this.active !== null && this.client?.conversations.get(this.active)) || null;
  }

  open(conversation: Conversation, messageId = ""): void {
    const key = this.client?.fold(conversation.name) ?? null;
    if (key !== this.active) {
      this.replying = this.editing = this.thread = null;
      if (this.pane === "thread") this.pane = "";
      this.active = key;
      this.client?.lookAt(conversation);
    }
    this.target = messageId ? { id: messageId } : null;
    this.isListShown = false;
    this.dialog = "";
    const hash = `#/${encodeURIComponent(conversation.name)}${messageId ? `/${messageId}` : ""}`;
    if (location.hash !== hash) history.pushState(null, "", hash);
  }

  openByName(name: string, messageId = ""): void {
    const { client } = this;
    if (!client) return;
    const known = client.find(name);
    if (known) this.open(known, messageId);
    else if (client.server.isRoom(name)) {
      this.opening = name;
      client.join(name);
    }
    else this.open(client.open(name));
  }

  private openFirst(): void {
    const all = this.sorted();
    const first = all.find((one) => one.isRoom && one.isJoined) ?? all[0];
    if (first) {
      this.open(first);
      if (this.isNarrow) this.isListShown = true;
    } else this.active = null;
  }

  private followHash(): void {
    const [, name, id, file] = location.hash.split("/").map(decodeURIComponent);
    if (name === "file" && id && file !== undefined) {
      this.openFile(`${location.origin}/files/${id}/${encodeURIComponent(file)}`);
      return;
    }
    const conversation = name && this.client?.find(name);
    // A room that one is not in yet is opened as soon as one is.
    if (name && !conversation) this.opening = name;
    else if (name && conversation && (this.client?.fold(name) !== this.active || id)) this.open(conversation, id);
  }

  /** Somebody has followed a link to a file: now that one is in, it can be seen. */
  private openFile(address: string): void {
    const file = attachment(address);
    if (!file || !this.canSeeFiles) return;
    history.replaceState(null, "", "#");
    if (file.kind === "picture") this.picture = file;
    else location.assign(file.path);
  }

  /** Rooms by name, then people by who has said something last. */
  sorted(): Conversation[] {
    void this.rooms.now;
    const all = [...(this.client?.conversations.values() ?? [])];
    const rooms = all.filter((one) => one.isRoom).sort((a, b) => a.name.localeCompare(b.name));
    const lastMs = (one: Conversation) => one.timeline.messages.at(-1)?.timeMs ?? Infinity;
    return [...rooms, ...all.filter((one) => !one.isRoom).sort((a, b) => lastMs(b) - lastMs(a))];
  }

  /** The next conversation in the list, in either direction; with `unread` only one that has something new. */
  step(by: 1 | -1, unread: boolean): void {
    const all = this.sorted();
    const at = this.here ? all.indexOf(this.here) : -1;
    for (let step = 1; step <= all.length; step++) {
      const next = all[(at + by * step + all.length * step) % all.length];
      if (next && (!unread || next.unread > 0)) {
        this.open(next);
        return;
      }
    }
  }

  /** The first conversation that has something new, mentions first. */
  openUnread(): void {
    const all = this.sorted();
    const next = all.find((one) => one.mentions > 0) ?? all.find((one) => one.unread > 0);
    if (next) this.open(next);
  }

  get unread(): { mentions: number; unread: number } {
    const all = this.sorted();
    return { mentions: sum(all.map((one) => one.mentions)), unread: sum(all.map((one) => one.unread)) };
  }

  displayName(nick: string): string {
    void this.people.now;
    return this.client?.people.find(nick)?.displayName ?? nick;
  }

  // What one does

  /** Say what was typed, or give it to the message that is being changed. */
  async send(conversation: Conversation, text: string): Promise<void> {
    const { client } = this;
    if (!client) return;
    if (/:[a-z0-9_+-]+:/.test(text) && !emoji.names.size) await emoji.load();
    const written = withEmoji(text, emoji.names);
    const { editing } = this;
    if (editing) {
      if (written.trim() && written !== editing.text) client.edit(conversation, editing, written);
      this.editing = null;
      return;
    }
    const replyTo = this.replying?.id ?? "";
    this.replying = null;
    client.say(conversation, written, { replyTo });
  }

  /** Whether one may send files here. */
  get maySendFiles(): boolean {
    return this.ticket !== "" && (this.place?.file_bytes ?? 0) > 0 && (this.account !== "" || (this.place?.guest_files ?? false));
  }

  /** Send files, to be said with the next message here. */
  attach(conversation: Conversation, files: Iterable<File>): void {
    if (!this.maySendFiles) {
      this.say(t(this.account ? "file.not_now" : "file.not_guests"), true);
      return;
    }
    const most = this.place?.file_bytes ?? 0;
    uploads.add(conversation.name, files, this.ticket, most, (file) => t("file.too_large", { name: file.name, most: megabytes(most) }));
  }

  toggleReaction(conversation: Conversation, message: Message, reaction: string): void {
    const { client } = this;
    if (!client) return;
    const given = message.reactions.get(reaction)?.some((nick) => client.isMe(nick)) ?? false;
    client.react(conversation, message, reaction, !given);
  }

  /** Whether one looks after a room. */
  mayModerate(conversation: Conversation): boolean {
    const { client } = this;
    return client !== null && /^[~&@!]/.test(conversation.members.get(client.fold(client.nick))?.ranks ?? "");
  }

  /** Let others know something of oneself, or nothing any more. */
  setMetadata(key: string, value: string): void {
    const known = this.client?.people.find(this.nick)?.metadata.get(key) ?? "";
    if (value !== known) this.client?.ask("METADATA", "*", "SET", key, ...(value ? [value] : []));
  }

  search(query: Query): void {
    if (!query.text.trim() && !query.by && !query.where) return;
    this.found = null;
    this.client?.search.find(query);
  }

  draft(name: string): string {
    return this.drafts.get(name) ?? "";
  }

  setDraft(name: string, text: string): void {
    if (text) this.drafts.set(name, text);
    else this.drafts.delete(name);
    this.save();
  }

  choose(changes: Partial<store.Choices>): void {
    this.choices = { ...this.choices, ...changes };
    store.choices.set(this.choices);
    this.applyChoices();
    if ("language" in changes) void speak(changes.language ? [changes.language] : navigator.languages);
  }

  private applyChoices(): void {
    document.documentElement.dataset["theme"] = this.choices.theme;
  }

  say(text: string, isError = false): void {
    const id = ++this.toastCount;
    this.toasts = [...this.toasts.filter((toast) => toast.text !== text).slice(-3), { id, text, isError }];
    setTimeout(() => this.dismiss(id), TOAST_MS);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  // Nothing typed is lost

  private save(): void {
    this.saving ??= setTimeout(() => this.saveNow(), SAVE_MS);
  }

  private saveNow(): void {
    if (this.saving) clearTimeout(this.saving);
    this.saving = null;
    store.drafts.set(Object.fromEntries(this.drafts));
    if (!this.client || this.stage !== "chat") return;
    store.outbox.set(this.client.outbox.entries.filter(isKept));
    void store.keep(this.client, this.network, this.unsaved);
    this.unsaved.clear();
  }
}

/** In this page's own words, where the protocol's are for programs; empty for the others. */
function refusal(code: string, room: string): string {
  const word = ({ "404": "refused.speak", "471": "refused.full", "473": "refused.invitation", "474": "refused.banned", "475": "refused.key", "482": "refused.operator" } as const)[code];
  return word ? t(word, { room }) : "";
}

function isKept(entry: Outgoing): boolean {
  return !entry.target.startsWith("*");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function megabytes(bytes: number): string {
  return new Intl.NumberFormat(undefined, { style: "unit", unit: "megabyte", maximumSignificantDigits: 3 }).format(bytes / 1e6);
}

/** Letters and digits that nobody can guess; later ones sort behind earlier ones. */
function entropy(): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return Date.now().toString(16).padStart(12, "0") + Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How its user will know this browser in a list. */
function browserName(): string {
  const agent = navigator.userAgent;
  const browser = ["Firefox", "Edg", "OPR", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`)) ?? "Browser";
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name)) ?? "";
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system ? `${name}, ${system}` : name;
}

export const app = new App();
