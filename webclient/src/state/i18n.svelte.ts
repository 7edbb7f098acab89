/** Translations of the page, with dates, sizes and lists in the reader's language; English is built in, others load on demand. */

import en from "../locales/page/en.json";
import { type TranslationTable, type Translate, translator } from "./serverTranslations";

export type MessageKey = keyof typeof en;
type Words = Partial<Record<MessageKey, string>>;

const files = import.meta.glob<Words>(["../locales/page/*.json", "!../locales/page/en.json"], { import: "default" });

/** What the server says, in each language but its own. */
const sentences = import.meta.glob<TranslationTable>("../locales/server/*.json", { import: "default" });

/** Language → how it calls itself. */
export const LANGUAGES: ReadonlyMap<string, string> = new Map(
  ["en", ...Object.keys(files).map((path) => path.replace(/^.*\/|\.json$/g, ""))]
    .map((language) => [language, new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language]),
);

const current = $state<{ language: string; words: Words }>({ language: "en", words: en });
let translate: Translate = (text) => text;

export function language(): string {
  return current.language;
}

/** Take the first of these languages that there is, or English. */
export async function setLanguage(wanted: readonly string[]): Promise<void> {
  const known = wanted.map((one) => one.toLowerCase().split("-")[0] ?? "").find((one) => LANGUAGES.has(one)) ?? "en";
  const words = known === "en" ? en : await files[`../locales/page/${known}.json`]?.();
  if (!words) return;
  const table = await sentences[`../locales/server/${known}.json`]?.();
  translate = table ? translator(table) : (text) => text;
  current.language = known;
  current.words = words;
  document.documentElement.lang = known;
  document.documentElement.dir = ["ar", "fa", "he", "ur"].includes(known) ? "rtl" : "ltr";
}

/**
 * A sentence with its `{places}` filled. One that counts has a form for each of the language's plural categories, such as
 * `{count|one:# message|other:# messages}`.
 */
export function t(word: MessageKey, places: Record<string, string | number> = {}): string {
  const text = current.words[word] ?? en[word];
  return text
    .replace(/\{(\w+)\|([^{}]*)\}/g, (_, place: string, forms: string) => {
      const count = Number(places[place] ?? 0);
      const category = new Intl.PluralRules(current.language).select(count);
      const found = new Map(forms.split("|").map((form) => form.split(":", 2) as [string, string]));
      return (found.get(category) ?? found.get("other") ?? "").replace("#", count.toLocaleString(current.language));
    })
    .replace(/\{(\w+)\}/g, (_, place: string) => String(places[place] ?? ""));
}

/** A sentence of the server's in the language of whoever reads it; null where the page does not know it. */
export function translateServer(text: string): string | null {
  return translate(text);
}

/** A word that need not be there; null where it is not. */
export function tOptional(word: string, places: Record<string, string | number> = {}): string | null {
  return Object.hasOwn(en, word) ? t(word as MessageKey, places) : null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeMs: number, options: Intl.DateTimeFormatOptions): string {
  const key = `${current.language}${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(current.language, options);
  formats.set(key, made);
  return made.format(timeMs);
}

export const formatClock = (timeMs: number): string => format(timeMs, { hour: "2-digit", minute: "2-digit" });
export const formatMoment = (timeMs: number): string => format(timeMs, { dateStyle: "full", timeStyle: "medium" });
export const formatShortDate = (timeMs: number): string => format(timeMs, { dateStyle: "medium", timeStyle: "short" });

/** The day as people call it. */
export function formatDay(timeMs: number, nowMs: number): string {
  const ago = Math.round((startOfDay(nowMs) - startOfDay(timeMs)) / 86_400_000);
  if (ago === 0) return t("day.today");
  if (ago === 1) return t("day.yesterday");
  const year = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear() ? undefined : "numeric";
  return format(timeMs, { weekday: "long", day: "numeric", month: "long", ...(year && { year }) });
}

export function startOfDay(timeMs: number): number {
  return new Date(timeMs).setHours(0, 0, 0, 0);
}

/** How much a file is, as people read it. */
export function formatSize(bytes: number): string {
  return new Intl.NumberFormat(current.language, { style: "unit", unit: "megabyte", maximumSignificantDigits: 3 }).format(bytes / 1e6);
}

/** Names after each other, as the language lists them. */
export function formatList(names: readonly string[]): string {
  return new Intl.ListFormat(current.language, { type: "conjunction" }).format(names);
}
