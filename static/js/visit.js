// The work page of a visit: ready for the time without network, filters, reasons, photographs. Saving is outbox.js.
import { fromKept, prepare, ready, say } from "./visit-ready.js";
import { begin } from "./visit-photos.js";

const head = document.querySelector("[data-visit]");
const sheet = document.querySelector("[data-sheet]");
const user = document.body.dataset.user;
document.documentElement.classList.add("live-visit");

// ---- Acknowledged since this page was kept ----

// A page opened from the device is older than what was saved from it meanwhile: show that, on its version.
const SAVED = `tuquan:acknowledged:${user}:${head.dataset.visit}`;
const read = (key) => JSON.parse(localStorage.getItem(key) || "{}");

if (fromKept) {
  for (const [key, fields] of Object.entries(read(SAVED))) {
    const entry = document.querySelector(`.entry[data-key="${CSS.escape(key)}"]`);
    const form = entry?.querySelector(".entry-form");
    if (!form || Number(form.elements.version.value) >= Number(fields.version)) continue;
    form.elements.version.value = fields.version;
    form.elements.note.value = fields.note;
    form.querySelectorAll("[name=stated]").forEach((input) => (input.checked = input.value === fields.stated));
    entry.querySelector(".entry-state").dataset.value = fields.stated;
  }
} else localStorage.removeItem(SAVED);

let renewal = null;
function changed() {
  clearTimeout(renewal);
  renewal = setTimeout(async () => {
    if (await prepare([window.location.pathname])) localStorage.removeItem(SAVED);
  }, 2000);
  setTimeout(count, 200);
}
document.addEventListener("tuquan:changed", changed);
document.addEventListener("htmx:afterRequest", (event) => {
  const status = event.detail.xhr.status;
  if (status < 200 || status > 299) return;
  const form = event.target;
  if (form.matches?.(".entry-form")) {
    setTimeout(() => {
      const { stated, note, version } = Object.fromEntries(new FormData(form));
      const kept = { ...read(SAVED), [form.closest(".entry").dataset.key]: { stated: stated || "", note, version } };
      localStorage.setItem(SAVED, JSON.stringify(kept));
    }, 100);
  }
  changed();
});

// ---- A kept page meets the network again: its token may be older than the session ----

async function renewToken() {
  let response;
  try {
    response = await fetch(window.location.pathname, { redirect: "manual", cache: "no-store" });
  } catch {
    return;
  }
  if (response.type === "opaqueredirect") {
    say("Phiên làm việc đã hết; nội dung đã nhập vẫn giữ trên máy này. ", "ready-failed");
    const link = document.createElement("a");
    link.href = `${head.dataset.signIn}?next=${encodeURIComponent(window.location.pathname)}`;
    link.textContent = "Đăng nhập lại để gửi";
    document.querySelector("[data-ready]").append(link);
    return;
  }
  // Another person signed in here: nothing is sent in that person's name.
  if (!response.ok || response.headers.get("X-Kept-For") !== user) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
  window.dispatchEvent(new Event("tuquan:retry"));
}
if (fromKept) {
  renewToken();
  window.addEventListener("online", renewToken);
}

// ---- Filters ----

const entries = [...document.querySelectorAll(".sheet-middle .entry")];
const tests = {
  all: () => true,
  differs: (entry) => new Set([own(entry), beside(entry), agency(entry)].filter(Boolean)).size > 1,
  agency: (entry) => agency(entry) === "",
  unseen: (entry) => !own(entry),
};
const own = (entry) => {
  const form = entry.querySelector(".entry-form");
  return form ? form.elements.stated?.value || form.querySelector("[name=stated]:checked")?.value || "" : entry.querySelector(".entry-state")?.dataset.value;
};
const beside = (entry) => entry.querySelector(".beside")?.dataset.self;
const agency = (entry) => entry.querySelector(".beside-agency")?.dataset.value;
// A criterion that is computed has no verdict of anybody's beside it.
const judged = entries.filter((entry) => entry.querySelector(".beside-agency"));

function count() {
  document.querySelectorAll("[data-show]").forEach((button) => {
    button.dataset.words ||= button.textContent;
    button.textContent = `${button.dataset.words} (${judged.filter(tests[button.dataset.show]).length})`;
  });
}

function filter(name) {
  document.querySelectorAll("[data-show]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.show === name)));
  for (const entry of entries) entry.hidden = name !== "all" && !(judged.includes(entry) && tests[name](entry));
  for (const heading of document.querySelectorAll(".block-head")) heading.hidden = name !== "all";
  for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".entry:not([hidden])");
  document.querySelector("[data-none]").hidden = entries.some((entry) => !entry.hidden);
  count();
}

// ---- A reason is wanted at once, not only when the network is back ----

function reason(form) {
  const entry = form.closest(".entry");
  const stated = form.querySelector("[name=stated]:checked")?.value;
  const wanted = stated && stated !== beside(entry) && !form.elements.note.value.trim();
  let line = form.querySelector(".needs-reason");
  if (wanted && !line) {
    line = document.createElement("p");
    line.className = "needs-reason state-differs";
    line.textContent = "◆ Khác với tự đánh giá: ghi lý do để lưu được.";
    form.querySelector(".note").after(line);
  } else if (!wanted) line?.remove();
}

if (sheet) {
  document.querySelector("[data-filter]").addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) filter(button.dataset.show);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.(".entry-form");
    if (!form) return;
    reason(form);
    count();
  });
  // After the outbox has put back what was not sent.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".entry-form").forEach(reason);
    count();
  });
  begin().catch(() => say("Máy này không cho giữ ảnh; gửi ảnh khi có mạng bằng “+ Minh chứng”.", "ready-failed"));
}
ready({ kept: "Nội dung nhập được giữ trên máy và tự gửi khi có mạng." });
