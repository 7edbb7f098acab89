/** Everything that the server can answer has a sentence on the page, and no sentence is for what it can't. */

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { handledVerbs } from "../src/core/verbTable";
import { closingText, replyText, PROTOCOL_MISTAKES, translatedServerText, translatedOrVerbatim, SERVER_WORDED, SILENT, WRONG_CREDENTIALS } from "../src/state/replyText";
import { translator } from "../src/state/serverTranslations";
import { LANGUAGES, setLanguage, t } from "../src/state/i18n.svelte";
import { json } from "./sharedVectors";

/** Collected from the server's own code by tests/client/test_numerics.py; numbers with the text that is customary. */
const { numbers, codes, wrong, sentences, fragments } = json<{
  numbers: Record<string, string>;
  codes: string[];
  wrong: string;
  sentences: string[];
  fragments: string[];
}>("vectors/answers.json");
const words = JSON.parse(readFileSync(new URL("../src/locales/page/en.json", import.meta.url), "utf8")) as Record<string, string>;
/** In the answers, and a verb of which it is an answer in particular. */
const written = Object.keys(words).flatMap((word) => /^said\.(?:[A-Z]+\.)?(\d{3}|[A-Z]+_?[A-Z_]+)$/.exec(word)?.[1] ?? []);
const answered = new Set([...written, ...SERVER_WORDED, ...PROTOCOL_MISTAKES, ...SILENT]);
const isRefusal = (number: string) => (number >= "400" && number <= "599" && number !== "422") || ["696", "734", "902", "904", "905", "906", "907"].includes(number);

test.each(Object.keys(numbers))("%s", (number) => {
  expect(answered.has(number) || (!isRefusal(number) && handledVerbs.has(number))).toBe(true);
});
test.each(codes)("%s", (code) => expect(answered.has(code)).toBe(true));
test.each([...answered])("the server can answer %s", (answer) => expect([...Object.keys(numbers), ...codes]).toContain(answer));

test("nothing has two sentences", () => {
  const all = [...new Set(written.filter((code) => !Object.hasOwn(words, `said.SEARCH.${code}`))), ...SERVER_WORDED, ...PROTOCOL_MISTAKES, ...SILENT];
  expect(all.filter((one, at) => all.indexOf(one) !== at)).toEqual([]);
});

describe.each(Object.entries(numbers).filter(([number, text]) => text && isRefusal(number)))("%s", (code, text) => {
  test("shows nothing of the protocol", () => {
    const sentence = replyText({ code, command: "", words: ["#tea", "bob"], text });
    if (SILENT.has(code) || SERVER_WORDED.has(code)) return;
    expect(sentence).toMatch(/^[A-Z#b].*\.$/s);
    expect(sentence).not.toMatch(/channel|nick\b|SASL|host|MODE|\+[a-z]/i);
  });
});

test("what stands around a reason is left out", () => {
  expect(wrong).toBe(WRONG_CREDENTIALS);
  expect(replyText({ code: "904", command: "", words: [], text: `SASL authentication failed: ${wrong}` })).toBe(words["said.SIGN_IN_FAILED"]);
  const wait = "Too many attempts. Try again in 8 seconds.";
  expect(replyText({ code: "904", command: "", words: [], text: `SASL authentication failed: ${wait}` })).toBe(wait);
  expect(replyText({ code: "464", command: "", words: [], text: wait })).toBe(wait);
  expect(closingText("Closing link: (192.0.2.7) [The server is stopping.]")).toBe("The server closed this connection: The server is stopping.");
  expect(closingText("You are banned until the ban is lifted: spam")).toContain("banned until the ban is lifted: spam");
});

// In other languages than the server's

const table = (language: string) => JSON.parse(readFileSync(new URL(`../src/locales/server/${language}.json`, import.meta.url), "utf8")) as Record<string, string>;
const places = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, place]) => place));

/** Something for each place: what the server says there itself, or a name. */
const SAMPLES: Record<string, string> = {
  how: "Connect with TLS to the same port.", most_bytes: "50 MB", quota_bytes: "1 GB", r: "Username already taken. Please choose another one.",
  role2: "administrator", rule: "3 to 20 letters, digits or underscores", sentence: "You are sending messages too fast.", until: "until the ban is lifted",
  value: "key", what: "banned", where: "privately", why: "you are muted in it", words: "3 to 20 letters, digits or underscores",
};
const filled = (text: string, samples: Record<string, string>) => text.replace(/\{(\w+)\}/g, (_, place: string) => samples[place] ?? `Q${place}`);

describe.each([...LANGUAGES.keys()].filter((language) => language !== "en"))("%s", (language) => {
  const own = table(language);
  const translate = translator(own);
  const samples = Object.fromEntries(Object.entries(SAMPLES).map(([place, text]) => [place, translate(text) ?? text]));
  test("has all that the server says, and nothing else", () => {
    expect(Object.keys(own).sort()).toEqual([...new Set([...sentences, ...fragments])].sort());
  });
  test.each(Object.entries(own))("%s", (english, text) => {
    for (const place of places(text)) expect(places(english)).toContain(place);
    expect(translate(filled(english, SAMPLES))).toBe(filled(text, samples));
  });
});

describe("in French", () => {
  afterEach(() => setLanguage(["en"]));
  const begin = async () => {
    vi.stubGlobal("document", { documentElement: {} });
    await setLanguage(["fr"]);
  };
  test.each(codes.filter((code) => SERVER_WORDED.has(code)))("%s", async (code) => {
    await begin();
    const said = (text: string) => replyText({ code, command: "", words: [], text });
    expect(said("You have no token called ann.")).toBe("Vous n’avez pas de jeton appelé ann.");
    expect(said("Something that only a newer server says.")).toBe(t("said.misunderstood"));
  });
  test("what people have written stays as it is", async () => {
    await begin();
    expect(translatedOrVerbatim("You are suspended until 2026-11-20 18:00:00 UTC: banned")).toBe("Vous êtes suspendu jusqu’au 2026-11-20 18:00:00 UTC : banned");
    expect(translatedServerText("There is no room administrator.")).toBe("Il n’y a pas de salon administrator.");
    expect(closingText("Closing link: (192.0.2.7) [see you]")).toBe("Le serveur a fermé cette connexion : see you");
  });
});
