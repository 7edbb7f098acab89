/** A reply of the server, a numeric or a standard reply, before it becomes a sentence for people. */

/** `code` is a number or the code of a standard reply; `words` stand between it and `text`, the server's own words. */
export interface ServerReply {
  code: string;
  command: string;
  words: readonly string[];
  text: string;
}

/** As whoever draws puts it: a sentence, or nothing where it is nobody's news. */
export type ReplyText = (said: ServerReply) => string;

export const verbatim: ReplyText = ({ text }) => text;
