/** The outbox, by the vectors that the other clients' core follows too: what is sent, sent again, given back, and when. */

import { expect, test } from "vitest";

import type { Kind } from "../src/core/chatModel";
import { Client } from "../src/core/client";
import { type Line, parse } from "../src/core/ircLine";
import { parts } from "../src/core/outbox";
import { json } from "./sharedVectors";

type Step = [word: string, ...given: unknown[]];
type Limits = [bytes: number, lines: number] | null;

const vectors = json<{
  parts: [limits: Limits, target: string, kind: Kind, text: string, expected: string[]][];
  scripts: [name: string, capabilities: string[], steps: Step[]][];
}>("vectors/outbox.json");

test.each(vectors.parts)("%j %s %s %j", (limits, target, kind, text, expected) => {
  expect(parts(limits && { bytes: limits[0], lines: limits[1] }, target, kind, text)).toEqual(expected);
});

const SAYS = new Set(["PRIVMSG", "NOTICE", "BATCH", "TAGMSG", "REDACT", "EDIT"]);

/** A client in a room of a server with some capabilities, which the steps of a vector play. */
class Script {
  private readonly made: string[] = [];
  private readonly client = new Client({ nick: "ann" }, () => this.entropy());
  private nowMs = 1_000;
  private said: Line[] = [];
  private openAnswers: { isLabel: boolean; token: string }[] = [];
  private readonly names = new Map<string, string>();

  constructor(private readonly capabilities: readonly string[]) {
    this.back();
  }

  private entropy(): string {
    const nonce = `entropy${String(this.made.length).padStart(4, "0")}`;
    this.made.push(nonce);
    return nonce;
  }

  private get room() {
    return this.client.open("#tea");
  }

  back(): void {
    this.client.opened(this.nowMs);
    this.line(`:srv CAP * LS :${this.capabilities.join(" ")}`);
    this.line(":srv 001 ann :hello");
    this.line(":srv 422 ann :no greeting");
    this.line(":ann!a@h JOIN #tea");
  }

  line(text: string): void {
    this.client.received(text, this.nowMs);
    this.listen();
  }

  /** Answer what comes of coming in; keep what is said, and by which label or PING it is answered. */
  private listen(): void {
    const lines = this.client.takeOutput().flatMap((text) => parse(text) ?? []);
    lines.forEach((line, at) => {
      const [word = "", second = ""] = line.params;
      const label = line.tags["label"];
      const next = lines[at + 1];
      if (line.verb === "CAP" && word === "REQ") this.line(`:srv CAP * ACK :${second}`);
      else if (SAYS.has(line.verb)) {
        this.said.push(line);
        const isFirst = line.tags["batch"] === undefined && !word.startsWith("-");
        if (isFirst && label) this.openAnswers.push({ isLabel: true, token: label });
        else if (!label && next?.verb === "PING") this.openAnswers.push({ isLabel: false, token: next.params[0] ?? "" });
      } else if (label) this.line(`@label=${label} :srv ACK`);
      else if (line.verb === "PING" && !SAYS.has(lines[at - 1]?.verb ?? "")) this.line(`:srv PONG srv :${word}`);
    });
  }

  say(text: string): void {
    this.client.say(this.room, text);
    this.listen();
  }

  answer(line: string | null): void {
    const open = this.openAnswers.shift();
    if (open?.isLabel) this.line(`@label=${open.token} ${line ?? ":srv ACK"}`);
    else {
      if (line) this.line(line);
      this.line(`:srv PONG srv :${open?.token ?? ""}`);
    }
  }

  cut(): void {
    this.openAnswers = [];
    this.client.closed(this.nowMs);
  }

  tick(byMs: number): void {
    this.nowMs += byMs;
    this.client.tick(this.nowMs);
    this.listen();
  }

  again(at: number): void {
    this.client.outbox.again(this.room.pending[at]!);
    this.listen();
  }

  drop(at: number): void {
    this.client.outbox.drop(this.room.pending[at]!);
  }

  pending(expected: unknown): void {
    expect(this.room.pending.map(({ text, delivery, isUncertain }) => [text, delivery, isUncertain])).toEqual(expected);
  }

  messages(expected: unknown): void {
    expect(this.room.timeline.messages.filter(({ isTalk }) => isTalk).map(({ text }) => text)).toEqual(expected);
  }

  sent(expected: unknown): void {
    const { said } = this;
    this.said = [];
    expect(said.map(({ verb, params, tags }) => {
      const shown = Object.entries(tags).filter(([key]) => key !== "label").map(([key, value]) => [key, this.named(value)] as const);
      return [verb, ...params.map((param) => this.named(param)), ...(shown.length ? [Object.fromEntries(shown)] : [])];
    })).toEqual(expected);
  }

  /** With n1, n2 … in the place of what chance has made, in the order in which it is seen. */
  private named(text: string): string {
    const nonce = this.made.find((one) => text.includes(one));
    if (!nonce) return text;
    const name = this.names.get(nonce) ?? `n${this.names.size + 1}`;
    this.names.set(nonce, name);
    return text.replace(nonce, name);
  }
}

test.each(vectors.scripts)("%s", (_, capabilities, steps) => {
  const script = new Script(capabilities) as unknown as Record<string, (...given: unknown[]) => void>;
  for (const [word, ...given] of steps) script[word]!(...given);
});
