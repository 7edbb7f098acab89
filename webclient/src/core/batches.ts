/** Batches that a server sends: lines are held until the outermost batch they belong to is whole. */

import { type Line, param } from "./wire";

/** How many lines all open batches may hold; beyond it the server is up to no good, and all of them are dropped. */
const HELD_LINES_MAX = 50_000;

/** Lines, and batches within it, that belong together. */
export class Batch {
  readonly items: Item[] = [];

  constructor(readonly opening: Line) {}

  get type(): string {
    return param(this.opening, 1);
  }

  /** What stands behind the type. */
  get params(): readonly string[] {
    return this.opening.params.slice(2);
  }

  /** Its lines, without those of batches within. */
  get lines(): Line[] {
    return this.items.filter((item): item is Line => !(item instanceof Batch));
  }
}

export type Item = Line | Batch;

export function openingOf(item: Item): Line {
  return item instanceof Batch ? item.opening : item;
}

/** Gathers lines; what is whole comes out. */
export class Batches {
  /** Reference → the batch, and the reference of the one it is in. */
  private readonly open = new Map<string, { batch: Batch; outer: string }>();
  private held = 0;

  /** The line, if it belongs to no batch; a batch that it ends; null while one is open. */
  take(line: Line): Item | null {
    const outer = line.tags["batch"] ?? "";
    const sign = line.verb === "BATCH" ? param(line, 0)[0] : "";
    if (sign === "+") {
      this.opened(line, outer);
      return null;
    }
    if (sign === "-") return this.closed(param(line, 0).slice(1));
    const around = this.open.get(outer);
    if (!around) return line;
    this.held++;
    if (this.held > HELD_LINES_MAX) this.clear();
    else around.batch.items.push(line);
    return null;
  }

  clear(): void {
    this.open.clear();
    this.held = 0;
  }

  private opened(line: Line, outer: string): void {
    const reference = param(line, 0).slice(1);
    if (this.open.has(reference) || this.open.size >= HELD_LINES_MAX) return;
    const batch = new Batch(line);
    const around = this.open.get(outer);
    around?.batch.items.push(batch);
    this.open.set(reference, { batch, outer: around ? outer : "" });
  }

  private closed(reference: string): Batch | null {
    const found = this.open.get(reference);
    this.open.delete(reference);
    if (!found || found.outer) return null;
    // One that was left open within it can't be closed any more.
    for (const [name, { outer }] of [...this.open]) {
      if (this.isWithin(outer, reference)) this.open.delete(name);
    }
    if (!this.open.size) this.held = 0;
    return found.batch;
  }

  private isWithin(reference: string, wanted: string): boolean {
    let at = reference;
    while (at && at !== wanted) at = this.open.get(at)?.outer ?? "";
    return at !== "";
  }
}
