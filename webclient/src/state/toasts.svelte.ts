/** Toasts: short sentences at the page's edge, which go by themselves. */

const SHOWN_MS = 8_000;
const SHOWN_MAX = 4;

export interface Toast {
  id: number;
  text: string;
  isError: boolean;
}

class Toasts {
  list = $state<Toast[]>([]);
  private count = 0;

  say(text: string, isError = false): void {
    const id = ++this.count;
    this.list = [...this.list.filter((toast) => toast.text !== text).slice(1 - SHOWN_MAX), { id, text, isError }];
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
