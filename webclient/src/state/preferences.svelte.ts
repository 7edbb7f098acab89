/** What its user has chosen for this browser: how it looks, in which language, and what it tells of. */

import type { Conversation } from "../core/chatModel";
import { type Level, usual } from "./notifications";
import * as store from "./browserStorage";
import { toasts } from "./toasts.svelte";
import { speak, t } from "./i18n.svelte";

class Choices {
  now = $state(store.choices.get());

  /** Let what was chosen earlier take effect. */
  async begin(): Promise<void> {
    document.documentElement.dataset["theme"] = this.now.theme;
    await speak(this.now.language ? [this.now.language] : navigator.languages);
  }

  choose(changes: Partial<store.Choices>): void {
    this.now = { ...this.now, ...changes };
    store.choices.set(this.now);
    if ("theme" in changes || "language" in changes) void this.begin();
  }

  /** What is told of a conversation, which is known by its folded name. */
  level(key: string, conversation: Conversation): Level {
    return this.now.levels[key] ?? usual(conversation);
  }

  /** Null for the usual. */
  setLevel(key: string, level: Level | null): void {
    const others = Object.fromEntries(Object.entries(this.now.levels).filter(([other]) => other !== key));
    this.choose({ levels: level === null ? others : { ...others, [key]: level } });
  }

  /** Let the browser tell of messages, after asking whether it may. */
  async setNotify(wanted: boolean): Promise<void> {
    const may = wanted && typeof Notification !== "undefined" && (await Notification.requestPermission()) === "granted";
    if (wanted && !may) toasts.say(t("notice.refused"), true);
    this.choose({ notify: may });
  }
}

export const choices = new Choices();
