/** The handlers of the client's events: what each does to the page. */

import type { Event } from "../core/events";
import type { Conversation, Message } from "../core/chatModel";
import { closingText, translatedOrVerbatim } from "./replyText";
import { absentAuthors } from "./absentAuthors";
import { absentMentions } from "./absentMentions.svelte";
import { app } from "./app.svelte";
import { preferences } from "./preferences.svelte";
import { shouldNotify, NOTIFICATION_LEVELS, notify, ring } from "./notifications";
import { customEmoji } from "./customEmoji.svelte";
import * as webPush from "./webPush";
import { changeSignals } from "./changeSignals.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import { t } from "./i18n.svelte";

type Named<E, T> = E extends { type: infer U } ? (T extends U ? E : never) : never;
type Handlers = { [T in Event["type"]]?: (event: Named<Event, T>) => void };

const notifyList = ({ conversation }: { conversation: Conversation }) => changeSignals.of(conversation).notify();

function listed({ conversation }: { conversation: Conversation }): void {
  changeSignals.rooms.notify();
  changeSignals.of(conversation).notify();
}

const HANDLERS: Handlers = {
  "welcomed": ({ nick }) => {
    session.welcomed(nick);
    absentAuthors.reset();
    listen();
    changeSignals.rooms.notify();
    app.begin();
  },
  "ticket": ({ ticket }) => void session.takeTicket(ticket).then(() => app.arrivedByHash()),
  "signed-in": ({ account }) => (session.account = account),
  "sign-in-failed": ({ reason }) => refused(reason),
  "signed-out": ({ reason }) => {
    if (!session.client?.hasLeft) refused(reason);
  },
  "registration-failed": ({ reason }) => refused(reason),
  "nickname-refused": ({ reason }) => session.nickRefused(reason),
  "server-closes": ({ reason }) => {
    if (session.stage === "entering") session.notLetIn(closingText(reason));
    else if (session.client && !session.client.hasLeft) toasts.say(closingText(reason), true);
  },
  "registered": ({ isReady, text }) => {
    if (!isReady) session.problem = translatedOrVerbatim(text);
  },
  "conversation-opened": listed,
  "unread-changed": listed,
  "conversation-changed": (event) => {
    listed(event);
    app.entered(event.conversation);
  },
  "conversation-closed": ({ conversation }) => {
    changeSignals.rooms.notify();
    app.closed(conversation);
  },
  "draft-changed": (event) => {
    session.persistence.draftChangedElsewhere(event.conversation);
    listed(event);
  },
  "members-changed": notifyList,
  "typing-changed": notifyList,
  "history-loaded": notifyList,
  "outbox-changed": notifyList,
  "message-changed": notifyList,
  "message-received": (event) => {
    notifyList(event);
    absentMentions.sent(event.conversation, event.message);
    tell(event.conversation, event.message);
  },
  "person-changed": ({ person }) => {
    changeSignals.people.notify();
    if (session.client?.isMe(person.nick)) session.renamed(session.client.nick);
  },
  "invited": ({ by, room }) => toasts.say(t("toast.invited", { by, room })),
  "room-requested": ({ nick, room }) => toasts.say(t("toast.requested", { nick, room })),
  "search-finished": (event) => (app.found = event),
  "rooms-listed": ({ rooms }) => (app.listed = rooms),
  "level-told": ({ target, level }) => {
    const wanted = NOTIFICATION_LEVELS.find((one) => one === level) ?? null;
    if (target === "*") preferences.set({ quiet: wanted === "none" });
    else preferences.setLevel(session.fold(target), wanted);
  },
  "emoji-changed": () => void (customEmoji.known = session.client?.emoji.known ?? new Map()),
  "reported": () => toasts.say(t("report.done")),
  "person-described": (event) => (app.described = event),
  "refused": ({ text }) => {
    if (text && session.stage === "entering") session.problem = text;
    else if (text) toasts.say(text, true);
  },
  "server-said": ({ text }) => {
    if (text && session.stage === "chat" && session.status.state === "online") toasts.say(translatedOrVerbatim(text));
  },
};

/** What one wants to be told of is kept by the server for all of one's clients. */
function listen(): void {
  const { client } = session;
  if (!client?.account) return;
  if (client.server.has("hubbub/notify")) {
    if (preferences.now.quiet || Object.keys(preferences.now.levels).length) preferences.set({ levels: {}, quiet: false });
    client.ask("NOTIFY");
  }
  if (preferences.now.notify) void webPush.subscribe(client);
}

export function handleEvent(event: Event): void {
  (HANDLERS[event.type] as ((event: Event) => void) | undefined)?.(event);
}

function refused(reason: string): void {
  session.refused(reason);
  if (session.stage === "welcome") app.reset();
}

/** Somebody has said something: it is announced to those who hear the page, and told of to those who do not look. */
function tell(conversation: Conversation, message: Message): void {
  const name = app.displayName(message.sender);
  if (conversation === app.here && message.isTalk && !message.isOwn) app.announced = `${name}: ${message.text}`;
  const level = preferences.level(session.fold(conversation.name), conversation);
  if (!shouldNotify(conversation, message, level) || app.isLookedAt(conversation) || preferences.now.quiet) return;
  if (preferences.now.sound) ring();
  const title = conversation.isRoom ? t("notice.in_room", { name, room: conversation.name }) : name;
  if (preferences.now.notify) void notify(title, conversation, message);
}
