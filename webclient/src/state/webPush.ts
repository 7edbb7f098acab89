/** Web Push: the browser shows messages while no page is open, if its maker's push service can be reached. */

import type { Client } from "../core/client";

async function subscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker?.getRegistration();
  return (await worker?.pushManager?.getSubscription()) ?? null;
}

/** Let the server tell this browser; where that can't be, notices come while a page is open. */
export async function subscribe(client: Client): Promise<void> {
  const key = client.server.support.get("VAPID");
  if (!key || !client.account || !client.server.has("draft/webpush")) return;
  try {
    const worker = await navigator.serviceWorker?.ready;
    const made = await worker?.pushManager?.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const keys = made?.toJSON().keys;
    if (made && keys) client.ask("WEBPUSH", "REGISTER", made.endpoint, `p256dh=${keys["p256dh"]};auth=${keys["auth"]}`);
  } catch {
    // No Internet, or a browser without such a service.
  }
}

/** Nobody is told by this browser any more. */
export async function unsubscribe(client: Client | null): Promise<void> {
  const made = await subscription().catch(() => null);
  if (!made) return;
  if (client?.isHere) client.ask("WEBPUSH", "UNREGISTER", made.endpoint);
  await made.unsubscribe().catch(() => false);
}
