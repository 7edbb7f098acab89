/** Members and people who are offline, by the vectors that the other clients' core follows too. */

import { expect, test } from "vitest";

import type { Member } from "../src/core/chatModel";
import { Client } from "../src/core/client";
import { complete } from "../src/core/completion";
import type { PeoplePage } from "../src/core/members";
import { json } from "./sharedVectors";

const EMPTY = { words: new Map<string, string>(), emoji: new Map<string, string>() };

function row({ person, ranks }: Member): unknown[] {
  const presence = person.isOnline === false ? "offline" : person.isAway ? "away" : "here";
  return [person.nick, ranks, presence, person.role, person.lastSeenMs, person.displayName];
}

/** A client, and what the steps of a vector do to it. */
class Script {
  private readonly client = new Client({ nick: "ann" }, () => "x");
  private barrier = "";
  private page: PeoplePage | null = null;

  readonly steps: Record<string, (...given: never[]) => void> = {
    come: (capabilities: string) => {
      this.client.opened(1_000);
      this.lines([`:srv CAP * LS :${capabilities}`, `:srv CAP * ACK :${capabilities}`, ":srv 001 ann :hello", ":srv 422 ann :no greeting"]);
      this.sent();
      this.lines([":srv PONG srv :hubbub-LAST"]);
      this.sent();
    },
    lines: (lines: string[]) => this.lines(lines),
    look: (name: string) => this.client.lookAt(this.client.open(name)),
    sent: (expected: string[]) => expect(this.sent()).toEqual(expected),
    members: (name: string, expected: unknown[]) => {
      const members = [...this.client.open(name).members].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(members.map(([, member]) => row(member))).toEqual(expected);
    },
    present: (name: string, expected: string[]) => {
      const { present, absent, members } = this.client.open(name);
      expect(present.map(({ person }) => person.nick).sort()).toEqual(expected);
      expect(present.length + absent.length).toBe(members.size);
    },
    all: (name: string, expected: boolean) => expect(this.client.open(name).hasAllMembers).toBe(expected),
    known: (name: string, expected: Record<string, string>) =>
      expect(Object.fromEntries(this.client.people.find(name)?.metadata ?? [])).toEqual(expected),
    complete: (name: string, text: string, expected: string[]) => {
      const found = complete(this.client, EMPTY, text, text.length, this.client.open(name));
      expect(found?.suggestions.map((one) => one.text) ?? []).toEqual(expected);
    },
    look_for: (text: string, cursor: string) => {
      this.page = null;
      this.client.members.lookFor(text, (page) => void (this.page = page), cursor);
    },
    found: (names: string[], total: number, following: string, error: string) => {
      const found = { ...this.page!, people: this.page!.people.map(({ nick }) => nick) };
      expect(found).toEqual({ people: names, total, following, error });
    },
  };

  private lines(lines: string[]): void {
    for (const line of lines) this.client.received(line.replace("hubbub-LAST", this.barrier), 2_000);
  }

  private sent(): string[] {
    const lines = this.client.takeOutput();
    for (const line of lines) this.barrier = /^PING :?(hubbub-\d+)$/.exec(line)?.[1] ?? this.barrier;
    return lines.filter((line) => /^(MEMBERS|PEOPLE)/.test(line)).map((line) => line.replaceAll(":", ""));
  }
}

test.each(json<[string, [string, ...never[]][]][]>("vectors/members.json"))("%s", (_, steps) => {
  const script = new Script();
  for (const [step, ...given] of steps) script.steps[step]!(...given);
});
