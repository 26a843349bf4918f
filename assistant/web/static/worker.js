// Keeps the page and its documents for times without a network: asked of the network first, of what was kept else.
// The page says which documents there are, and which files it has loaded, when everything else has come.
"use strict";
const home = new URL("./", self.location);
// Each address has its own, since one host may hold several meetings.
const OURS = `documents ${home.pathname} `;
const CACHE = `${OURS}__VERSION__`;
const below = (url) => url.pathname.slice(home.pathname.length);
const isFile = (url) => /^(page|assets|static)\//.test(below(url)) || below(url) === "theme.css"; // their names change with them
const isPage = (url) => below(url) === "" && !url.searchParams.has("q");
const isKept = (url) => isPage(url) || isFile(url) || /^(documents|reader|gradio\.json|objective$)/.test(below(url));

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.add("./");
    self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

const answer = async (request, url) => {
  const cache = await caches.open(CACHE);
  if (isFile(url)) {
    const kept = await cache.match(request);
    if (kept) return kept;
  }
  try {
    const response = await fetch(request);
    if (response.status === 200 && isKept(url)) cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request) ?? (await cache.match(request, { ignoreSearch: true }));
    if (kept) return kept;
    if (request.mode === "navigate") return Response.redirect(new URL(`./#${below(url)}`, home));
    throw error;
  }
};

const keep = async (addresses) => {
  const cache = await caches.open(CACHE);
  for (const each of addresses) {
    if (isKept(new URL(each, home)) && !(await cache.match(each))) await cache.add(each).catch(() => {}); // another time
  }
};
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== home.origin || !(isKept(url) || event.request.mode === "navigate")) return;
  event.respondWith(answer(event.request, url));
});
