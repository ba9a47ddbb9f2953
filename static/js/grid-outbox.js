// Verdicts of the grid on their way to the server. Each one is kept on this machine (localStorage) until the
// server has acknowledged it, sent one after the other, and never laid over another person's newer answer.
//
// An item: { stated, note, version, at, state, message, theirs, lost }. States:
//   waiting   goes out as soon as it can
//   reason    needs the person's reason first; not sent
//   refused   the server said why not; waits for the person
//   conflict  somebody else's newer answer stands beside it; waits for the choice
//   old       left here more than a day ago; sent only when the person says so

const RETRY = [2000, 5000, 10000, 30000];
const DAY = 24 * 3600 * 1000;
const PATIENCE = 30000;
const trim = (text) => (text || "").normalize("NFC").replace(/\r\n?/g, "\n").trim();

export class GridOutbox {
  constructor({ key, send, changed, saved }) {
    Object.assign(this, { key, send, changed, saved });
    this.items = new Map(Object.entries(this.stored()));
    this.sending = null;
    this.trouble = "";
    this.attempt = 0;
    for (const [id, item] of this.items) {
      if (item.state === "waiting" && Date.now() - item.at > DAY) this.set(id, { ...item, state: "old" });
    }
    window.addEventListener("online", () => this.retryNow());
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || "{}");
    } catch {
      return {};
    }
  }

  // Another tab keeps its own cells under the same key: only this one cell is touched.
  write(id, item) {
    try {
      const all = this.stored();
      if (item) all[id] = item;
      else delete all[id];
      if (Object.keys(all).length) localStorage.setItem(this.key, JSON.stringify(all));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden storage loses only the safety net; the page still holds the answer.
    }
  }

  set(id, item) {
    this.items.set(id, item);
    this.write(id, item);
  }

  get(id) {
    return this.items.get(id);
  }

  // The person answered this cell, having seen `version`.
  put(id, { stated, note, version, state = "waiting", message = "" }) {
    const before = this.items.get(id);
    this.items.delete(id); // to the end of the queue
    this.set(id, { stated, note, version, state, message, at: Date.now(), lost: before?.lost || null });
    this.changed(id);
    this.pump();
  }

  drop(id) {
    this.items.delete(id);
    this.write(id, null);
    this.changed(id);
  }

  // Send again what waits for the person, on the version they have seen by now.
  release(id, version) {
    const item = this.items.get(id);
    this.set(id, { ...item, version: version ?? item.version, state: "waiting", message: "", theirs: null, at: Date.now() });
    this.changed(id);
    this.pump();
  }

  count(...states) {
    return [...this.items.values()].filter((item) => states.includes(item.state)).length;
  }

  first(...states) {
    return [...this.items].find(([, item]) => states.includes(item.state))?.[0];
  }

  async pump() {
    if (this.sending || this.timer) return;
    const id = this.first("waiting");
    if (!id) return;
    const item = this.items.get(id);
    this.sending = id;
    let status = 0;
    let answer = {};
    try {
      const response = await this.send(id, item, AbortSignal.timeout(PATIENCE));
      status = response.status;
      answer = await response.json().catch(() => ({}));
      if (status === 200 && !answer.cell) status = 500;
    } catch {
      status = 0;
    }
    this.sending = null;
    this.answered(id, item, status, answer);
    this.pump();
  }

  answered(id, item, status, answer) {
    const now = this.items.get(id);
    if (status === 200) {
      this.trouble = "";
      this.attempt = 0;
      this.saved(id, answer);
      if (now && now.at === item.at) this.drop(id);
      else if (now) this.set(id, { ...now, version: answer.cell.version, lost: null });
    } else if (status === 0 || status >= 500 || status === 429 || status === 408) {
      if (now) this.set(id, { ...now, lost: { stated: item.stated, note: item.note } });
      this.later(status ? "server" : "offline");
    } else if (status === 401 || status === 403) this.later("signedOut", false);
    else if (now && answer.theirs) this.conflict(id, now, answer);
    else if (now) {
      const message = answer.error || "Chưa lưu được ô này. Tải lại trang rồi thử lại; nội dung đã giữ trên máy này.";
      const state = answer.field === "note" ? "reason" : "refused";
      this.set(id, { ...now, state, message });
    }
    this.changed(id);
  }

  conflict(id, item, { theirs, error }) {
    const lost = item.lost;
    // The newer answer is this person's own, whose acknowledgement was lost: go on from it.
    if (lost && lost.stated === theirs.stated && (lost.note === null || trim(lost.note) === theirs.note)) {
      this.set(id, { ...item, version: theirs.version, lost: null, state: "waiting" });
    } else this.set(id, { ...item, state: "conflict", message: error, theirs });
  }

  later(why, again = true) {
    this.trouble = why;
    const pause = RETRY[Math.min(this.attempt++, RETRY.length - 1)];
    this.timer = setTimeout(() => this.retryNow(), again ? pause : 3600000);
  }

  retryNow() {
    clearTimeout(this.timer);
    this.timer = null;
    this.pump();
  }
}
