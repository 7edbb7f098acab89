/** Keys that mark a text mark it once, and take the mark away again. */

import { expect, test } from "vitest";
import { directionOf } from "../src/core/textDirection";
import { toggleMarkup } from "../src/core/inlineMarkup";

/** What is selected stands between `[` and `]`. */
function press(shown: string, mark: string): string {
  const start = shown.indexOf("[");
  const end = shown.indexOf("]") - 1;
  const text = shown.replace(/[[\]]/g, "");
  const { start: first, end: last, text: fresh, from, to } = toggleMarkup(text, start, end, mark);
  const after = text.slice(0, first) + fresh + text.slice(last);
  return `${after.slice(0, from)}[${after.slice(from, to)}]${after.slice(to)}`;
}

test.each([
  ["say [it] now", "**", "say **[it]** now"],
  ["say **[it]** now", "**", "say [it] now"],
  ["say [**it**] now", "**", "say [it] now"],
  ["say **[it]** now", "*", "say ***[it]*** now"],
  ["say ***[it]*** now", "*", "say **[it]** now"],
  ["say ***[it]*** now", "**", "say *[it]* now"],
  ["say *[it]* now", "**", "say ***[it]*** now"],
  ["say [*it*] now", "**", "say **[*it*]** now"],
  ["[]", "`", "`[]`"],
  ["`[]`", "`", "[]"],
  ["a `[b]` c", "`", "a [b] c"],
])("%s with %s", (shown, mark, after) => expect(press(shown, mark)).toBe(after));

test.each([
  ["שלום", "rtl"], ["@ann שלום", "rtl"], ["@ann, @bob: שלום", "rtl"], ["ann: שלום", "rtl"], ["#tea سلام", "rtl"],
  ["@ann hello שלום", "ltr"], ["hello", "ltr"], ["@שלום hello", "ltr"], ["@ann", "auto"], ["123", "auto"], ["", "auto"],
])("%s is read %s", (text, direction) => expect(directionOf(text)).toBe(direction));
