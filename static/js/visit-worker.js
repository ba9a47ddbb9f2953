// Keeps the pages of visits for the time without network. FACTS (version, assets, scope) stands before this
// text: assessments/views/visit_worker.py. Pages: the network first, after a short wait the kept one; files
// with hashed names: the kept ones first. Only answers that name their reader (X-Kept-For) are kept, and never
// those of two people at once. Nothing that is sent (POST) passes through here.

const PAGES = "tuquan-visit-pages";
const FILES = `tuquan-visit-files-${FACTS.version}`;
const PATIENCE = 4000;

const address = (url) => new URL(url, self.location.origin).pathname;
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((files) => files.addAll(FACTS.assets)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim().then(renew));
});

// Pages of the version before name files of the version before: both go together, once the pages are new.
async function renew() {
  const old = (await caches.keys()).filter((name) => name.startsWith("tuquan-visit-files-") && name !== FILES);
  if (!old.length) return;
  const pages = await caches.open(PAGES);
  const renewed = await Promise.all((await pages.keys()).map((request) => fetchAndKeep(request.url)));
  if (renewed.every(Boolean)) await Promise.all(old.map((name) => caches.delete(name)));
}

async function keep(url, response) {
  const owner = response.headers.get("X-Kept-For");
  if (!response.ok || !owner) return false;
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const other = await pages.match(request);
    if (other && other.headers.get("X-Kept-For") !== owner) await pages.delete(request);
  }
  await pages.put(address(url), response);
  return true;
}

async function fetchAndKeep(url) {
  try {
    const response = await fetch(address(url), { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (response.status === 404) await (await caches.open(PAGES)).delete(address(url));
    return await keep(url, response);
  } catch {
    return false;
  }
}

// The kept page says of itself that it is one.
async function asKept(response) {
  const text = (await response.text()).replace('data-from="network"', 'data-from="kept"');
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(text, { headers });
}

// Without network and never opened here: a sentence instead of the browser's own error page.
function notKept() {
  const text =
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Chưa có mạng</title>' +
    `<h1>Chưa có mạng</h1><p>Trang này chưa được giữ trên máy. Mở lại khi có mạng.</p><p><a href="${FACTS.scope}">Về danh sách thẩm định cơ sở</a></p>`;
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function page(event) {
  const url = event.request.url;
  const kept = await (await caches.open(PAGES)).match(address(url));
  const fresh = fetch(event.request).then(async (response) => {
    if (response.status === 404) await (await caches.open(PAGES)).delete(address(url));
    else await keep(url, response.clone()).catch(() => false); // a full device still shows the page
    return response;
  });
  if (!kept) return fresh.catch(notKept);
  const answer = fresh.then((response) => (response.status >= 500 ? null : response)).catch(() => null);
  event.waitUntil(answer);
  return (await Promise.race([answer, wait(PATIENCE).then(() => null)])) || asKept(kept);
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(FILES)).put(request, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname.startsWith(FACTS.scope)) event.respondWith(page(event));
  } else if (url.pathname.startsWith(FACTS.files)) event.respondWith(file(request));
});

// A page asks to be kept, with what belongs to it; the answer tells which addresses are kept now.
self.addEventListener("message", (event) => {
  const urls = (event.data?.keep || []).filter((url) => address(url).startsWith(FACTS.scope));
  const done = Promise.all(urls.map(async (url) => ((await fetchAndKeep(url)) ? url : null)));
  event.waitUntil(done.then((kept) => event.ports[0]?.postMessage(kept.filter(Boolean))));
});
