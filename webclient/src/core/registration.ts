/** Registration of a connection: capabilities, signing in, making an account, nickname, until the server's welcome. */

import type { Client } from "./client";
import { replyOf } from "./numerics";
import { fromBase64, isPossible, MECHANISM as SCRAM, ScramExchange, toBase64 } from "./scram";
import { wanted } from "./serverFeatures";
import { cutAt, isName, type Line, last, param } from "./ircLine";

const REQUEST_BYTES_MAX = 400;
/** SASL: "The response is encoded in Base64 … then split to 400-byte chunks". */
const CHUNK = 400;

export type Secret = { kind: "password"; text: string } | { kind: "token"; text: string };

/** Who comes in: a guest has no `secret`. With `registers` the account is made first, with the password. */
export interface Identity {
  nick: string;
  secret?: Secret;
  registers?: boolean;
  /** The code of an invitation, with which the account is made. */
  invitation?: string;
  /** The server's own password, where it has one. */
  serverPassword?: string;
}

export type Stage = "offline" | "asking" | "enabling" | "proving" | "registering" | "entering" | "here";

const utf8 = new TextEncoder();

/** The way from an open connection to the welcome. */
export class Registration {
  stage: Stage = "offline";
  private openRequests = 0;
  private nick: string;
  private mechanism = "";
  private exchange: ScramExchange | null = null;
  private receivedText = "";
  private isNickRefused = false;
  /** Whether a failure is to come that belongs to a mechanism which another one has taken the place of. */
  private isFailureKnown = false;

  constructor(
    private readonly client: Client,
    public identity: Identity,
  ) {
    this.nick = identity.nick;
  }

  get isHere(): boolean {
    return this.stage === "here";
  }

  /**
   * Ask what the server can, and say who comes.
   *
   * capability-negotiation: CAP LS makes the server "not complete registration until the client sends CAP END"; one that
   * knows nothing of this welcomes at once, so that nobody has to wait for what it does not say.
   */
  begin(): void {
    this.stage = "asking";
    this.openRequests = 0;
    this.mechanism = "";
    this.exchange = null;
    this.isNickRefused = false;
    this.isFailureKnown = false;
    this.nick = this.client.nick;
    if (!isName(this.nick) || !isName(this.identity.nick)) {
      this.client.happened({ type: "nickname-refused", nick: this.nick, reason: "A name can't contain spaces. Choose another one." });
      this.client.close();
      return;
    }
    if (this.identity.serverPassword) this.client.send("PASS", this.identity.serverPassword);
    this.client.send("CAP", "LS", "302");
    this.client.send("NICK", this.nick);
    this.client.send("USER", username(this.nick), "0", "*", this.nick);
  }

  end(): void {
    this.stage = "offline";
  }

  /** The server lets one in; whether that is as whom one came. One that knows no CAP proves nobody's account. */
  welcome(): boolean {
    if (this.stage === "asking" && this.identity.secret) {
      this.failSignIn("This server offers no way to sign in. Come as a guest.");
      return false;
    }
    this.stage = "here";
    return true;
  }

  // Capabilities

  /** Take one line of CAP. */
  cap(line: Line): void {
    const words = last(line).split(" ").filter(Boolean);
    const { server } = this.client;
    switch (param(line, 1).toUpperCase()) {
      case "LS":
        this.offer(words);
        if (param(line, 2) !== "*" && this.stage === "asking") {
          this.stage = "enabling";
          this.request(wanted(server.offered.keys(), []));
          if (!this.openRequests) this.prove();
        }
        break;
      case "NEW": {
        this.offer(words);
        this.request(wanted(words.map((word) => cutAt(word, "=")[0]), server.enabled));
        break;
      }
      case "ACK":
        for (const word of words) {
          if (word.startsWith("-")) server.enabled.delete(word.slice(1));
          else server.enabled.add(word);
        }
        this.answered();
        break;
      case "NAK":
        this.answered();
        break;
      case "DEL":
        for (const name of words) {
          server.offered.delete(name);
          server.enabled.delete(name);
        }
        break;
    }
  }

  private offer(words: readonly string[]): void {
    for (const word of words) this.client.server.offered.set(...cutAt(word, "="));
  }

  private request(names: readonly string[]): void {
    let line = "";
    for (const name of names) {
      if (line.length + name.length > REQUEST_BYTES_MAX) {
        this.sendRequest(line);
        line = "";
      }
      line = line ? `${line} ${name}` : name;
    }
    if (line) this.sendRequest(line);
  }

  private sendRequest(names: string): void {
    this.openRequests++;
    this.client.send("CAP", "REQ", names);
  }

  private answered(): void {
    this.openRequests = Math.max(0, this.openRequests - 1);
    if (!this.openRequests && this.stage === "enabling") this.prove();
  }

  // Accounts

  /** Sign in, or make the account first; then come in. */
  private prove(): void {
    const { secret, registers } = this.identity;
    if (registers && secret) this.register(secret);
    else if (secret) this.signIn(secret);
    else this.enter();
  }

  private register(secret: Secret): void {
    if (!this.client.server.has("draft/account-registration")) {
      this.failRegistration("This server makes no accounts in this way. Ask its administrator for one.");
      return;
    }
    this.stage = "registering";
    if (this.identity.invitation) this.client.send("INVITATION", this.identity.invitation);
    this.client.send("REGISTER", this.identity.nick, "*", secret.text);
  }

  private failRegistration(reason: string): void {
    this.client.happened({ type: "registration-failed", reason });
    this.client.close();
  }

  /** `REGISTER SUCCESS <account> <message>`, or VERIFICATION_REQUIRED. */
  registered(line: Line): void {
    const isReady = param(line, 0) === "SUCCESS";
    this.client.happened({ type: "registered", account: param(line, 1), text: last(line), isReady });
    if (this.stage !== "registering") return;
    if (isReady) this.identity = { ...this.identity, registers: false };
    if (isReady && this.identity.secret && this.client.account.toLowerCase() !== param(line, 1).toLowerCase()) {
      this.signIn(this.identity.secret);
    } else if (isReady) this.enter();
    else this.client.close();
  }

  /** `FAIL REGISTER <code> …`. */
  failedToRegister(line: Line): void {
    this.failRegistration(this.client.replyText(replyOf(this.client, line)));
  }

  private signIn(secret: Secret): void {
    if (!this.client.server.has("sasl")) {
      this.failSignIn("This server offers no way to sign in. Come as a guest.");
      return;
    }
    this.stage = "proving";
    this.try(secret, this.client.server.mechanisms);
  }

  private try(secret: Secret, offered: readonly string[]): void {
    const known = secret.kind === "token" ? ["OAUTHBEARER"] : isPossible() ? [SCRAM, "PLAIN"] : ["PLAIN"];
    const mechanism = known.find((name) => !offered.length || offered.includes(name));
    if (!mechanism || mechanism === this.mechanism) {
      this.failSignIn("This server signs nobody in with such credentials. Use a password.");
      return;
    }
    this.mechanism = mechanism;
    this.receivedText = "";
    this.client.send("AUTHENTICATE", mechanism);
  }

  private failSignIn(reason: string): void {
    this.client.happened({ type: "sign-in-failed", reason });
    if (!this.isHere) this.client.close();
  }

  /** The server's part of the exchange, in pieces of 400 bytes. */
  authenticate(line: Line): void {
    const piece = param(line, 0);
    if (this.stage !== "proving") return;
    this.isFailureKnown = false;
    this.receivedText += piece === "+" ? "" : piece;
    if (piece.length === CHUNK) return;
    const received = this.receivedText;
    this.receivedText = "";
    this.respond(received).then(
      (response) => this.say(response),
      () => {
        this.client.send("AUTHENTICATE", "*");
        this.failSignIn("The server does not prove who it is. Ask its administrator.");
      },
    );
  }

  private async respond(received: string): Promise<Uint8Array> {
    const challenge = new TextDecoder().decode(fromBase64(received));
    const { secret, nick } = this.identity;
    if (!secret) throw new Error("there is nothing to prove");
    if (this.mechanism === SCRAM) return utf8.encode(await this.scram(secret.text, challenge));
    if (this.mechanism === "PLAIN") return utf8.encode(`${nick}\0${nick}\0${secret.text}`);
    // RFC 7628: the server has said why not, and waits for this.
    if (challenge) return utf8.encode("\x01");
    return utf8.encode(`n,a=${nick},\x01auth=Bearer ${secret.text}\x01\x01`);
  }

  private async scram(password: string, challenge: string): Promise<string> {
    if (!challenge) {
      this.exchange = new ScramExchange(this.identity.nick, password, this.client.entropy());
      return this.exchange.first();
    }
    if (!this.exchange) throw new Error("the server goes on before the client began");
    if (!challenge.startsWith("v=")) return this.exchange.final(challenge);
    if (!this.exchange.accepts(challenge)) throw new Error("the server's signature is wrong");
    this.exchange = null;
    return "";
  }

  private say(response: Uint8Array): void {
    if (this.stage !== "proving") return;
    const text = toBase64(response);
    for (let start = 0; start < text.length; start += CHUNK) this.client.send("AUTHENTICATE", text.slice(start, start + CHUNK));
    // "If the last chunk is exactly 400 bytes, it must be followed by" an empty one.
    if (text.length % CHUNK === 0) this.client.send("AUTHENTICATE", "+");
  }

  /** 903: the account is proved. */
  signedIn(): void {
    if (this.stage !== "proving") return;
    // SCRAM proves both sides: one who lets in without the signature may be anybody.
    if (this.exchange) this.failSignIn("The server does not prove who it is. Ask its administrator.");
    else this.enter();
  }

  /** 904 and its like. */
  signInFailed(line: Line): void {
    if (this.stage !== "proving") return;
    if (this.isFailureKnown) {
      this.isFailureKnown = false;
      return;
    }
    this.exchange = null;
    this.failSignIn(this.client.replyText(replyOf(this.client, line)));
  }

  /** 908: the mechanism was none of these; a failure follows, and is not told if another mechanism does. */
  otherMechanisms(line: Line): void {
    const offered = param(line, 1).split(",");
    if (this.stage === "proving" && this.identity.secret && !offered.includes(this.mechanism)) {
      this.exchange = null;
      this.isFailureKnown = true;
      this.try(this.identity.secret, offered);
    }
  }

  // The nickname

  private enter(): void {
    this.stage = "entering";
    if (this.isNickRefused) this.client.send("NICK", this.nick);
    this.client.send("CAP", "END");
  }

  /** Try another nickname while coming in. */
  takeNick(nick: string): void {
    this.nick = nick;
    if (this.stage !== "offline") this.client.send("NICK", nick);
  }

  /** 432, 433, 436, 437: the nickname can't be had; one that is an account's can, once that is proved. */
  nickRefused(line: Line): void {
    if (this.identity.secret && this.stage !== "entering") this.isNickRefused = true;
    else this.client.happened({ type: "nickname-refused", nick: this.nick, reason: this.client.replyText(replyOf(this.client, line)) });
  }
}

/** A user name that every server takes: letters and digits. */
function username(nick: string): string {
  return nick.replace(/[^A-Za-z0-9]/g, "").slice(0, 10).toLowerCase() || "user";
}
