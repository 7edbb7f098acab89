/** A conversation's known messages, oldest first, with the places where some may be missing. */

export interface Placed {
  id: string;
  timeMs: number;
  placeMs: number;
  followsGap: boolean;
}

/**
 * Messages in their order; none with an id is there twice.
 *
 * `placeMs` never falls from one message to the next, so that places are found by bisection. What comes live stands at the
 * end whatever its time says; pages of history are put where their times belong.
 */
export class Timeline<M extends Placed> {
  messages: M[] = [];
  /** Nothing older than the first message exists, or may be read. */
  isWhole = false;
  private readonly byId = new Map<string, M>();

  find(id: string): M | undefined {
    return id ? this.byId.get(id) : undefined;
  }

  /**
   * Put what has just happened at the end; whether it was new. A `local` message has a time of another clock: it stands
   * where it stands, and moves nothing that follows.
   */
  append(message: M, isLocal = false): boolean {
    if (!this.note(message)) return false;
    const lastMs = this.messages.at(-1)?.placeMs ?? 0;
    message.placeMs = isLocal && lastMs ? lastMs : Math.max(message.timeMs, lastMs);
    this.messages.push(message);
    return true;
  }

  /**
   * Put a page of history in its place; those of it that are new.
   *
   * Where the page's edge is not known to join what stands beside it already, a gap is marked there. What of the page was
   * known before shows that there is none: it closes gaps within the page.
   */
  merge(page: readonly M[], joins: { older?: boolean; newer?: boolean } = {}): M[] {
    const known = page.map((message) => this.find(message.id) ?? message);
    const fresh = page.filter((message) => this.note(message));
    for (const message of fresh) message.placeMs = message.timeMs;
    if (fresh.length) {
      fresh.sort((a, b) => a.placeMs - b.placeMs);
      const first = this.messages[0];
      if (!first || (fresh.at(-1)?.placeMs ?? 0) < first.placeMs) this.messages = [...fresh, ...this.messages];
      else this.messages = [...this.messages, ...fresh].sort(order(page, this.messages, seatsOf(known, new Set(fresh), this.messages)));
    }
    this.markGaps(known, new Set(fresh), joins);
    return fresh;
  }

  private markGaps(page: readonly M[], fresh: Set<M>, joins: { older?: boolean; newer?: boolean }): void {
    if (!page.length) return;
    const places = page.map((message) => this.index(message));
    const first = Math.min(...places);
    const end = Math.max(...places);
    for (let at = first + 1; at <= end; at++) this.at(at).followsGap = false;
    const oldest = this.at(first);
    const newest = this.at(end);
    if (joins.older || first === 0) oldest.followsGap = false;
    else if (fresh.has(oldest)) oldest.followsGap = true;
    const after = this.messages[end + 1];
    if (after && joins.newer) after.followsGap = false;
    else if (after && fresh.has(newest)) after.followsGap = true;
  }

  private at(place: number): M {
    const message = this.messages[place];
    if (!message) throw new RangeError("no message stands there");
    return message;
  }

  /** Whether it is new; what has no id is known by its place. */
  private note(message: M): boolean {
    if (!message.id) return message.placeMs === 0;
    if (this.byId.has(message.id)) return false;
    this.byId.set(message.id, message);
    return true;
  }

  /** Where the first message stands that is later than a time. */
  after(timeMs: number): number {
    let low = 0;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).placeMs > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Where a message stands that is in it; a RangeError for another. */
  index(message: M): number {
    for (let at = this.after(message.placeMs) - 1; at >= 0 && this.at(at).placeMs === message.placeMs; at--) {
      if (this.messages[at] === message) return at;
    }
    throw new RangeError("the message is not in this timeline");
  }

  /** The message before this one. */
  before(message: M): M | undefined {
    return this.messages[this.index(message) - 1];
  }

  /** The messages later than a time. */
  since(timeMs: number): M[] {
    return this.messages.slice(this.after(timeMs));
  }

  /** The last message that the server has an id for. */
  newestKnown(): M | undefined {
    return this.messages.findLast((message) => message.id);
  }

  /** The messages before which something may be missing, the newest first. */
  gaps(): M[] {
    return this.messages.filter((message) => message.followsGap).reverse();
  }
}

/**
 * Where the page has new messages beside known ones of their millisecond: before the next, else after the last; as
 * the index of that one, and a half before or behind it.
 */
function seatsOf<M extends Placed>(page: readonly M[], fresh: ReadonlySet<M>, others: readonly M[]): Map<M, number> {
  const seats = new Map(others.map((message, at) => [message, at]));
  const sides = [[-0.5, [...page].reverse()], [0.5, page]] as const;
  for (const [side, messages] of sides) {
    let beside: M | undefined;
    for (const message of messages) {
      if (!fresh.has(message)) beside = message;
      else if (beside?.placeMs === message.placeMs && !seats.has(message)) {
        const at = seats.get(beside);
        if (at !== undefined) seats.set(message, at + side);
      }
    }
  }
  return seats;
}

/**
 * By place; of the same millisecond by id, where this server's ids sort like what they are for. What has no id goes with
 * what stands before it.
 */
function order<M extends Placed>(
  page: readonly M[], others: readonly M[], seats: ReadonlyMap<M, number>,
): (a: M, b: M) => number {
  const end = others.length;
  const bySeat = (a: M, b: M) => (seats.get(a) ?? end) - (seats.get(b) ?? end);
  const named = page.filter((message) => message.id);
  const sorts = named.every((message, at) => {
    const before = named[at - 1];
    return !before || before.timeMs !== message.timeMs || before.id < message.id;
  });
  if (!sorts) return (a, b) => a.placeMs - b.placeMs || bySeat(a, b);
  const ids = new Map<M, string>();
  for (const messages of [others, page]) {
    let last = "";
    for (const message of messages) {
      last = message.id || last;
      ids.set(message, last);
    }
  }
  return (a, b) => {
    if (a.placeMs !== b.placeMs) return a.placeMs - b.placeMs;
    const one = ids.get(a) ?? "";
    const other = ids.get(b) ?? "";
    return one < other ? -1 : one > other ? 1 : bySeat(a, b);
  };
}
