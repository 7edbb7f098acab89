/** Change signals: the core lives outside of Svelte, and a signal tells components that it has changed. */

import type { Conversation } from "../core/chatModel";

/** Something that changes outside of Svelte: reading `now` makes a part follow it. */
export class ChangeSignal {
  version = $state(0);
  notify(): void {
    this.version++;
  }
}

const known = new WeakMap<Conversation, ChangeSignal>();

export const changeSignals = {
  /** The list of conversations, or what stands beside their names, has changed. */
  rooms: new ChangeSignal(),
  people: new ChangeSignal(),
  of(conversation: Conversation): ChangeSignal {
    const signal = known.get(conversation) ?? new ChangeSignal();
    known.set(conversation, signal);
    return signal;
  },
};
