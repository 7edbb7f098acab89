/** A bad network, and servers that say anything: nothing is lost, doubled or out of order, and nothing throws. */

import { describe, expect, test } from "vitest";
import { Client } from "../src/core/client";
import { format, param, parse } from "../src/core/ircLine";
import { text } from "./sharedVectors";

/** Chance that is the same for the same seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const CAPS = "batch echo-message labeled-response message-tags server-time hubbub/send-once";

/** As much of a server as talking in one room takes; it says what has a nonce once (hubbub/send-once). */
class House {
  readonly said: string[] = [];
  private readonly byNonce = new Map<string, string>();

  answer(line: string): string[] {
    const asked = parse(line);
    if (!asked) return [];
    const label = asked.tags["label"] ? { label: asked.tags["label"] } : undefined;
    const own = (verb: string, ...params: string[]) => format(verb, params, label).replace(verb, `:house ${verb}`);
    switch (asked.verb) {
      case "CAP":
        if (param(asked, 0) === "LS") return [`:house CAP * LS :${CAPS}`];
        if (param(asked, 0) === "REQ") return [`:house CAP * ACK :${param(asked, 1)}`];
        return [":house 001 ann :Welcome", ":house 005 ann CASEMAPPING=ascii CHANTYPES=# :are supported", ":house 422 ann :None"];
      case "JOIN":
        return [":ann!a@h JOIN #tea", ":house 353 ann = #tea :ann", ":house 366 ann #tea :End"];
      case "PING":
        return [own("PONG", "house", param(asked, 0))];
      case "PRIVMSG":
        return [this.say(asked.tags["hubbub/nonce"] ?? "", param(asked, 1), label?.label ?? "")];
      default:
        return label ? [`@label=${label.label} :house ACK`] : [];
    }
  }

  private say(nonce: string, what: string, label: string): string {
    const known = this.byNonce.get(nonce);
    const id = known ?? `id${String(this.said.length).padStart(4, "0")}`;
    if (!known) this.said.push(what);
    this.byNonce.set(nonce, id);
    return `@label=${label};msgid=${id};time=2026-11-20T11:40:11.${id.slice(-3)}Z :ann!a@h PRIVMSG #tea :${what}`;
  }
}

function talk(seed: number): { house: House; client: Client; typed: string[] } {
  const chance = chanceOf(seed);
  const house = new House();
  let [now, count] = [1_000, 0];
  const client = new Client({ nick: "ann" }, () => `n${++count}`);
  let [up, down]: [string[], string[]] = [[], []];
  let isOpen = false;
  const typed: string[] = [];
  const connect = () => {
    [up, down, isOpen] = [[], [], true];
    client.opened(now);
  };
  const step = (cuts: boolean) => {
    now += Math.floor(chance() * 400);
    up.push(...client.takeOutput());
    client.takeEvents();
    if (!isOpen) {
      if (chance() < 0.5) connect();
    } else if (cuts && chance() < 0.04) {
      // What was on its way in either direction is lost, from a moment on that nobody knows.
      for (const line of up.slice(0, Math.floor(chance() * up.length))) house.answer(line);
      isOpen = false;
      client.closed(now);
    } else if (chance() < 0.5 && up.length) down.push(...house.answer(up.shift() ?? ""));
    else if (down.length) client.received(down.shift() ?? "", now);
    else client.tick(now);
  };
  connect();
  const room = client.open("#tea");
  client.join("#tea");
  for (let turn = 0; turn < 600; turn++) {
    step(true);
    if (room.timeline.messages.length + typed.length < 60 && chance() < 0.12) {
      typed.push(`message ${typed.length}`);
      client.say(room, typed.at(-1) ?? "");
    }
    if (client.isHere && !room.isJoined && chance() < 0.05) client.join("#tea");
  }
  for (let turn = 0; turn < 4_000 && (client.outbox.entries.length || !isOpen); turn++) {
    step(false);
    if (client.isHere && !room.isJoined && turn % 50 === 0) client.join("#tea");
  }
  return { house, client, typed };
}

describe("a network that is cut at any moment", () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))("%i", (seed) => {
    const { house, client, typed } = talk(seed);
    expect(client.outbox.entries).toEqual([]);
    expect(house.said).toEqual(typed);
    const seen = client.open("#tea").timeline.messages.filter((message) => message.isTalk).map((message) => message.text);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe("servers that say anything", () => {
  const recorded = ["hubbub", "inspircd", "ngircd"].flatMap((server) => text(`recorded/${server}.txt`).split(/\r?\n/).filter(Boolean));
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("%i", (seed) => {
    const chance = chanceOf(seed + 1_000);
    const any = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
    let count = 0;
    const client = new Client({ nick: "ann" }, () => `n${++count}`);
    client.opened(1_000);
    for (let now = 1_000; now < 4_000; now += 10) {
      let line = any(recorded);
      if (chance() < 0.3) line = line.slice(0, Math.floor(chance() * line.length));
      if (chance() < 0.3) line = line.replaceAll(any(["#", ":", " ", "ann", "="]), any(["", " ", "#", "*", "\u0000", "é"]));
      client.received(line, now);
      if (chance() < 0.02) {
        client.closed(now);
        client.opened(now);
      }
      if (chance() < 0.1) client.tick(now);
      const [first] = client.conversations.values();
      if (first && chance() < 0.1) client.say(first, any(recorded));
      client.takeOutput();
      client.takeEvents();
    }
    for (const { timeline } of client.conversations.values()) {
      const ids = timeline.messages.map(({ id }) => id).filter(Boolean);
      expect(new Set(ids).size).toBe(ids.length);
      for (const message of timeline.messages) expect(timeline.messages[timeline.index(message)]).toBe(message);
    }
  });
});
