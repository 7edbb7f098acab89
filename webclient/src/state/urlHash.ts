import { decoded } from "../core/safeText";

/** Where the address of the page leads: `#/NAME`, `#/NAME/MESSAGE`, or `#/file/ID/NAME`. */

/** The parts of a hash, unescaped; one with a malformed escape, which anybody may write into a link, stands as it is written. */
export function placeOf(hash: string): string[] {
  return hash.split("/").map(decoded);
}
