/** A password is prepared here as the server and the other clients prepare it. */

import { expect, test } from "vitest";
import { prepare } from "../src/core/saslprep";
import { json } from "./sharedVectors";

test.each(json<[string, string][]>("vectors/passwords.json"))("%j", (typed, prepared) => {
  expect(prepare(typed)).toBe(prepared);
  expect(prepare(prepared)).toBe(prepared);
});
