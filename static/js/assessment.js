// The assessment page: figures that answer while one types, the keyboard, and the start of saving.
import { Outbox } from "./outbox.js";

const sheet = document.querySelector("[data-sheet]");
const forms = [...document.querySelectorAll(".entry-form")];
const entries = [...document.querySelectorAll(".entry")];
const details = document.querySelector(".result-details");
const phone = window.matchMedia("(max-width: 760px)");
if (details && phone.matches) details.open = false;

// ---- Figures: the same integer comparison as the server's, shown at once ----

const digits = (text) => {
  const whole = /^(\d+|\d{1,3}([. \u00a0]\d{3})+)$/.test(text.trim());
  const plain = text.replace(/[^\d]/g, "");
  return whole && plain.length < 10 ? BigInt(plain) : null;
};

function percent(part, whole) {
  const hundredths = (part * 10000n) / whole;
  const rest = String(hundredths % 100n).padStart(2, "0").replace(/0+$/, "");
  return `${hundredths / 100n}${rest ? "," + rest : ""} %`;
}

function showFigure(figure) {
  const { kind, comparator, threshold, base, total } = figure.dataset;
  const [part, own] = [...figure.querySelectorAll("input")].map((input) => digits(input.value));
  const limit = BigInt(threshold);
  const compare = (a, b) => (comparator === ">=" ? a >= b : comparator === "<=" ? a <= b : a === b);
  const result = figure.querySelector(".figure-result");
  const sign = figure.querySelector(".figure-sign");
  let reached = null;
  result.textContent = "";
  if (part !== null && kind === "count") reached = compare(part, limit);
  if (part !== null && kind === "ratio") {
    const baseInput = base && figure.closest("form").elements[base];
    const whole = baseInput ? digits(baseInput.value) : own !== undefined ? own : total ? digits(total) : null;
    if (whole !== null && whole > 0n) {
      result.textContent = percent(part, whole);
      reached = part > whole ? false : compare(part * 100n, limit * whole);
    }
  }
  // Reaching the figure of a disqualifying case is the bad news.
  if (reached !== null && "case" in figure.dataset) reached = !reached;
  result.className = `figure-result${reached === null ? "" : reached ? " state-ok" : " state-missed"}`;
  sign.textContent = reached === null || "case" in figure.dataset ? "" : reached ? "✓" : "✕";
}

// ---- Saving ----

let outbox = null;
if (sheet && "editable" in sheet.dataset && window.htmx) {
  // From here on the page saves itself; until then its buttons do.
  document.documentElement.classList.add("live");
  outbox = new Outbox({
    key: `tuquan:${document.body.dataset.user}:${sheet.dataset.assessment}:${sheet.dataset.layer}`,
    forms,
    bar: document.getElementById("save-bar"),
    signIn: sheet.dataset.signIn,
    shown: (form) => form.querySelectorAll(".figure").forEach(showFigure),
  });
  for (const form of forms) {
    form.addEventListener("input", (event) => {
      form.querySelectorAll(".figure").forEach(showFigure);
      outbox.changed(form, event.target.type === "radio" ? 0 : 700);
    });
    form.addEventListener("focusout", () => outbox.settle(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      outbox.changed(form, 0);
    });
  }
  // Whole-page steps wait until what was typed has reached the server.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-bulk]") || outbox.empty) return;
    event.preventDefault();
    outbox.whenEmpty(() => event.target.submit());
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-after-saving]");
    if (!link || outbox.empty) return;
    event.preventDefault();
    outbox.whenEmpty(() => window.location.assign(link.href));
  });
}

// ---- What was typed here but never reached the server, on a page that is closed now ----

if (sheet && !("editable" in sheet.dataset)) {
  const key = `tuquan:${document.body.dataset.user}:${sheet.dataset.assessment}:${sheet.dataset.layer}`;
  const kept = JSON.parse(localStorage.getItem(key) || "{}");
  const codes = Object.keys(kept).map((name) => name.replace(/^[a-z]+-/, ""));
  const bar = document.getElementById("save-bar");
  if (codes.length && bar) {
    bar.hidden = false;
    bar.textContent = `Trên máy này còn nội dung chưa gửi được của mục ${codes.join(", ")}; hồ sơ không còn mở để sửa. `;
    const notes = Object.values(kept).map((fields) => fields.note).filter(Boolean);
    if (notes.length) bar.append(`Ghi chú đã nhập: ${notes.map((note) => `“${note}”`).join("; ")}. `);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary";
    button.textContent = "Bỏ nội dung này";
    button.addEventListener("click", () => {
      localStorage.removeItem(key);
      bar.hidden = true;
    });
    bar.append(button);
  }
}

// ---- Evidence: progress while files travel ----

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.max = event.detail.total;
  bar.value = event.detail.loaded;
});
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-autosend]") || !input.files.length) return;
  const limit = Number(sheet.dataset.uploadMax);
  const large = [...input.files].filter((file) => file.size > limit).map((file) => `“${file.name}”`);
  const line = input.closest(".evidence").querySelector(".evidence-problem");
  if (large.length) {
    // Known before a slow line has carried a byte of it.
    line.textContent = `Tệp ${large.join(", ")} lớn hơn ${Math.floor(limit / 1048576)} MB. Nén ảnh hoặc tách tệp rồi thử lại. Nội dung đã nhập vẫn còn.`;
    line.hidden = false;
    input.value = "";
  } else {
    line.hidden = true;
    input.form.requestSubmit();
  }
});
const problems = {
  0: "Chưa có mạng nên chưa thực hiện được. Khi có mạng lại, thử lần nữa.",
  401: "Phiên làm việc đã hết nên chưa thực hiện được. Đăng nhập lại rồi thử lần nữa.",
  403: "Trang đã cũ nên chưa thực hiện được. Tải lại trang rồi thử lần nữa.",
  404: "Không tìm thấy hồ sơ hoặc minh chứng này nữa. Tải lại trang để xem tình trạng.",
  400: "Có quá nhiều tệp trong một lần gửi (tối đa 100). Gửi ít tệp hơn.",
};
const evidenceProblem = (event) => {
  const place = event.target.closest?.(".evidence");
  if (!place) return;
  const line = place.querySelector(".evidence-problem");
  line.textContent = problems[event.detail.xhr.status] || "Máy chủ chưa thực hiện được. Thử lại sau ít phút.";
  line.hidden = false;
  const bar = place.querySelector("progress");
  if (bar) bar.hidden = true;
};
document.addEventListener("htmx:sendError", evidenceProblem);
document.addEventListener("htmx:responseError", evidenceProblem);

// ---- Keyboard ----

const KEYS_OFF = "tuquan:keys-off";
const dialog = document.getElementById("keys");
let current = null;

function go(entry, scroll = true) {
  if (!entry) return;
  current?.classList.remove("current");
  current = entry;
  entry.classList.add("current");
  entry.focus({ preventScroll: true });
  if (scroll) entry.scrollIntoView({ block: "nearest" });
}

const step = (by) => {
  const here = current ? entries.indexOf(current) : by > 0 ? -1 : entries.length;
  go(entries[Math.min(Math.max(here + by, 0), entries.length - 1)]);
};

function nextOpen() {
  const from = current ? entries.indexOf(current) + 1 : 0;
  const order = [...entries.slice(from), ...entries.slice(0, from)];
  go(order.find((entry) => entry.querySelector(".entry-form") && !entry.querySelector(".entry-state")?.dataset.value));
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  u: nextOpen,
  n: () => current?.querySelector("textarea")?.focus(),
  s: () => current?.querySelector(".figure input")?.focus(),
  e: () => {
    const more = current?.querySelector(".evidence details");
    if (more) more.open = true;
    current?.querySelector(".evidence input[type=file]")?.focus();
  },
  "?": () => dialog?.showModal(),
};

const typing = (node) => node.matches("textarea, select, [contenteditable], input:not([type=radio])");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target) && event.target.closest(".entry")) {
    go(event.target.closest(".entry"), false);
    return;
  }
  if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (!dialog || dialog.open || localStorage.getItem(KEYS_OFF)) return;
  const key = event.key.toLowerCase();
  const option = /^[1-3]$/.test(key) && current?.querySelector(`input[name=stated][data-key="${key}"]`);
  if (option) {
    event.preventDefault();
    option.checked = true;
    option.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (actions[key]) {
    event.preventDefault();
    actions[key]();
  }
});

document.addEventListener("focusin", (event) => {
  const entry = event.target.closest?.(".entry");
  if (entry && entry !== current) {
    current?.classList.remove("current");
    current = entry;
    entry.classList.add("current");
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) dialog?.showModal();
  if (event.target.closest("[data-next-open]")) {
    event.preventDefault();
    if (phone.matches && details) details.open = false;
    nextOpen();
  }
  if (event.target.closest(".sheet-nav a") && phone.matches && details) details.open = false;
});
const switcher = document.querySelector("[data-keys-on]");
if (switcher) {
  switcher.checked = !localStorage.getItem(KEYS_OFF);
  switcher.addEventListener("change", () => {
    if (switcher.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });
}
