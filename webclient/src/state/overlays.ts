/** The stack of open overlays: Esc and the browser's Back close the innermost. */

interface Overlay {
  close: () => void;
  byKey: boolean;
}

/**
 * While anything is open, the browser's history has one entry more, for Back to take away.
 *
 * It is marked by its state. Whoever goes elsewhere meanwhile takes its place (`go`).
 */
class Overlays {
  private open: Overlay[] = [];
  /** The entry is being taken away by the page itself. */
  private isLeaving = false;
  /** Where to go as soon as it is. */
  private next = "";

  start(): void {
    if (isMarked()) history.replaceState(null, "");
    addEventListener("popstate", () => {
      if (this.isLeaving) this.left();
      else if (!isMarked()) this.open.at(-1)?.close();
      this.soon();
    });
  }

  /** Something has opened. What is given back is called when it is closed, by whomever. */
  add(close: () => void, byKey = true): () => void {
    const layer = { close, byKey };
    this.open.push(layer);
    this.soon();
    return () => {
      this.open = this.open.filter((other) => other !== layer);
      this.soon();
    };
  }

  /** Esc: the innermost thing is closed; whether there was one. */
  closeInnermost(): boolean {
    const layer = this.open.at(-1);
    if (!layer?.byKey) return false;
    layer.close();
    return true;
  }

  /** Go to another address on this page. */
  go(address: string): void {
    if (this.isLeaving) this.next = address;
    else if (isMarked()) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.soon();
  }

  private left(): void {
    this.isLeaving = false;
    if (this.next) history.pushState(null, "", this.next);
    this.next = "";
  }

  /** What closes and opens in the same instant is one change. */
  private soon(): void {
    setTimeout(() => {
      if (this.isLeaving) return;
      if (this.open.length && !isMarked()) history.pushState({ isAbove: true }, "");
      else if (!this.open.length && isMarked()) {
        this.isLeaving = true;
        history.back();
      }
    });
  }
}

function isMarked(): boolean {
  return (history.state as { isAbove?: boolean } | null)?.isAbove === true;
}

export const overlays = new Overlays();
