/** The session: who is signed in, and the connection; signing in, coming back, leaving. */

import { Connection, type Status } from "../connection";
import { Client } from "../core/client";
import type { Event } from "../core/events";
import type { Identity } from "../core/registration";
import { replyText } from "./replyText";
import * as api from "./api";
import { browserName, entropy } from "./browserInfo";
import { preferences } from "./preferences.svelte";
import { isInvitationUsable } from "./invitationCheck";
import { Persistence } from "./persistence.svelte";
import type { NotificationLevel } from "./notifications";
import * as webPush from "./webPush";
import { singleFlight } from "./singleFlight";
import * as store from "./browserStorage";
import { toasts } from "./toasts.svelte";
import { t } from "./i18n.svelte";

/** After so long one is told that nothing has come of it. */
const SILENCE_MS = 10_000;

/** How one comes in for the first time on this browser. */
export interface SignInRequest {
  how: "sign-in" | "register" | "guest";
  nick: string;
  /** Under which others see one; the nickname where it is empty. */
  shownName: string;
  password: string;
  serverPassword: string;
  /** Where one was made the first administrator: how the place is to be called. */
  network: string;
}

/** Who listens to what happens. */
export interface SessionListener {
  onEvent(event: Event): void;
  /** The conversations that this browser knows are there, before the server is. */
  onRestored(): void;
  /** Whoever was here has left, or somebody else has come in. */
  onForgotten(): void;
}

class Session {
  serverInfo = $state<api.ServerInfo | null>(null);
  stage = $state<"starting" | "welcome" | "entering" | "chat">("starting");
  /** The code of the link by which one has come: of an invitation, or of the first administrator's. */
  invitation = $state<{ code: string; isFirst: boolean } | null>(null);
  /** Why one is not in. */
  problem = $state("");
  /** The server takes long to let one in: one may try again. */
  isSilent = $state(false);
  status = $state<Status>({ state: "connecting" });
  nick = $state("");
  account = $state("");
  network = $state("");
  /** Proves this session to the website; empty while there is none. */
  ticket = $state("");
  /** What one may do on the server. */
  role = $state<api.Me["role"]>("member");
  /** Pictures can be loaded. */
  canSeeFiles = $state(false);
  /** Whose things this browser keeps. */
  remembered = $state.raw(store.identity.get());
  client: Client | null = null;
  readonly persistence = new Persistence(() => (this.client && this.stage === "chat" ? { client: this.client, network: this.network } : null));
  private connection: Connection | null = null;
  private signInRequest: SignInRequest | null = null;
  private listener: SessionListener | null = null;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  async start(listener: SessionListener): Promise<void> {
    this.listener = listener;
    this.takeInvitation();
    const known = this.invitation ? null : this.remembered;
    if (known && !known.mustProve) await this.resume(known);
    else this.stage = "welcome";
    void this.tryInvitation();
    try {
      this.serverInfo = await api.serverInfo();
      this.network = this.serverInfo.network;
    } catch {
      // Without a network the page opens with what it knows.
    }
  }

  /** The code is taken out of the address: it is nobody's who looks over a shoulder, or into the history. */
  private takeInvitation(): void {
    const found = /^#\/(invitation|first)\/([\w-]{8,64})$/.exec(location.hash);
    if (!found?.[2]) return;
    this.invitation = { code: found[2], isFirst: found[1] === "first" };
    history.replaceState(null, "", "#");
  }

  /** One that is over says so before anybody fills in a form with it. */
  private async tryInvitation(): Promise<void> {
    const { invitation } = this;
    if (!invitation || (await isInvitationUsable(invitation.code)) !== false || this.stage !== "welcome") return;
    this.problem = t("welcome.used");
    this.invitation = null;
  }

  private async resume(known: store.StoredIdentity): Promise<void> {
    this.begin({ nick: known.nick, ...(known.token && { secret: { kind: "token", text: known.token } }) });
    if (await this.recall()) {
      this.stage = "chat";
      this.listener?.onRestored();
    } else this.stage = "entering";
    this.connection?.connect();
  }

  /** Come in with a name and a password, or as a guest. */
  async signIn(signInRequest: SignInRequest): Promise<void> {
    this.signInRequest = signInRequest;
    this.problem = "";
    this.stage = "entering";
    this.begin({
      nick: signInRequest.nick,
      ...(signInRequest.how !== "guest" && { secret: { kind: "password", text: signInRequest.password } }),
      ...(signInRequest.serverPassword && { serverPassword: signInRequest.serverPassword }),
      registers: signInRequest.how === "register",
      ...(this.invitation && { invitation: this.invitation.code }),
    });
    if (this.isRemembered(signInRequest.nick)) await this.recall();
    this.connection?.connect();
  }

  private isRemembered(nick: string): boolean {
    return this.remembered?.nick.toLowerCase() === nick.toLowerCase();
  }

  /** Take up what this browser knows of the one who comes; whether that is anything. */
  private async recall(): Promise<boolean> {
    const { client } = this;
    if (!client) return false;
    const network = await store.restoreConversations(client);
    this.persistence.adoptOutboxes(client);
    if (network !== null) this.network = network;
    return network !== null;
  }

  private begin(identity: Identity): void {
    this.connection?.stop();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.nick = identity.nick;
    this.wait();
    this.client = new Client(identity, entropy);
    this.client.replyText = replyText;
    this.client.drafts.recall = (name) => ({ text: this.persistence.draft(name), known: store.drafts.known(name) });
    this.connection = new Connection(
      `${scheme}://${location.host}/irc`, this.client, (events) => this.happened(events), (status) => this.connected(status),
    );
  }

  /** Whatever becomes of it, nobody waits without a word. */
  private wait(): void {
    clearTimeout(this.waiting);
    this.isSilent = false;
    this.waiting = setTimeout(() => {
      if (this.stage !== "entering") return;
      this.isSilent = true;
      this.problem ||= t("welcome.silent");
    }, SILENCE_MS);
  }

  private happened(events: readonly Event[]): void {
    for (const event of events) {
      if ("conversation" in event && event.conversation) this.persistence.markChanged(event.conversation);
      this.listener?.onEvent(event);
    }
    this.persistence.saveSoon();
  }

  private connected(status: Status): void {
    this.status = status;
    if (status.state !== "offline") return;
    this.ticket = "";
    if (this.stage !== "entering") return;
    if (status.retryMs === 0) this.stage = "welcome";
    else this.problem = t("welcome.unreachable");
  }

  /** Try again now. */
  reconnect(): void {
    this.connection?.connect();
  }

  fold(name: string): string {
    return this.client?.fold(name) ?? name;
  }

  // What the server has answered

  welcomed(nick: string): void {
    const { signInRequest } = this;
    // Somebody else sits here now.
    if (signInRequest && this.remembered && !this.isRemembered(signInRequest.nick)) void this.forget();
    this.nick = nick;
    this.status = { state: "online" };
    this.problem = "";
    this.stage = "chat";
    this.network = this.serverInfo?.network || this.client?.server.network || this.network;
    // Somebody who comes for the first time inherits from nobody, but sends for tabs that go.
    if (this.client) this.persistence.adoptOutboxes(this.client);
    if (signInRequest?.shownName) this.client?.ask("METADATA", "*", "SET", "display-name", signInRequest.shownName);
    if (signInRequest) this.remember({ nick: signInRequest.how === "guest" ? nick : signInRequest.nick, ...(signInRequest.how !== "guest" && { mustProve: true }) });
  }

  /** A file could not be loaded: the cookie that the tabs share may have ended with another tab. Whether there is a new one. */
  readonly seeFilesAgain = singleFlight(() => api.letSeeFiles(this.ticket).then(() => true, () => false));

  /** The website can be asked for something from now on. */
  async takeTicket(ticket: string): Promise<void> {
    this.ticket = ticket;
    const seeing = api.letSeeFiles(ticket).then(() => (this.canSeeFiles = true), () => undefined);
    const knowing = api.me(ticket).then(({ role }) => (this.role = role), () => undefined);
    await Promise.all([this.staySignedIn(), seeing, knowing]);
  }

  /** After a password has proved an account, this browser gets a token of its own; the password is kept nowhere. */
  private async staySignedIn(): Promise<void> {
    const { signInRequest, client, ticket } = this;
    this.signInRequest = null;
    if (!signInRequest || signInRequest.how === "guest" || !client?.account) return;
    if (signInRequest.network) client.ask("HUBBUB", `set setting server.network ${signInRequest.network}`);
    if (signInRequest.network) this.network = signInRequest.network;
    this.invitation = null;
    try {
      const device = browserName();
      const { token } = await api.staySignedIn(ticket, device);
      this.remember({ nick: client.account, token, device });
      client.registration.identity = { nick: client.account, secret: { kind: "token", text: token } };
    } catch (error) {
      if (error instanceof Error) toasts.say(error.message, true);
    }
  }

  private remember(known: store.StoredIdentity): void {
    this.remembered = known;
    store.identity.set(known);
  }

  /** One has another nickname. A guest comes back by it. */
  renamed(nick: string): void {
    this.nick = nick;
    const { client, remembered } = this;
    if (!client || !remembered || remembered.nick === nick || client.account || client.registration.identity.secret) return;
    client.registration.identity = { ...client.registration.identity, nick };
    this.remember({ ...remembered, nick });
  }

  /** The server ends the connection before one is in. It has mostly said why already. */
  notLetIn(reason: string): void {
    this.problem ||= reason;
    this.client?.close();
  }

  /** The nickname can't be had. Whoever was here as a guest may find their own ghost, which goes when the server notices. */
  nickRefused(reason: string): void {
    this.problem = reason;
    if (this.stage === "chat") this.connection?.again();
    else this.client?.close();
  }

  /** One is not let in any more, until one proves who one is: what was typed waits for that. */
  refused(reason: string): void {
    this.problem = reason;
    if (this.stage !== "chat") {
      this.client?.close();
      return;
    }
    this.persistence.saveNow();
    this.connection?.stop();
    this.remember({ nick: this.client?.registration.identity.nick ?? this.nick, mustProve: true });
    this.end();
  }

  /** Say what one wants to be told of a conversation, or with `*` of everything. */
  setLevel(target: string, level: NotificationLevel | "usual"): void {
    const { client } = this;
    if (client?.account && client.isHere && client.server.has("hubbub/notify")) client.ask("NOTIFY", target, level);
    else if (target === "*") preferences.set({ quiet: level === "none" });
    else preferences.setLevel(this.fold(target), level === "usual" ? null : level);
  }

  /** This browser's notices may have ended with the old password. */
  passwordChanged(): void {
    if (preferences.now.notify && this.client) void webPush.subscribe(this.client);
  }

  /** Let this browser tell of messages, or not any more. */
  async setNotify(wanted: boolean): Promise<void> {
    await preferences.setNotify(wanted);
    if (preferences.now.notify && this.client) await webPush.subscribe(this.client);
    else await webPush.unsubscribe(this.client);
  }

  /** Leave, and leave nothing behind in this browser. */
  async leave(): Promise<void> {
    await webPush.unsubscribe(this.client);
    const { ticket, remembered, client } = this;
    // The session ends with its token, and that is no news.
    if (client) client.hasLeft = true;
    if (remembered?.device && ticket) await api.revokeToken(ticket, remembered.device).catch(() => undefined);
    client?.quit();
    this.connection?.stop();
    await this.forget();
    this.problem = "";
    this.end();
  }

  async forget(): Promise<void> {
    this.remembered = null;
    if (preferences.now.emoji.length) preferences.set({ emoji: [] });
    this.listener?.onForgotten();
    await this.persistence.forget();
  }

  private end(): void {
    this.client = this.connection = this.signInRequest = null;
    this.account = this.ticket = "";
    this.canSeeFiles = false;
    this.role = "member";
    this.stage = "welcome";
  }
}

export const session = new Session();
