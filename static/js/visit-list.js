// The list of visits: kept for the time without network, and what on this device still waits to be sent.
import { all } from "./photo-store.js";
import { ready } from "./visit-ready.js";

const user = document.body.dataset.user;

async function unsent() {
  const photos = await all(user).catch(() => []);
  for (const line of document.querySelectorAll("[data-waiting]")) {
    const id = line.dataset.waiting;
    const entries = Object.keys(JSON.parse(localStorage.getItem(`tuquan:${user}:${id}:delegation`) || "{}")).length;
    const pictures = photos.filter((photo) => photo.assessment === id).length;
    const parts = [entries && `${entries} mục`, pictures && `${pictures} ảnh`].filter(Boolean);
    const place = line.querySelector("[data-unsent]");
    place.hidden = !parts.length;
    place.textContent = `◆ Trên máy này còn ${parts.join(", ")} chưa gửi. Mở khi có mạng để gửi.`;
  }
}

// Which visits lie on the device: only those opened while there was network can be opened without it.
async function onDevice() {
  const pages = "caches" in window && (await caches.has("tuquan-visit-pages")) ? await caches.open("tuquan-visit-pages") : null;
  for (const line of document.querySelectorAll("[data-on-device]")) {
    const kept = pages && (await pages.match(line.dataset.onDevice));
    line.hidden = false;
    line.textContent = kept ? "✓ Đã giữ trên máy này" : "○ Chưa giữ trên máy này: mở buổi này trước khi đi";
    line.classList.toggle("ready-done", Boolean(kept));
  }
}

unsent();
ready({ kept: "Mở khi có mạng để xem lịch mới.", done: "✓ Danh sách đã giữ trên máy. Mở từng buổi khi còn mạng để dùng được khi mất mạng." }).then(onDevice);
