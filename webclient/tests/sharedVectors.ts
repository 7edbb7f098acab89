/** The vectors that the server's own core is tested with, too. */

import { readFileSync } from "node:fs";

const folder = new URL("../../tests/client/", import.meta.url);

export function text(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

export function json<T>(name: string): T {
  return JSON.parse(text(name)) as T;
}
