/** What each event of the client does to the page. */

import type { Event } from "../core/events";
import type { Conversation, Message } from "../core/chatModel";
import { closing, orAsWritten } from "./replyText";
import { app } from "./app.svelte";
import { choices } from "./preferences.svelte";
import { isTold, LEVELS, notify, ring } from "./notifications";
import { own } from "./customEmoji.svelte";
import * as push from "./webPush";
import { pulses } from "./changeSignals.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import { t } from "./i18n.svelte";

type Named<E, T> = E extends { type: infer U } ? (T extends U ? E : never) : never;
type Heard = { [T in Event["type"]]?: (event: Named<Event, T>) => void };

const beat = ({ conversation }: { conversation: Conversation }) => pulses.of(conversation).beat();

function listed({ conversation }: { conversation: Conversation }): void {
  pulses.rooms.beat();
  pulses.of(conversation).beat();
}

const HEARD: Heard = {
  "welcomed": ({ nick }) => {
    session.welcomed(nick);
    listen();
    pulses.rooms.beat();
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
    if (session.stage === "entering") session.notLetIn(closing(reason));
    else if (session.client && !session.client.hasLeft) toasts.say(closing(reason), true);
  },
  "registered": ({ isReady, text }) => {
    if (!isReady) session.problem = orAsWritten(text);
  },
  "conversation-opened": listed,
  "unread-changed": listed,
  "conversation-changed": (event) => {
    listed(event);
    app.entered(event.conversation);
  },
  "conversation-closed": ({ conversation }) => {
    pulses.rooms.beat();
    app.closed(conversation);
  },
  "draft-changed": (event) => {
    session.kept.draftedElsewhere(event.conversation);
    listed(event);
  },
  "members-changed": beat,
  "typing-changed": beat,
  "history-loaded": beat,
  "outbox-changed": beat,
  "message-changed": beat,
  "message-received": (event) => {
    beat(event);
    tell(event.conversation, event.message);
  },
  "person-changed": ({ person }) => {
    pulses.people.beat();
    if (session.client?.isMe(person.nick)) session.renamed(session.client.nick);
  },
  "invited": ({ by, room }) => toasts.say(t("toast.invited", { by, room })),
  "room-requested": ({ nick, room }) => toasts.say(t("toast.requested", { nick, room })),
  "search-finished": (event) => (app.found = event),
  "rooms-listed": ({ rooms }) => (app.listed = rooms),
  "level-told": ({ target, level }) => {
    const wanted = LEVELS.find((one) => one === level) ?? null;
    if (target === "*") choices.choose({ quiet: wanted === "none" });
    else choices.setLevel(session.fold(target), wanted);
  },
  "emoji-changed": () => void (own.known = session.client?.emoji.known ?? new Map()),
  "reported": () => toasts.say(t("report.done")),
  "person-described": (event) => (app.described = event),
  "refused": ({ text }) => {
    if (text && session.stage === "entering") session.problem = text;
    else if (text) toasts.say(text, true);
  },
  "server-said": ({ text }) => {
    if (text && session.stage === "chat" && session.status.state === "online") toasts.say(orAsWritten(text));
  },
};

/** What one wants to be told of is kept by the server for all of one's clients. */
function listen(): void {
  const { client } = session;
  if (!client?.account) return;
  if (client.server.has("hubbub/notify")) {
    if (choices.now.quiet || Object.keys(choices.now.levels).length) choices.choose({ levels: {}, quiet: false });
    client.ask("NOTIFY");
  }
  if (choices.now.notify) void push.begin(client);
}

export function hear(event: Event): void {
  (HEARD[event.type] as ((event: Event) => void) | undefined)?.(event);
}

function refused(reason: string): void {
  session.refused(reason);
  if (session.stage === "welcome") app.reset();
}

/** Somebody has said something: it is announced to those who hear the page, and told of to those who do not look. */
function tell(conversation: Conversation, message: Message): void {
  const name = app.displayName(message.sender);
  if (conversation === app.here && message.isTalk && !message.isOwn) app.announced = `${name}: ${message.text}`;
  const level = choices.level(session.fold(conversation.name), conversation);
  if (!isTold(conversation, message, level) || app.isLookedAt(conversation) || choices.now.quiet) return;
  if (choices.now.sound) ring();
  const title = conversation.isRoom ? t("notice.in_room", { name, room: conversation.name }) : name;
  if (choices.now.notify) void notify(title, conversation, message);
}
