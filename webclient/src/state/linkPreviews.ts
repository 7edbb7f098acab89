/** Link previews, each asked for once while the page is open. */

import * as api from "./api";

const KNOWN_MAX = 500;
const known = new Map<string, Promise<api.Preview | null>>();

/** Null where there is nothing to show. */
export function linkPreview(ticket: string, url: string): Promise<api.Preview | null> {
  const asked = known.get(url) ?? api.linkPreview(ticket, url).then((found) => (found.title ? found : null), () => forgotten(url));
  const [oldest] = known.keys();
  if (known.size >= KNOWN_MAX && oldest !== undefined) known.delete(oldest);
  known.set(url, asked);
  return asked;
}

/** The server had too much to look up: the link is asked for again when it is seen again. */
function forgotten(url: string): null {
  known.delete(url);
  return null;
}
