/** What the client has changed: its parts live outside of Svelte, and a pulse tells who draws them. */

import type { Conversation } from "../core/chatModel";

/** Something that changes outside of Svelte: reading `now` makes a part follow it. */
export class Pulse {
  now = $state(0);
  beat(): void {
    this.now++;
  }
}

const known = new WeakMap<Conversation, Pulse>();

export const pulses = {
  /** The list of conversations, or what stands beside their names, has changed. */
  rooms: new Pulse(),
  people: new Pulse(),
  of(conversation: Conversation): Pulse {
    const pulse = known.get(conversation) ?? new Pulse();
    known.set(conversation, pulse);
    return pulse;
  },
};
