// The doorstep without signal. The form comes from the network while there is
// one, and else as it was last kept; files whose name changes with their bytes
// come from what is kept. Everything else isn't this worker's business.

const PATIENCE = 6000; // milliseconds that a weak signal has before the kept form shows

addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function page(request, url) {
  const lang = url.searchParams.get("lang");
  const form = url.pathname.replace(/\/$/, "") + "/form";
  const kept = await caches.match(lang ? form + "?in=" + lang : form);
  if (!kept) return fetch(request);
  const late = new Promise((done) => setTimeout(done, PATIENCE, kept));
  const fresh = fetch(request).then((answer) => (answer.status < 500 ? answer : kept), () => kept);
  return Promise.race([fresh, late]);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (registration.scope === url.origin + url.pathname) event.respondWith(page(request, url));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
