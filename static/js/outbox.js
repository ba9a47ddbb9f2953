// Changes on their way to the server. Each changed form is kept on this machine (localStorage) until the
// server has acknowledged exactly what was typed; forms are sent one after the other, in the order of change.
// Nothing is ever sent that no person changed.

const RETRY = [2000, 5000, 10000, 30000];
const DAY = 24 * 3600 * 1000;
const MESSAGES = {
  saving: "Đang lưu",
  offline: "Chưa có mạng, đã giữ trên máy này",
  server: "Máy chủ chưa lưu được, sẽ tự thử lại",
  signedOut: "Phiên làm việc đã hết; nội dung đã giữ trên máy này",
  stale: "Trang đã cũ; nội dung đã giữ trên máy này",
  refused: "Chưa lưu",
};

export class Outbox {
  constructor({ key, forms, bar, signIn, shown }) {
    Object.assign(this, { key, forms, bar, signIn, shown });
    this.waiting = new Map(); // form -> timer, changed but not yet due
    this.queue = []; // forms to send, in order
    this.blocked = new Set(); // forms the server refused; they wait for the person
    this.sending = null;
    this.attempt = 0;
    this.trouble = "";
    this.afterwards = [];
    this.lost = new Map(); // form -> fields of an answer that may have arrived although nobody said so
    document.addEventListener("htmx:afterRequest", (event) => this.answered(event));
    document.addEventListener("click", (event) => this.choose(event));
    window.addEventListener("online", () => this.retryNow());
    // Somebody renewed what this page lacked, its token for instance.
    window.addEventListener("tuquan:retry", () => this.retryNow());
    window.addEventListener("pagehide", () => this.forms.forEach((form) => this.waiting.has(form) && this.keep(form)));
    // Module scripts run before htmx has looked at the page: what is sent earlier reaches nobody.
    document.addEventListener("DOMContentLoaded", () => this.restore());
  }

  get empty() {
    return !this.waiting.size && !this.queue.length && !this.sending && !this.blocked.size;
  }

  // What a form says; the version it was based on belongs to it.
  read(form) {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken") fields[name] = value;
    return fields;
  }

  same(a, b) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    names.delete("version");
    names.delete("at");
    return [...names].every((name) => (a[name] || "") === (b[name] || ""));
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || "{}");
    } catch {
      return {};
    }
  }

  store(kept) {
    try {
      if (Object.keys(kept).length) localStorage.setItem(this.key, JSON.stringify(kept));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden storage loses only the safety net; the form itself still holds the text.
    }
  }

  keep(form) {
    const fields = { ...this.read(form), at: String(Date.now()) };
    this.store({ ...this.stored(), [form.closest(".entry").dataset.key]: fields });
  }

  forget(form) {
    const kept = this.stored();
    delete kept[form.closest(".entry").dataset.key];
    this.store(kept);
  }

  // A person changed something; send it after `delay` ms of quiet.
  changed(form, delay) {
    this.keep(form);
    this.blocked.delete(form);
    clearTimeout(this.waiting.get(form));
    this.say(form, MESSAGES.saving);
    if (delay) this.waiting.set(form, setTimeout(() => this.due(form), delay));
    else this.due(form);
  }

  // The person left the form: what waits is due now.
  settle(form) {
    if (this.waiting.has(form)) this.due(form);
  }

  due(form) {
    clearTimeout(this.waiting.get(form));
    this.waiting.delete(form);
    if (!this.queue.includes(form)) this.queue.push(form);
    this.pump();
  }

  pump() {
    if (this.sending || this.retryTimer || !this.queue.length) return;
    const form = this.queue.shift();
    this.sending = { form, fields: this.read(form) };
    htmx.trigger(form, "tuquan:save");
  }

  answered(event) {
    const form = this.sending?.form;
    if (!form || event.target !== form) return;
    const { fields } = this.sending;
    this.sending = null;
    const status = event.detail.xhr.status;
    // Not detail.successful: htmx calls every answer that it swaps in a success, refusals too.
    if (status >= 200 && status < 300) this.acknowledged(form, fields);
    else if (status === 0) {
      this.lost.set(form, fields);
      this.later(form, "offline");
    }
    else if (status === 401) this.later(form, "signedOut", false);
    // A token from before the last sign-in: a page kept on this device, or one left open.
    else if (status === 403) this.later(form, "stale", false);
    else if (status >= 500 || status === 429 || status === 408) this.later(form, "server");
    else if (!this.ownAnswer(form)) this.refused(form);
    this.pump();
    if (this.empty) this.afterwards.splice(0).forEach((deed) => deed());
  }

  acknowledged(form, fields) {
    this.attempt = 0;
    this.trouble = "";
    this.blocked.delete(form);
    if (!this.same(fields, this.read(form))) {
      this.say(form, MESSAGES.saving);
      // Typed on while it travelled: the newer text goes next, on top of the new version.
      if (!this.waiting.has(form)) this.due(form);
      this.keep(form);
    } else if (!this.waiting.has(form)) this.forget(form);
    this.showBar();
  }

  // The newer answer is this person's own, whose acknowledgement was lost: go on from it.
  ownAnswer(form) {
    const theirs = form.querySelector(".theirs script");
    const lost = this.lost.get(form);
    if (!theirs || !lost) return false;
    const { layer, ...sent } = lost;
    const stored = JSON.parse(theirs.textContent);
    sent.note = sent.note.normalize("NFC").trim();
    if (!this.same(sent, stored)) return false;
    this.lost.delete(form);
    form.querySelector("[name=version]").value = stored.version;
    form.querySelector(".entry-notice").replaceChildren();
    this.changed(form, 0);
    return true;
  }

  refused(form) {
    // The server answered: whatever held things up before does so no more.
    this.attempt = 0;
    this.trouble = "";
    this.afterwards = [];
    this.blocked.add(form);
    this.say(form, MESSAGES.refused);
    form.querySelector(".entry-notice:empty")?.append("Chưa lưu được mục này. Tải lại trang rồi thử lại; nội dung đã giữ trên máy này.");
    this.showBar();
  }

  later(form, why, again = true) {
    // One entry that the server cannot take must not hold up the others; order matters within an entry only.
    if (why === "server") this.queue.push(form);
    else this.queue.unshift(form);
    this.trouble = why;
    this.afterwards = [];
    this.queue.forEach((waiting) => this.say(waiting, MESSAGES[why]));
    const pause = RETRY[Math.min(this.attempt++, RETRY.length - 1)];
    this.retryTimer = setTimeout(() => this.retryNow(), again ? pause : 3600000);
    this.showBar();
  }

  retryNow() {
    clearTimeout(this.retryTimer);
    this.retryTimer = null;
    this.pump();
  }

  // Do something once everything is saved; not at some later time when it cannot be now.
  whenEmpty(deed) {
    [...this.waiting.keys()].forEach((form) => this.due(form));
    if (this.trouble) {
      this.showBar(`${MESSAGES[this.trouble]}. Bước này thực hiện được khi mọi mục đã lưu.`);
    } else if (!this.blocked.size) {
      this.afterwards = [deed];
    } else {
      [...this.blocked][0].closest(".entry").scrollIntoView({ block: "center" });
      this.showBar("Còn mục chưa lưu được. Xem thông báo tại mục đó trước khi tiếp tục.");
    }
  }

  say(form, text) {
    const state = form.querySelector(".entry-state");
    let place = state?.querySelector(".saved");
    if (state && !place) {
      place = document.createElement("span");
      place.className = "saved";
      state.append(place);
    }
    if (place) place.textContent = text;
  }

  showBar(text) {
    const count = new Set([...this.queue, ...this.waiting.keys(), ...this.blocked]).size;
    this.bar.hidden = !text && (!count || (!this.trouble && !this.blocked.size));
    if (this.bar.hidden) return;
    const why = this.trouble || "refused";
    this.bar.textContent = text || `${MESSAGES[why]}: ${count} mục.`;
    if (!text && (why === "signedOut" || why === "stale")) {
      const link = document.createElement("a");
      const here = window.location.pathname;
      link.href = why === "stale" ? here : `${this.signIn}?next=${encodeURIComponent(here)}`;
      link.textContent = why === "stale" ? " Tải lại trang để lưu tiếp." : " Đăng nhập lại để lưu tiếp.";
      this.bar.append(link);
    }
  }

  fill(form, fields) {
    for (const [name, value] of Object.entries(fields)) {
      if (["layer", "csrfmiddlewaretoken", "at"].includes(name)) continue;
      const inputs = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
      inputs.forEach((input) => {
        if (input.type === "radio") input.checked = input.value === value;
        else input.value = value;
      });
    }
    if (!fields.stated) form.querySelectorAll("[name=stated]").forEach((input) => (input.checked = false));
    this.shown(form);
  }

  // What an earlier visit could not send comes back and goes out, on the version it was based on.
  restore() {
    const kept = this.stored();
    for (const form of this.forms) {
      const fields = kept[form.closest(".entry").dataset.key];
      if (!fields) continue;
      if (this.same(fields, this.read(form))) this.forget(form);
      else {
        this.fill(form, fields);
        if (Date.now() - Number(fields.at || 0) < DAY) this.due(form);
        else this.old(form, fields);
      }
    }
  }

  // Kept for more than a day: shown, but sent only when the person says so.
  old(form, fields) {
    this.blocked.add(form);
    const date = new Date(Number(fields.at || 0)).toLocaleDateString("vi-VN");
    const notice = `Nội dung nhập ngày ${date} trên máy này chưa gửi được. Xem lại rồi bấm Lưu.`;
    form.querySelector(".entry-notice").replaceChildren(notice);
    form.querySelector(".save-button").classList.add("show");
    this.say(form, MESSAGES.refused);
    this.showBar();
  }

  // Somebody else's newer answer stands beside this one: keep theirs, or save mine over it.
  choose(event) {
    const button = event.target.closest("[data-keep-theirs], [data-keep-mine]");
    const form = button?.closest(".entry-form");
    if (!form) return;
    const theirs = JSON.parse(form.querySelector(".theirs script").textContent);
    form.querySelector("[name=version]").value = theirs.version;
    if (button.hasAttribute("data-keep-theirs")) {
      this.fill(form, theirs);
      form.querySelector(".entry-notice").replaceChildren();
    }
    // Sending theirs back changes nothing on the server and brings the fresh state of the page.
    this.changed(form, 0);
  }
}
