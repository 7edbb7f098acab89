// The service worker: lets the page open without a network, and shows what it is told while no page is open.
// The build puts the names of its files, and a name for all of them together, in place of these two.
const VERSION = "__VERSION__";
const FILES = "__FILES__";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(["/", ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => names.filter((name) => name !== VERSION));
  event.waitUntil(others.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  // The page is asked for anew, so that a new server is met by its own; what has its content in its name never changes.
  if (request.mode === "navigate" && pathname === "/") event.respondWith(fetch(request).catch(() => caches.match("/")));
  else if (pathname.startsWith("/assets/")) event.respondWith(kept(request));
});

async function kept(request) {
  const known = await caches.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(VERSION)).put(request, answer.clone());
  return answer;
}

// What the server pushes is one line of IRC.
self.addEventListener("push", (event) => {
  const told = understood(event.data?.text() ?? "");
  if (told) event.waitUntil(tell(told));
});

function understood(line) {
  const found = /^(?:@(?<tags>\S*) +)?:(?<nick>[^! ]+)\S* +(?:PRIVMSG|NOTICE) +(?<target>\S+) +:?(?<text>[^]*)$/.exec(line)?.groups;
  if (!found) return null;
  const id = /(?:^|;)msgid=([^;]*)/.exec(found.tags ?? "")?.[1] ?? "";
  const text = found.text.replace(/^\x01ACTION (.*)\x01$/, "$1").replace(/[\x00-\x08\x0b-\x1f]/g, "");
  const room = found.target.startsWith("#") ? found.target : "";
  return { title: room ? `${found.nick} – ${room}` : found.nick, text, place: room || found.nick, id };
}

// A page that is looked at tells by itself.
async function tell({ title, text, place, id }) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.some((one) => one.visibilityState === "visible" && one.focused)) return;
  const data = { hash: `#/${encodeURIComponent(place)}/${id}` };
  await self.registration.showNotification(title, { body: text.slice(0, 200), tag: place, icon: "/icon-192.png", data });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const hash = event.notification.data?.hash ?? "";
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((windows) => {
      const [open] = windows;
      if (!open) return self.clients.openWindow(`/${hash}`);
      open.postMessage({ hash });
      return open.focus();
    }),
  );
});
