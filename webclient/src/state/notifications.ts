/** Notifications: which messages call for one, the system's notice, and the sound. */

import type { Conversation, Message } from "../core/chatModel";
import { plain } from "../core/formatting";

export type NotificationLevel = "all" | "mentions" | "none";
export const NOTIFICATION_LEVELS: readonly NotificationLevel[] = ["all", "mentions", "none"];

/** Whether a message is told of, where this is what its reader wants of the conversation. */
export function shouldNotify(conversation: Conversation, message: Message, level: NotificationLevel): boolean {
  if (!message.isTalk || message.isOwn || level === "none") return false;
  return level === "all" || message.isMention || !conversation.isRoom;
}

/** What one wants of a conversation where one has not said so. */
export function defaultLevel(conversation: Conversation): NotificationLevel {
  return conversation.isRoom ? "mentions" : "all";
}

/** The system's notice; a later one of the same conversation takes its place. */
export async function notify(title: string, conversation: Conversation, message: Message): Promise<void> {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const options = {
    body: plain(message.text).slice(0, 200),
    tag: conversation.name,
    icon: "/icon-192.png",
    data: { hash: `#/${encodeURIComponent(conversation.name)}/${message.id}` },
  };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker) await worker.showNotification(title, options);
}

/** Two short tones. */
export function ring(): void {
  const audio = new AudioContext();
  [660, 880].forEach((pitch, at) => {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + at * 0.12;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.08, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.11);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.12);
  });
  setTimeout(() => void audio.close(), 600);
}
