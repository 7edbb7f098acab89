/** What is done only after one has said so once more. */

export interface Question {
  text: string;
  /** What it is about, in somebody's own words. */
  about?: string;
  /** On the button that does it. */
  action: string;
  /** What may be written with it; nothing is asked for where it is not there. */
  field?: string;
  isGrave: boolean;
  act: (written: string) => void;
}

class Asking {
  now = $state.raw<Question | null>(null);

  ask(question: Question): void {
    this.now = question;
  }
}

export const asking = new Asking();
