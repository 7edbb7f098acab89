/** Translations of the server's English sentences. */

/** Sentences and parts of them, with `{places}` → the same in the language. */
export type TranslationTable = Readonly<Record<string, string>>;
export type Translate = (text: string) => string | null;

/** Places in which a part stands that is the server's, too: without it there is no sentence. */
const PARTS = new Set(["how", "r", "role2", "sentence", "until", "what", "where", "why", "words"]);
/** The same, where it may be anything else: a rule that an administrator has written. */
const PERHAPS = new Set(["most_bytes", "quota_bytes", "rule", "value"]);

interface Pattern {
  shape: RegExp;
  places: readonly string[];
  own: string;
  /** How much of it is written out. */
  weight: number;
}

/** Gives a sentence of the server's in the language of the table; null for one that the table does not have. */
export function translator(table: TranslationTable): Translate {
  const patterns = Object.entries(table).map(patternOf).sort((a, b) => b.weight - a.weight);
  const translate: Translate = (text) => {
    for (const { shape, places, own } of patterns) {
      const found = shape.exec(text);
      const filled = found && places.map((place, at) => fill(place, found[at + 1] ?? ""));
      if (filled?.every((one) => one !== null)) return own.replace(/\{(\w+)\}/g, (_, place: string) => filled[places.indexOf(place)] ?? "");
    }
    return null;
  };
  const fill = (place: string, text: string) => (PARTS.has(place) ? translate(text) : PERHAPS.has(place) ? (translate(text) ?? text) : text);
  return translate;
}

function patternOf([english, own]: [string, string]): Pattern {
  const pieces = english.split(/\{(\w+)\}/);
  const written = pieces.filter((_, at) => at % 2 === 0);
  return {
    shape: new RegExp(`^${written.map((piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("(.+?)")}$`, "su"),
    places: pieces.filter((_, at) => at % 2 === 1),
    own,
    weight: written.join("").length,
  };
}
