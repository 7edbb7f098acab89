/** Persistence across visits: drafts, unsent messages and the last of each conversation are kept in the browser. */

import { SvelteMap } from "svelte/reactivity";
import type { Client } from "../core/client";
import type { Conversation } from "../core/chatModel";
import { isSecret } from "../core/passwordWords";
import { entropy } from "./browserInfo";
import * as store from "./browserStorage";

const SAVE_MS = 250;

export class Persistence {
  private readonly drafts = new SvelteMap<string, string>(Object.entries(store.drafts.get()));
  private readonly changed = new Set<Conversation>();
  private readonly changedDrafts = new Set<string>();
  private saving: ReturnType<typeof setTimeout> | null = null;
  private readonly tab = entropy();
  /** The nonces of what is kept for this tab to send. */
  private readonly own = new Set<string>();
  /** Tabs whose end is waited for. */
  private readonly watched = new Set<string>();
  /** Who sends what other tabs leave. */
  private heir: Client | null = null;

  /** `kept` gives the client whose conversations are kept now, and what its network is called. */
  constructor(private readonly kept: () => { client: Client; network: string } | null) {
    // Held as long as this tab is there: whoever gets it knows that the tab is gone.
    void navigator.locks?.request(lockOf(this.tab), () => new Promise(() => {}));
    store.onOtherTabChange((change) => {
      if (change.kind === "outbox") this.watch(change.tab);
      else if (this.changedDrafts.has(change.name)) return; // What is written here is newer.
      else {
        this.put(change.name, change.text);
        this.client?.find(change.name)?.drafting.mirror(change.text);
      }
    });
  }

  /** From now on this client sends what tabs that are gone have left, and what others leave when they go. */
  adoptOutboxes(heir: Client): void {
    this.heir = heir;
    for (const tab of store.outbox.tabs()) this.watch(tab);
  }

  private watch(tab: string): void {
    if (!this.heir || tab === this.tab || this.watched.has(tab)) return;
    this.watched.add(tab);
    const take = () => {
      this.watched.delete(tab);
      if (!this.heir) return;
      const left = store.outbox.take(tab, this.tab);
      for (const { nonce } of left) this.own.add(nonce);
      this.heir.restore(left);
    };
    // Over an unsafe connection a browser has no locks, and another tab can't be asked.
    if (navigator.locks) void navigator.locks.request(lockOf(tab), take);
    else take();
  }

  draft(name: string): string {
    return this.drafts.get(name) ?? "";
  }

  /** Its user has written, or sent what was written: then other devices know at once. */
  setDraft(name: string, text: string): void {
    this.put(name, text);
    const conversation = this.client?.find(name);
    conversation?.drafting.typed(text);
    if (conversation && !text) this.client?.drafts.send(conversation);
    this.changedDrafts.add(name);
    this.saveSoon();
  }

  /** Another device has written. It is not kept here: another tab may know better, and the server tells it again. */
  draftChangedElsewhere({ name, drafting }: Conversation): void {
    this.put(name, drafting.text);
  }

  private put(name: string, text: string): void {
    if (text) this.drafts.set(name, text);
    else this.drafts.delete(name);
  }

  private get client(): Client | null {
    return this.kept()?.client ?? this.heir;
  }

  /** Its user may not come back: what is written is kept here, and told to the server. */
  flush(): void {
    this.saveNow();
    this.client?.drafts.sendAll();
  }

  /** Something has happened here. */
  markChanged(conversation: Conversation): void {
    this.changed.add(conversation);
  }

  saveSoon(): void {
    this.saving ??= setTimeout(() => this.saveNow(), SAVE_MS);
  }

  saveNow(): void {
    this.wait();
    for (const name of this.changedDrafts) {
      const drafting = this.client?.find(name)?.drafting;
      store.drafts.set(name, isSecret(this.draft(name)) ? "" : this.draft(name));
      store.drafts.note(name, drafting?.base ? { base: drafting.base, saved: drafting.saved, own: drafting.own } : null);
    }
    this.changedDrafts.clear();
    const kept = this.kept();
    if (!kept) return;
    this.keepOutbox(kept.client);
    void store.saveConversations(kept.client, kept.network, this.changed);
    this.changed.clear();
  }

  private keepOutbox({ outbox: { entries } }: Client): void {
    const there = new Set(entries.map(({ nonce }) => nonce));
    for (const nonce of this.own) if (!there.has(nonce)) store.outbox.drop(this.tab, nonce);
    this.own.clear();
    for (const entry of entries) {
      store.outbox.put(this.tab, entry);
      this.own.add(entry.nonce);
    }
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
    this.changedDrafts.clear();
    this.own.clear();
    this.heir = null;
    await store.clearAll();
  }
}

function lockOf(tab: string): string {
  return `hubbub.tab.${tab}`;
}
