/** Lists that the server gives in pages, put together again. */

import type { Done, ListPage } from "./api";

/** So many parts are asked for at once at most. */
export const PAGES_MAX = 100;

/** A list with what follows of it. */
export const appendPage = (list: Done, more: Done): Done =>
  list.columns.length
    ? // Below the heads and the rows stands what is said of the whole list, each time.
      { ...more, lines: [...list.lines.slice(0, 1 + list.rows.length), ...more.lines.slice(1)], rows: [...list.rows, ...more.rows] }
    : { ...more, lines: [...list.lines, ...more.lines] };

/** As many parts of a list as make so many rows or lines, or all there are. */
export async function loadPages(tell: (part: ListPage) => Promise<Done>, wanted: number, find = ""): Promise<Done> {
  const asked: ListPage = find ? { find } : {};
  let list = await tell(asked);
  for (let parts = 1; list.next !== null && list.next < wanted && parts < PAGES_MAX; parts++) list = appendPage(list, await tell({ ...asked, offset: list.next }));
  return list;
}
