/** No password is kept in the browser. */

import { expect, test } from "vitest";
import { isSecret } from "../src/core/passwordWords";

test.each([
  ["/msg NickServ IDENTIFY ann pw", true],
  ["@nickserv identify pw", true],
  ["/msg NickServ SET PASSWORD old new", true],
  ["@nickserv GHOST ann pw", true],
  ["@ann set the table", false],
  [" /LOGIN ann pw", true],
  ["/join login", false],
  ["@ann hello login", false],
  ["password resets are done", false],
  ["", false],
])("%s", (text, secret) => expect(isSecret(text)).toBe(secret));
