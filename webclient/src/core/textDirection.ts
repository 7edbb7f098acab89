/** The direction of a text, left or right, whomever it addresses at its beginning. */

/** Whom or where it speaks to: `@ann`, `#tea`, or a name with a colon, as IRC has it. */
const ADDRESSED = /^(?:\s*(?:[@#][\p{L}\p{N}_][\p{L}\p{N}_-]*[:,]?|[\p{L}\p{N}_][\p{L}\p{N}_-]*:(?=\s)))+/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The direction of its first letter past that; the browser's own guess where there is none. */
export function directionOf(text: string): "ltr" | "rtl" | "auto" {
  const letter = /\p{L}/u.exec(text.replace(ADDRESSED, ""))?.[0];
  if (!letter) return "auto";
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}
