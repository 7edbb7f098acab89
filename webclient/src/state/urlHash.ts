/** The hash of the page's address: `#/NAME`, `#/NAME/MESSAGE`, or `#/file/ID/NAME`. */

import { decoded } from "../core/safeText";

/** The parts of a hash, unescaped; one with a malformed escape, which anybody may write into a link, stands as it is written. */
export function hashParts(hash: string): string[] {
  return hash.split("/").map(decoded);
}
