/** What the server has answered with a number or a code, before it is put into words for people. */

/** `code` is a number or the code of a standard reply; `words` stand between it and `text`, the server's own words. */
export interface Said {
  code: string;
  command: string;
  words: readonly string[];
  text: string;
}

/** As whoever draws puts it: a sentence, or nothing where it is nobody's news. */
export type InWords = (said: Said) => string;

export const verbatim: InWords = ({ text }) => text;
