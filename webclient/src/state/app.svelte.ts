/** The page's state: the conversation, pane and dialog in view, and the actions of its user. */

import { withEmoji } from "../core/completion";
import type { RoomRow } from "../core/events";
import type { Conversation, Message } from "../core/chatModel";
import type { Query } from "../core/search";
import { isName } from "../core/ircLine";
import { absentMentions } from "./absentMentions.svelte";
import { confirmation } from "./confirmation.svelte";
import { preferences } from "./preferences.svelte";
import { emojiCatalogue } from "./emojiCatalogue.svelte";
import { overlays } from "./overlays";
import { hashParts } from "./urlHash";
import { changeSignals } from "./changeSignals.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import { type Attachment, attachment, uploads } from "./uploads.svelte";
import { formatSize, t } from "./i18n.svelte";

export type Pane = "members" | "thread" | "search" | "pins" | "";
export type Dialog = "switcher" | "rooms" | "settings" | "keys" | "room" | "profile" | "people" | "administration" | "";

/** No name and no message's id in a link is longer. */
const LINKED_MAX = 100;

class App {
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
  found = $state.raw<{ query: string; found: readonly { where: string; message: Message }[]; error: string } | null>(null);
  listed = $state.raw<readonly RoomRow[] | null>(null);
  described = $state.raw<{ nick: string; facts: ReadonlyMap<string, string> } | null>(null);
  /** Where to go in the conversation that is looked at. */
  target = $state.raw<{ id: string } | null>(null);
  /** The picture that is looked at by itself. */
  picture = $state.raw<Attachment | null>(null);
  /** What was said last where one looks, for a screen reader. */
  announced = $state("");
  /** Where the address leads that is not there: opened as soon as it is. */
  private linked = "";
  /** The room that one has asked to enter: opened as soon as one is let in. */
  private entering = "";

  /** Follow the window's size and its address. */
  start(): void {
    const wide = matchMedia("(min-width: 1001px)");
    const narrow = matchMedia("(max-width: 720px)");
    const measure = () => {
      this.isWide = wide.matches;
      this.isNarrow = narrow.matches;
    };
    measure();
    for (const query of [wide, narrow]) query.addEventListener("change", measure);
    overlays.start();
    addEventListener("hashchange", () => this.followHash(session.stage === "chat"));
  }

  /** One is in, or back: go where the address says. */
  begin(): void {
    this.followHash();
    if (!this.active) this.openFirst();
  }

  /** One is out: nothing of the page is about anything any more. */
  reset(): void {
    this.active = null;
    this.pane = this.dialog = "";
    this.thread = this.replying = this.editing = null;
    absentMentions.reset();
  }

  // What one looks at

  /** What stands beside the messages: what was opened, or else the members where they are wanted. */
  get side(): Pane {
    return this.pane || (this.isWide && preferences.now.members && this.here?.isRoom ? "members" : "");
  }

  get here(): Conversation | null {
    void changeSignals.rooms.version;
    return (this.active !== null && session.client?.conversations.get(this.active)) || null;
  }

  isLookedAt(conversation: Conversation): boolean {
    return conversation === this.here && document.visibilityState === "visible" && document.hasFocus();
  }

  /** Go to a conversation, because one wants to: the dialog in which one has chosen it has done its work. */
  open(conversation: Conversation, messageId = ""): void {
    this.show(conversation, messageId);
    this.dialog = "";
  }

  /** Show a conversation; a dialog that one has opened meanwhile stays, since nobody has asked for this just now. */
  private show(conversation: Conversation, messageId = ""): void {
    const key = session.fold(conversation.name);
    if (key !== this.active) {
      this.replying = this.editing = this.thread = null;
      if (this.pane === "thread") this.pane = "";
      this.active = key;
      session.client?.lookAt(conversation);
    }
    this.target = messageId ? { id: messageId } : null;
    this.isListShown = false;
    const hash = `#/${encodeURIComponent(conversation.name)}${messageId ? `/${messageId}` : ""}`;
    if (location.hash !== hash) overlays.go(hash);
  }

  openByName(name: string, messageId = ""): void {
    const { client } = session;
    if (!client || !isName(name)) return;
    const known = client.find(name);
    if (known) this.open(known, messageId);
    else if (client.server.isRoom(name)) this.enter(name);
    else if (client.isService(name)) toasts.say(t("command.write", { usage: `/msg ${name} TEXT` }), true);
    else this.open(client.open(name));
  }

  /** Go into a room, or ask for it; it is opened as soon as one is in. */
  enter(room: string, key = ""): void {
    this.entering = room;
    session.client?.join(room, key);
  }

  private openFirst(): void {
    const all = this.sorted();
    const first = all.find((one) => one.isRoom && one.isJoined) ?? all[0];
    if (first) {
      this.show(first);
      if (this.isNarrow) this.isListShown = true;
    } else this.active = null;
  }

  /** Go where the address leads, or has led on coming in: all rooms in which one is are there by now, with whom one talks is not. */
  arrivedByHash(): void {
    this.followHash();
    const { linked } = this;
    const isSure = !isName(linked) || session.client?.server.isRoom(linked);
    if (!linked || !isSure || session.client?.find(linked)) return;
    this.linked = "";
    this.sayMissing(linked);
  }

  /** Go where the address leads; a sentence tells of a place that is not there, where all are known. */
  followHash(isAllKnown = false): void {
    const [, name, id, file] = hashParts(location.hash);
    if (name === "file" && id && file !== undefined) {
      this.openFile(`${location.origin}/files/${id}/${encodeURIComponent(file)}`);
      return;
    }
    const conversation = name && session.client?.find(name);
    // A room that one is not in yet is opened as soon as one is.
    if (name && !conversation) {
      this.linked = name;
      if (isAllKnown) this.sayMissing(name);
    } else if (name && conversation && (session.fold(name) !== this.active || id)) this.openAt(conversation, id);
  }

  /** Nothing is there by this name; a room can be joined all the same, or may be another one's secret. */
  private sayMissing(name: string): void {
    const canBeRoom = isName(name) && session.client?.server.isRoom(name);
    toasts.say(missing(name), true, canBeRoom ? { label: t("rooms.join"), act: () => this.enter(name) } : null);
  }

  private openAt(conversation: Conversation, id = ""): void {
    const isId = isName(id) && id.length <= LINKED_MAX;
    this.open(conversation, isId ? id : "");
    if (id && !isId) toasts.say(t("list.not_found"), true);
  }

  /** Somebody has followed a link to a file: now that one is in, it can be seen. */
  private openFile(address: string): void {
    const file = attachment(address);
    if (!file) toasts.say(t("link.nowhere"), true);
    if (!file || !session.canSeeFiles) return;
    history.replaceState(null, "", "#");
    if (file.kind === "picture") this.picture = file;
    else location.assign(file.path);
  }

  /** One is let into a room, or has asked for it. */
  entered(conversation: Conversation): void {
    if (session.stage !== "chat" || !(conversation.isJoined || conversation.isRequested)) return;
    const key = session.fold(conversation.name);
    if ([this.linked, this.entering].some((name) => name && session.fold(name) === key)) {
      this.linked = this.entering = "";
      this.show(conversation);
    } else if (!this.active) this.openFirst();
  }

  closed(conversation: Conversation): void {
    if (session.fold(conversation.name) === this.active) this.openFirst();
  }

  /** Rooms by name, then people by who has said something last. */
  sorted(): Conversation[] {
    void changeSignals.rooms.version;
    const all = [...(session.client?.conversations.values() ?? [])];
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
    void changeSignals.people.version;
    return session.client?.people.find(nick)?.displayName ?? nick;
  }

  /** The nickname of a message's author, or the name of the account once that person is offline or has another nickname. */
  author(message: Message): string {
    void changeSignals.people.version;
    const known = message.account ? session.client?.people.find(message.account) : undefined;
    return known?.nick ?? message.sender;
  }

  authorName(message: Message): string {
    return this.displayName(this.author(message));
  }

  // What one does

  /** Say what was typed, or give it to the message that is being changed. */
  async send(conversation: Conversation, text: string, replying = this.replying): Promise<void> {
    const { client } = session;
    const { editing } = this;
    this.editing = null;
    if (this.replying === replying) this.replying = null;
    if (/:[a-z0-9_+-]+:/.test(text) && !emojiCatalogue.names.size) await emojiCatalogue.load();
    const written = withEmoji(text, emojiCatalogue.names);
    if (!editing) client?.say(conversation, written, { replyTo: replying?.id ?? "" });
    else if (written.trim() && written !== editing.text) client?.edit(conversation, editing, written);
  }

  /** Write to somebody by name. What a service is told may be a secret: it is asked, and kept nowhere. */
  sendTo(name: string, text: string): void {
    const { client } = session;
    if (!client || !isName(name)) return;
    if (client.isService(name)) client.ask("PRIVMSG", name, text);
    else client.say(client.open(name), text);
  }

  /** Whether one may send files here. */
  get maySendFiles(): boolean {
    const { ticket, serverInfo, account } = session;
    return ticket !== "" && (serverInfo?.file_bytes ?? 0) > 0 && (account !== "" || (serverInfo?.guest_files ?? false));
  }

  /** Send files, to be said with the next message here. */
  attach(conversation: Conversation, files: Iterable<File>): void {
    if (!this.maySendFiles) {
      toasts.say(t(session.account ? "file.not_now" : "file.not_guests"), true);
      return;
    }
    const most = session.serverInfo?.file_bytes ?? 0;
    uploads.add(conversation.name, files, session.ticket, most, (file) => t("file.too_large", { name: file.name, most: formatSize(most) }));
  }

  toggleReaction(conversation: Conversation, message: Message, reaction: string): void {
    const { client } = session;
    if (!client) return;
    const given = message.reactions.get(reaction)?.some((nick) => client.isMe(nick)) ?? false;
    client.react(conversation, message, reaction, !given);
  }

  // What is asked before it is done

  /** Leave a room, or close a conversation, which loses nothing. */
  leave(conversation: Conversation): void {
    const act = () => {
      this.dialog = "";
      session.client?.leave(conversation);
    };
    if (!conversation.isRoom || !conversation.isJoined) act();
    else {
      // How a room is set is not known before somebody has looked at it.
      const isOpen = conversation.modes !== "" && !/[iAks]/.test(conversation.modes.split(" ")[0] ?? "");
      confirmation.ask({ text: t(isOpen ? "room.leave_open" : "room.leave_ask", { room: conversation.name }), action: t("room.leave"), isDestructive: true, act });
    }
  }

  /** Put somebody out of a room. */
  kick(room: Conversation, nick: string, reason = ""): void {
    const act = () => this.putOut(room, nick, reason);
    confirmation.ask({ text: t("profile.kick_ask", { name: this.displayName(nick), room: room.name }), action: t("profile.kick"), isDestructive: true, act });
  }

  /** Let somebody not come into a room any more; without a mask, whoever has this nickname, and they are put out at once. */
  ban(room: Conversation, nick: string, mask = ""): void {
    const act = () => {
      session.client?.ask("MODE", room.name, "+b", mask || session.client.banMask(nick));
      if (!mask) this.putOut(room, nick, "");
    };
    confirmation.ask({ text: t("profile.ban_ask", { name: this.displayName(nick), room: room.name }), action: t("profile.ban"), isDestructive: true, act });
  }

  private putOut(room: Conversation, nick: string, reason: string): void {
    session.client?.ask("KICK", room.name, nick, ...(reason ? [reason] : []));
    if (this.dialog === "profile") this.dialog = "";
  }

  /** Whether one looks after a room. */
  mayModerate(conversation: Conversation): boolean {
    const { client } = session;
    if (session.role === "admin") return true;
    return client !== null && /^[~&@!]/.test(conversation.members.get(client.fold(client.nick))?.ranks ?? "");
  }

  /** Let others know something of oneself, or nothing any more. */
  setMetadata(key: string, value: string): void {
    const known = session.client?.people.find(session.nick)?.metadata.get(key) ?? "";
    if (value !== known) session.client?.ask("METADATA", "*", "SET", key, ...(value ? [value] : []));
  }

  search(query: Query): void {
    if (!query.text.trim() && !query.by && !query.where) return;
    this.found = null;
    session.client?.search.find(query);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Why an address leads to no conversation. */
function missing(name: string): string {
  if (["invitation", "first"].includes(name)) return t("link.used");
  return isName(name) && name.length <= LINKED_MAX ? t("link.unknown", { name }) : t("link.nowhere");
}

export const app = new App();
