/** Every language says everything, with the same places to be filled, and everything that is said is used. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const source = new URL("../src/", import.meta.url);
const languages = readdirSync(new URL("locales/page/", source)).map((name) => name.replace(".json", ""));
const words = (language: string) => JSON.parse(readFileSync(new URL(`locales/page/${language}.json`, source), "utf8")) as Record<string, string>;
const english = words("en");

/** The names of the places in a sentence. */
function places(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1] ?? ""))].sort();
}

describe.each(languages)("%s", (language) => {
  const own = words(language);
  test("says everything", () => expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort()));
  test("in order", () => expect(Object.keys(own)).toEqual(Object.keys(own).sort()));
  test.each(Object.keys(english))("%s", (word) => {
    expect(places(own[word] ?? "")).toEqual(places(english[word] ?? ""));
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [, forms = ""] of (own[word] ?? "").matchAll(/\{\w+\|([^{}]*)\}/g)) {
      for (const form of forms.split("|")) expect(categories).toContain(form.split(":")[0]);
      expect(forms).toContain("other:");
    }
  });
});

test("everything that is said is used", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /\.(svelte|ts)$/.test(name));
  const code = files.map((name) => readFileSync(new URL(name, source), "utf8")).join("\n");
  const built = [...code.matchAll(/`([a-z_]+\.[a-z_]*)\$\{/g)].map((found) => found[1] ?? "");
  const unused = Object.keys(english).filter((word) => !code.includes(`"${word}"`) && !built.some((start) => word.startsWith(start)));
  expect(unused).toEqual([]);
});
