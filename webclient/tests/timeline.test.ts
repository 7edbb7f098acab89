/** Timelines, by the vectors that the other clients' core follows too: order, gaps, and what pages close of them. */

import { expect, test } from "vitest";

import { Timeline } from "../src/core/timeline";
import { json } from "./sharedVectors";

interface Labelled {
  label: string;
  id: string;
  timeMs: number;
  placeMs: number;
  followsGap: boolean;
}

type Step = [word: string, ...given: unknown[]];
type Page = [label: string, id: string, timeMs: number][];

const made = (label: string, id: string, timeMs: number): Labelled => ({ label, id, timeMs, placeMs: 0, followsGap: false });
const labels = (messages: readonly Labelled[]) => messages.map(({ label }) => label);

const STEPS: Record<string, (timeline: Timeline<Labelled>, ...given: never[]) => void> = {
  append: (timeline, label: string, id: string, timeMs: number, isNew: boolean) => expect(timeline.append(made(label, id, timeMs))).toBe(isNew),
  local: (timeline, label: string, timeMs: number, isNew: boolean) => expect(timeline.append(made(label, "", timeMs), true)).toBe(isNew),
  merge: (timeline, page: Page, joins: string, fresh: string[]) => {
    const messages = page.map(([label, id, timeMs]) => (!id && timeline.messages.find((one) => one.label === label)) || made(label, id, timeMs));
    expect(labels(timeline.merge(messages, { older: joins === "older", newer: joins === "newer" }))).toEqual(fresh);
  },
  show: (timeline, expected: string[]) => expect(timeline.messages.map(({ label, followsGap }) => `${followsGap ? "?" : ""}${label}`)).toEqual(expected),
  since: (timeline, timeMs: number, expected: string[]) => expect(labels(timeline.since(timeMs))).toEqual(expected),
  newest: (timeline, expected: string) => expect(timeline.newestKnown()?.label).toBe(expected),
  gaps: (timeline, expected: string[]) => expect(labels(timeline.gaps())).toEqual(expected),
};

test.each(json<[string, Step[]][]>("vectors/timeline.json"))("%s", (_, steps) => {
  const timeline = new Timeline<Labelled>();
  for (const [word, ...given] of steps) STEPS[word]!(timeline, ...(given as never[]));
});
