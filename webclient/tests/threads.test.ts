/** Threads, by the vectors that the other clients' core follows too. */

import { expect, test } from "vitest";

import { Client } from "../src/core/client";
import type { Thread } from "../src/core/threads";
import { json } from "./sharedVectors";

/** The line with its tags by their names, and without colons. */
function inOrder(line: string): string {
  const tagged = /^@(\S+) (.*)$/.exec(line);
  const text = tagged ? `@${tagged[1]!.split(";").sort().join(";")} ${tagged[2]}` : line;
  return text.replaceAll(":", "");
}

/** A client, and what the steps of a vector do to it. */
class Script {
  private readonly client = new Client({ nick: "ann" }, () => "x");
  private barrier = "";

  readonly steps: Record<string, (...given: never[]) => void> = {
    come: (capabilities: string) => {
      this.client.opened(1_000);
      this.lines([`:srv CAP * LS :${capabilities}`, `:srv CAP * ACK :${capabilities}`, ":srv 001 ann :hello", ":srv 422 ann :no greeting"]);
      this.lines([":srv PONG srv :hubbub-LAST"]);
      this.sent();
    },
    cut: () => this.client.closed(3_000),
    lines: (lines: string[]) => this.lines(lines),
    sent: (expected: string[]) => expect(this.sent()).toEqual(expected),
    roots: (name: string, expected: Record<string, string>) => {
      const talk = this.client.open(name).timeline.messages.filter((message) => message.isTalk);
      expect(Object.fromEntries(talk.map(({ id, root }) => [id, root]))).toEqual(expected);
    },
    thread: (name: string, root: string, expected: unknown[]) => {
      const { count, last, lastMs, names } = this.thread(name, root);
      expect([count, last, lastMs, names]).toEqual(expected);
    },
    followed: (name: string, root: string, expected: unknown[]) => {
      const { isFollowing, unread, read } = this.thread(name, root);
      expect([isFollowing, unread, read]).toEqual(expected);
    },
    replies: (name: string, root: string, text: string, expected: string[], whole: boolean) => {
      const { message, replies, isWhole } = this.thread(name, root);
      expect([message?.text, replies.map((one) => one.text), isWhole]).toEqual([text, expected, whole]);
    },
    load: (name: string, root: string) => this.client.threads.load(this.client.open(name), root),
    follow: (name: string, root: string, following: boolean) => this.client.threads.follow(this.client.open(name), root, following),
    mark_read: (name: string, root: string) => this.client.threads.markRead(this.client.open(name), this.thread(name, root)),
    list_followed: (more: boolean) => this.client.threads.askList(more),
    listed: (expected: unknown[], unread: number, more: boolean) => {
      const { followed, unread: known, hasMore } = this.client.threads;
      const found = followed.map(({ conversation, thread }) =>
        [conversation.name, thread.root, thread.message?.text ?? "", thread.unread]);
      expect([found, known, hasMore]).toEqual([expected, unread, more]);
    },
    unread: (name: string, expected: number[]) => {
      const { unread, mentions } = this.client.open(name);
      expect([unread, mentions]).toEqual(expected);
    },
    apart: (name: string, expected: boolean) => expect(this.client.threads.isApart(this.client.open(name))).toBe(expected),
    say: (name: string, text: string, replyTo: string, inThread: boolean) =>
      this.client.say(this.client.open(name), text, { replyTo, inThread }),
  };

  private thread(name: string, root: string): Thread {
    return this.client.open(name).threads.get(root)!;
  }

  private lines(lines: string[]): void {
    this.sent();
    for (const line of lines) this.client.received(line.replace("hubbub-LAST", this.barrier), 2_000);
  }

  private sent(): string[] {
    const lines = this.client.takeOutput();
    for (const line of lines) this.barrier = /^PING :?(hubbub-\d+)$/.exec(line)?.[1] ?? this.barrier;
    return lines.filter((line) => /THREAD|FOLLOW|PRIVMSG/.test(line)).map(inOrder);
  }
}

test.each(json<[string, [string, ...never[]][]][]>("vectors/threads.json"))("%s", (_, steps) => {
  const script = new Script();
  for (const [step, ...given] of steps) script.steps[step]!(...given);
});
