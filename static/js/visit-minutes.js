// The minutes of a visit: what is typed stays on this device until the server has taken it, also when the tab is closed.
import { all } from "./photo-store.js";
import { ready } from "./visit-ready.js";

const form = document.querySelector("[data-minutes]");
const head = document.querySelector("[data-visit]");
const user = document.body.dataset.user;

if (form) {
  const KEY = `tuquan:minutes:${user}:${form.dataset.minutes}`;
  const notice = form.querySelector("[data-minutes-notice]");
  const fields = () => [...form.elements].filter((field) => field.name && !["csrfmiddlewaretoken", "close"].includes(field.name) && field.type !== "submit");
  const typed = () => Object.fromEntries(fields().map((field) => [field.name, field.value]));
  const tell = (text) => {
    notice.hidden = false;
    notice.textContent = text;
  };
  // The server has taken what its page says too. Anything else was not: the session may have ended on the way.
  const bound = "bound" in form.dataset;
  const plain = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
  const kept = JSON.parse(localStorage.getItem(KEY) || "null");
  const taken = kept && fields().every(({ name, value }) => name === "version" || !(name in kept) || plain(kept[name]) === plain(value));
  if (taken && !bound) localStorage.removeItem(KEY);
  else if (kept && !bound) {
    // With the version it was based on: what somebody else saved since is shown, not overwritten.
    for (const field of fields()) if (field.name in kept) field.value = kept[field.name];
    tell("Đã điền lại nội dung nhập trên máy này, chưa lưu lên máy chủ.");
  }
  form.addEventListener("input", () => localStorage.setItem(KEY, JSON.stringify(typed())));

  const unsent = async () => {
    const entries = Object.keys(JSON.parse(localStorage.getItem(`tuquan:${user}:${form.dataset.assessment}:delegation`) || "{}")).length;
    const pictures = (await all(user).catch(() => [])).filter((photo) => photo.assessment === form.dataset.assessment).length;
    return [entries && `${entries} mục`, pictures && `${pictures} ảnh`].filter(Boolean).join(", ");
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    localStorage.setItem(KEY, JSON.stringify(typed()));
    if (button?.name === "close") {
      const waiting = await unsent();
      if (waiting) {
        tell(`Trên máy này còn ${waiting} chưa gửi. Mở “Các mục thẩm định” khi có mạng để gửi hết rồi chốt biên bản.`);
        return;
      }
    }
    try {
      // A form sent into nothing ends on the browser's own page and looks lost.
      const alive = await fetch(head.dataset.health, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (!alive.ok) throw new Error(String(alive.status));
    } catch {
      tell("Chưa có mạng; nội dung đã giữ trên máy này. Bấm Lưu biên bản khi có mạng.");
      return;
    }
    if (button?.name) {
      const extra = document.createElement("input");
      Object.assign(extra, { type: "hidden", name: button.name, value: button.value });
      form.append(extra);
    }
    form.submit();
  });
}
ready({ kept: "Nội dung nhập được giữ trên máy; lưu khi có mạng." });
