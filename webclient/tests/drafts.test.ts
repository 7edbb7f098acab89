/** The vectors by which our other clients, too, put together what several devices have written. */

import { expect, test } from "vitest";
import { Draft } from "../src/core/draft";
import { json } from "./sharedVectors";

type Step = [word: string, ...given: unknown[]];
const vectors = json<[name: string, steps: Step[]][]>("vectors/drafts.json");

const STEPS: Record<string, (draft: Draft, ...given: string[]) => unknown> = {
  typed: (draft, text) => draft.typed(text!),
  change: (draft) => draft.change(),
  heard: (draft, ...given) => draft.heard(given[0]!, given[1]!, given[2]!),
  answered: (draft, ...given) => draft.answered(given[0]!, given[1]!, given[2]!),
  refused: (draft) => draft.turnedDown(),
  cut: (draft) => draft.cut(),
  absent: (draft) => draft.absent(),
  show: (draft) => draft.showWaiting(),
  text: (draft) => draft.text,
};
const ASKS = new Set(["change", "heard", "answered", "show", "text"]);

test.each(vectors)("%s", (_, steps) => {
  const draft = new Draft();
  for (const [word, ...given] of steps) {
    const expected = ASKS.has(word) ? given.pop() : undefined;
    expect(STEPS[word]!(draft, ...(given as string[])), JSON.stringify([word, ...given])).toEqual(expected);
  }
});

test("what another tab writes is that tab's to tell", () => {
  const draft = new Draft();
  draft.mirror("from the other tab");
  expect(draft.change()).toBe(null);
  expect(draft.heard("1", "1", "from the other tab, and on")).toBe(true);
});
