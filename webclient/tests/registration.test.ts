/** Signing in where the server has no SCRAM keys of the account: the password is said, and nobody is asked again. */

import { expect, test } from "vitest";
import { Client } from "../src/core/client";

function hear(client: Client, ...lines: string[]): string[] {
  for (const line of lines) client.received(line, 2_000);
  return client.takeOutput();
}

function signingIn(): Client {
  const client = new Client({ nick: "ann", secret: { kind: "password", text: "pencil" } }, () => "nonce");
  client.opened(1_000);
  hear(client, ":srv CAP * LS :sasl=PLAIN,SCRAM-SHA-256");
  expect(hear(client, ":srv CAP * ACK :sasl")).toEqual(["AUTHENTICATE SCRAM-SHA-256"]);
  return client;
}

test("the failure of a mechanism that another takes the place of is not told", () => {
  const client = signingIn();
  const answers = hear(client, ":srv 908 ann PLAIN,EXTERNAL :are available", ":srv 904 ann :SASL failed");
  expect(answers).toEqual(["AUTHENTICATE PLAIN"]);
  expect(client.takeEvents().map((event) => event.type)).not.toContain("sign-in-failed");
  hear(client, "AUTHENTICATE +");
  expect(hear(client, ":srv 903 ann :ok")).toContain("CAP END");
});

test("of two drafts the newer is asked for", () => {
  for (const [offered, asked] of [["draft/metadata-2 draft/metadata-3=max-subs=1", "draft/metadata-3"], ["draft/metadata-2", "draft/metadata-2"]]) {
    const client = new Client({ nick: "ann" }, () => "nonce");
    client.opened(1_000);
    expect(hear(client, `:srv CAP * LS :${offered}`)).toContain(`CAP REQ ${asked}`);
    hear(client, `:srv CAP * ACK :${asked}`);
    expect(client.server.keepsMetadata).toBe(true);
  }
});

test("the failure of that one is", () => {
  const client = signingIn();
  hear(client, ":srv 908 ann PLAIN :are available", ":srv 904 ann :SASL failed", "AUTHENTICATE +", ":srv 904 ann :No");
  expect(client.takeEvents()).toContainEqual({ type: "sign-in-failed", reason: "No" });
});

test("a name of two words is refused at once", () => {
  const client = new Client({ nick: "Maria Rossi", secret: { kind: "password", text: "pencil" }, registers: true }, () => "nonce");
  client.opened(1_000);
  expect(client.takeEvents()).toMatchObject([{ type: "nickname-refused", nick: "Maria Rossi" }]);
  expect(client.isClosing).toBe(true);
});
