/** Nothing typed is lost: drafts, what is still to be sent, and the last of each conversation are kept in the browser. */

import { SvelteMap } from "svelte/reactivity";
import type { Client } from "../core/client";
import type { Conversation } from "../core/model";
import { isSecret } from "../core/secrets";
import * as store from "./store";

const SAVE_MS = 250;

export class Keeper {
  private readonly drafts = new SvelteMap<string, string>(Object.entries(store.drafts.get()));
  private readonly changed = new Set<Conversation>();
  private saving: ReturnType<typeof setTimeout> | null = null;

  /** `kept` gives the client whose conversations are kept now, and what its network is called. */
  constructor(private readonly kept: () => { client: Client; network: string } | null) {}

  draft(name: string): string {
    return this.drafts.get(name) ?? "";
  }

  setDraft(name: string, text: string): void {
    if (text) this.drafts.set(name, text);
    else this.drafts.delete(name);
    this.soon();
  }

  /** Something has happened here. */
  note(conversation: Conversation): void {
    this.changed.add(conversation);
  }

  soon(): void {
    this.saving ??= setTimeout(() => this.now(), SAVE_MS);
  }

  now(): void {
    this.wait();
    store.drafts.set(Object.fromEntries([...this.drafts].filter(([, text]) => !isSecret(text))));
    const kept = this.kept();
    if (!kept) return;
    store.outbox.set(kept.client.outbox.entries);
    void store.keep(kept.client, kept.network, this.changed);
    this.changed.clear();
  }

  private wait(): void {
    if (this.saving) clearTimeout(this.saving);
    this.saving = null;
  }

  /** Forget everything that belongs to somebody. */
  async forget(): Promise<void> {
    this.wait();
    this.drafts.clear();
    this.changed.clear();
    await store.forget();
  }
}
