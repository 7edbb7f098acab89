/** The confirmation that an action waits for. */

export interface Confirmation {
  text: string;
  /** What it is about, in somebody's own words. */
  about?: string;
  /** On the button that does it. */
  action: string;
  /** What may be written with it; nothing is asked for where it is not there. */
  field?: string;
  isDestructive: boolean;
  act: (written: string) => void;
}

class ConfirmationState {
  now = $state.raw<Confirmation | null>(null);

  ask(question: Confirmation): void {
    this.now = question;
  }
}

export const confirmation = new ConfirmationState();
