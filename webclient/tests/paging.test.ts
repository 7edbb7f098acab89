/** Pages of history at servers that know messages by their time alone: nothing of a millisecond is left out. */

import { describe, expect, test } from "vitest";
import { Client } from "../src/core/client";
import { formatTime, param, parse, parseTime } from "../src/core/ircLine";

const START_MS = 1_795_000_000_000;
const LIMIT = 3;
const CAPS = "batch labeled-response server-time message-tags draft/chathistory";

interface Said {
  timeMs: number;
  text: string;
}

/** What a server answers that gives no more than the limit, and excludes the times that are named. */
function answer(said: readonly Said[], hasIds: boolean, line: string): string[] {
  const asked = parse(line);
  if (!asked) return [];
  const [newer, older] = [2, 3].map((at) => parseTime(param(asked, at).replace("timestamp=", "")) ?? 0);
  const fits: Record<string, (ms: number) => boolean> = {
    LATEST: (ms) => ms > (newer ?? 0),
    BEFORE: (ms) => ms < (newer ?? 0),
    BETWEEN: (ms) => ms < (newer ?? 0) && ms > (older ?? 0),
  };
  const found = said.filter((one) => fits[param(asked, 0)]?.(one.timeMs)).slice(-LIMIT);
  return [
    `@label=${asked.tags["label"]} :srv BATCH +h chathistory #tea`,
    ...found.map(({ timeMs, text }) => {
      const id = hasIds ? `msgid=id-${text.padStart(3, "0")};` : "";
      return `@batch=h;${id}time=${formatTime(timeMs)} :bob!b@h PRIVMSG #tea :${text}`;
    }),
    ":srv BATCH -h",
  ];
}

function table(said: readonly Said[], hasIds: boolean) {
  const client = new Client({ nick: "ann" }, () => "nonce");
  let questions = 0;
  const hear = (...lines: string[]) => {
    for (const line of lines) client.received(line, START_MS);
    for (const line of client.takeOutput()) {
      if (!/CHATHISTORY (LATEST|BEFORE|BETWEEN) #tea/.test(line)) continue;
      questions++;
      hear(...answer(said, hasIds, line.trim()));
    }
  };
  const come = () => {
    client.opened(START_MS);
    hear(`:srv CAP * LS :${CAPS}`, `:srv CAP * ACK :${CAPS}`, ":srv 001 ann :Hi");
    hear(`:srv 005 ann CHATHISTORY=${LIMIT} MSGREFTYPES=timestamp :x`, ":srv 422 ann :x");
    hear(":ann!a@h JOIN #tea", ":srv 366 ann #tea :End");
  };
  const texts = () => client.find("#tea")?.timeline.messages.filter((one) => one.kind === "said").map((one) => one.text);
  return { client, hear, come, texts, questions: () => questions };
}

describe.each([true, false])("at a server with ids: %s", (hasIds) => {
  test.each([0, 1, 2, 3])("paging back to the beginning, which lies %i messages further", (shift) => {
    const times = [...Array.from({ length: shift }, (_, at) => at), ...Array.from({ length: 20 }, (_, at) => 10 + (at >> 1)), 30];
    const said = times.map((time, at) => ({ timeMs: START_MS + time, text: String(at) }));
    const { client, hear, come, texts, questions } = table(said, hasIds);
    come();
    const conversation = client.find("#tea");
    while (conversation && client.history.older(conversation) && questions() < 100) hear("PING :x");
    expect(texts()).toEqual(said.map((one) => one.text));
  });

  test("what shares a millisecond with the last that was seen", () => {
    const said = [1, 2].map((time) => ({ timeMs: START_MS + time, text: String(time) }));
    const { client, hear, come, texts } = table(said, hasIds);
    come();
    client.closed(START_MS);
    said.push({ timeMs: START_MS + 2, text: "2b" });
    for (let time = 3; time < 13; time++) said.push({ timeMs: START_MS + time, text: String(time) });
    come();
    hear("PING :x");
    expect(texts()).toEqual(said.map((one) => one.text));
  });
});
