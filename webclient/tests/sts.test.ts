/** A page is bound to the connection that it was loaded over: it neither asks for sts, which no client may, nor minds it. */

import { expect, test } from "vitest";

import { Client } from "../src/core/client";
import { json } from "./sharedVectors";

test.each(json<[string, unknown][]>("vectors/sts.json"))("%j", (value) => {
  const client = new Client({ nick: "ann" }, () => "x");
  client.opened(1_000);
  client.takeOutput();
  client.received(`:srv CAP * LS :batch sts=${value}`, 2_000);
  expect(client.takeOutput().filter((line) => line.startsWith("CAP REQ"))).toEqual(["CAP REQ batch"]);
  expect(client.isClosing).toBe(false);
});
