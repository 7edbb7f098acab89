/** What many want at the same time is asked for once, and again by those who come later. */

import { expect, test } from "vitest";

import { singleFlight } from "../src/state/singleFlight";

test("once for all who want it meanwhile", async () => {
  const asked: ((told: number) => void)[] = [];
  const ask = singleFlight(() => new Promise<number>((resolve) => asked.push(resolve)));
  const both = Promise.all([ask(), ask()]);
  expect(asked.length).toBe(1);
  asked[0]?.(1);
  expect(await both).toEqual([1, 1]);
  const later = ask();
  asked[1]?.(2);
  expect(await later).toBe(2);
});

test("again after it has failed", async () => {
  let times = 0;
  const ask = singleFlight(() => (times++ ? Promise.resolve("there") : Promise.reject(new Error("gone"))));
  await expect(ask()).rejects.toThrow("gone");
  expect(await ask()).toBe("there");
});
