/** Toasts: short sentences at the page's edge, which go by themselves. */

const SHOWN_MS = 8_000;
const SHOWN_MAX = 4;

export interface Toast {
  id: number;
  text: string;
  isError: boolean;
  /** What can be done about it. */
  remedy: Remedy | null;
}

export interface Remedy {
  label: string;
  act: () => void;
}

class Toasts {
  list = $state<Toast[]>([]);
  private count = 0;

  /** One with a remedy stays: whoever works with the keyboard or a screen reader needs longer to come there. */
  say(text: string, isError = false, remedy: Remedy | null = null): void {
    const id = ++this.count;
    this.list = [...this.list.filter((toast) => toast.text !== text).slice(1 - SHOWN_MAX), { id, text, isError, remedy }];
    if (!remedy) setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  /** Do what can be done about it. */
  mend(toast: Toast): void {
    this.dismiss(toast.id);
    toast.remedy?.act();
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
