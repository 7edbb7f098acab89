/** The user's preferences in this browser: theme, language and notifications. */

import type { Conversation } from "../core/chatModel";
import { type NotificationLevel, defaultLevel } from "./notifications";
import * as store from "./browserStorage";
import { toasts } from "./toasts.svelte";
import { setLanguage, t } from "./i18n.svelte";

class PreferencesState {
  now = $state(store.preferences.get());

  /** Let what was chosen earlier take effect. */
  async apply(): Promise<void> {
    document.documentElement.dataset["theme"] = this.now.theme;
    await setLanguage(this.now.language ? [this.now.language] : navigator.languages);
  }

  set(changes: Partial<store.Preferences>): void {
    this.now = { ...this.now, ...changes };
    store.preferences.set(this.now);
    if ("theme" in changes || "language" in changes) void this.apply();
  }

  /** What is told of a conversation, which is known by its folded name. */
  level(key: string, conversation: Conversation): NotificationLevel {
    return this.now.levels[key] ?? defaultLevel(conversation);
  }

  /** Null for the usual. */
  setLevel(key: string, level: NotificationLevel | null): void {
    const others = Object.fromEntries(Object.entries(this.now.levels).filter(([other]) => other !== key));
    this.set({ levels: level === null ? others : { ...others, [key]: level } });
  }

  /** Let the browser tell of messages, after asking whether it may. */
  async setNotify(wanted: boolean): Promise<void> {
    const may = wanted && typeof Notification !== "undefined" && (await Notification.requestPermission()) === "granted";
    if (wanted && !may) toasts.say(t("notice.refused"), true);
    this.set({ notify: may });
  }
}

export const preferences = new PreferencesState();
