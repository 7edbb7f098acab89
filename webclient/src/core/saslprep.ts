/** Passwords prepared by SASLprep, as in `hubbub/wire/saslprep.py`: typed on two keyboards they are one password. */

// RFC 3454's tables, as RFC 4013 names them: B.1, C.1.2, and what is prohibited.
const TO_NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;
const TO_SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
const PROHIBITED = new RegExp(
  "[\\0-\\x1f\\x7f-\\x9f\\u06dd\\u070f\\u180e\\u200c\\u200d\\u2028\\u2029\\u2060-\\u2063\\u206a-\\u206f\\ufeff\\ufff9-\\ufffd" +
    "\\u{1d173}-\\u{1d17a}\\ue000-\\uf8ff\\u{f0000}-\\u{10ffff}\\ufdd0-\\ufdef\\p{Noncharacter_Code_Point}\\ud800-\\udfff" +
    "\\u2ff0-\\u2ffb\\u0340\\u0341\\u200e\\u200f\\u202a-\\u202e\\u{e0001}\\u{e0020}-\\u{e007f}]",
  "u",
);

/** SASLprep (RFC 4013); where it prohibits something, the password as it was typed, in Unicode's form C. */
export function prepare(password: string): string {
  const mapped = password.replace(TO_NOTHING, "").replace(TO_SPACE, " ").normalize("NFKC");
  return PROHIBITED.test(mapped) ? password.normalize("NFC") : mapped;
}
