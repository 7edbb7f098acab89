/** Batches that a server sends: lines are held until the outermost batch they belong to is whole. */

import { type Line, param } from "./ircLine";

/**
 * How many lines all open batches may hold, those that open one among them; beyond it the server is up to no good, and
 * all of them are dropped.
 */
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

/** A batch that is in no other: how many lines it holds, and by which references those in it were opened. */
interface Outermost {
  held: number;
  readonly references: string[];
}

/** Gathers lines; what is whole comes out. */
export class Batches {
  /** Reference → the batch, and what is known of the outermost one it is in, or is. */
  private readonly open = new Map<string, { batch: Batch; outermost: Outermost }>();
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
    around.batch.items.push(line);
    this.hold(around.outermost);
    return null;
  }

  clear(): void {
    this.open.clear();
    this.held = 0;
  }

  private hold(outermost: Outermost): void {
    outermost.held++;
    this.held++;
    if (this.held > HELD_LINES_MAX) this.clear();
  }

  private opened(line: Line, outer: string): void {
    const reference = param(line, 0).slice(1);
    if (this.open.has(reference)) return;
    const batch = new Batch(line);
    const around = this.open.get(outer);
    const outermost = around?.outermost ?? { held: 0, references: [] };
    around?.batch.items.push(batch);
    outermost.references.push(reference);
    this.open.set(reference, { batch, outermost });
    this.hold(outermost);
  }

  private closed(reference: string): Batch | null {
    const found = this.open.get(reference);
    this.open.delete(reference);
    if (!found || found.outermost.references[0] !== reference) return null;
    // One that was left open within it can't be closed any more.
    for (const name of found.outermost.references) {
      if (this.open.get(name)?.outermost === found.outermost) this.open.delete(name);
    }
    this.held -= found.outermost.held;
    return found.batch;
  }
}
