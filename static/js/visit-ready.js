// Preparing a visit's pages for the time without network, and saying how things stand.
const OWNER = "tuquan:kept-for";
const place = document.querySelector("[data-keep]");
const line = document.querySelector("[data-ready]");

export const fromKept = place?.dataset.from === "kept";

export function say(text, sign = "") {
  if (!line) return;
  line.hidden = !text;
  line.className = `ready ${sign}`;
  line.textContent = text;
}

const moment = (iso) =>
  new Date(iso).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric" });

// Asks the worker to fetch and keep these addresses; those it has now.
async function ask(urls) {
  const worker = (await navigator.serviceWorker.ready).active;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    setTimeout(() => resolve([]), 60000);
    worker.postMessage({ keep: urls }, [port2]);
  });
}

// True once this page and what belongs to it lie on the device.
export async function prepare(only = null) {
  if (!place || !("serviceWorker" in navigator)) return false;
  const urls = only || place.dataset.keep.split(" ");
  try {
    // Another person's pages are gone before the first of ours comes.
    localStorage.setItem(OWNER, document.body.dataset.user);
    await navigator.serviceWorker.register(place.dataset.worker, { scope: new URL(place.dataset.worker, location).pathname.replace(/[^/]*$/, "") });
    navigator.storage?.persist?.();
    const kept = await ask(urls);
    return urls.every((url) => kept.includes(url));
  } catch {
    return false;
  }
}

export async function ready(words) {
  // Who only reads keeps nothing.
  if (!place) return;
  if (fromKept) {
    say(`Bản giữ trên máy lúc ${moment(place.dataset.made)}. ${words.kept}`, "ready-kept");
    return;
  }
  say("Đang chuẩn bị để dùng khi mất mạng", "");
  if (await prepare()) say(words.done || "✓ Đã sẵn sàng dùng khi không có mạng", "ready-done");
  else say("Chưa chuẩn bị được để dùng khi mất mạng. Tải lại trang khi mạng ổn định.", "ready-failed");
}
