/** The page's entry point: starts the session and mounts the app. */

import "./app.css";
import { mount } from "svelte";
import App from "./components/App.svelte";
import { app } from "./state/app.svelte";
import { preferences } from "./state/preferences.svelte";
import { handleEvent } from "./state/eventHandlers";
import { session } from "./state/session.svelte";

/** Where the browser lets it: the page opens without a network, and can be put among one's programs. */
async function install(): Promise<void> {
  try {
    await navigator.serviceWorker?.register("/worker.js");
    navigator.serviceWorker?.addEventListener("message", ({ data }) => {
      location.hash = String((data as { hash?: string }).hash ?? "");
    });
  } catch {
    // A page over an unsafe connection, or a private window: it works as it is.
  }
}

async function begin(): Promise<void> {
  app.start();
  await preferences.apply();
  addEventListener("pagehide", () => session.persistence.flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && session.persistence.flush());
  void install();
  await session.start({
    onEvent: handleEvent,
    onRestored: () => app.begin(),
    onForgotten: () => {
      app.reset();
      location.hash = "";
    },
  });
}

void begin();
mount(App, { target: document.body });
