// The verdicts and reasons of the grid: from the panel's form into the outbox, and what comes back.
import { saveLine, SIGN } from "./grid-looks.js";
import { GridOutbox } from "./grid-outbox.js";

const $ = (id) => document.getElementById(id);

export class GridAnswers {
  constructor(desk) {
    this.desk = desk;
    const { cells, panel } = desk;
    this.token = panel.form?.querySelector("[name=csrfmiddlewaretoken]").value;
    const { plan, agency } = cells.grid.dataset;
    this.outbox = cells.editable
      ? new GridOutbox({
          key: `tuquan:grid:${document.body.dataset.user}:${plan}:${agency}`,
          send: (id, item, signal) => this.send(id, item, signal),
          saved: (id, answer) => this.saved(id, answer),
          changed: (id) => this.show(id),
        })
      : null;
    if (panel.form) this.listen();
  }

  listen() {
    const { cells, panel } = this.desk;
    panel.reason.addEventListener("input", () => (panel.dirty = true));
    panel.reason.addEventListener("blur", () => this.handOver());
    panel.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.handOver();
      cells.here?.focus({ preventScroll: true });
    });
    $("verdicts").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.answer(button.dataset.value);
    });
    window.addEventListener("pagehide", () => this.handOver());
  }

  // What an earlier visit could not send comes back and goes out.
  resume() {
    if (!this.outbox) return;
    [...this.outbox.items.keys()].forEach((id) => this.show(id));
    this.outbox.pump();
  }

  unsaved(td) {
    return this.outbox?.get(this.desk.cells.idOf(td));
  }

  // May a whole-column step write here?
  free(td) {
    return this.desk.cells.mayWrite(td) && !this.unsaved(td);
  }

  // ---- Out and back ----

  send(id, item, signal) {
    const { cells } = this.desk;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", this.token);
    data.set("co-quan", cells.grid.dataset.agency);
    data.set("version", item.version);
    data.set("stated", item.stated);
    if (item.note !== null) data.set("note", item.note);
    return fetch(cells.urlOf(id), { method: "POST", body: data, headers: { "HX-Request": "true" }, signal });
  }

  saved(id, { cell, at }) {
    const { cells, panel } = this.desk;
    panel.savedAt.set(id, `Đã lưu ${at}`);
    const td = cells.tdOf(id);
    if (td) this.stored(td, cell);
    else panel.forget(id);
  }

  // The server's new look of a cell; the details of the one in focus are read again.
  stored(td, look) {
    const { cells, panel } = this.desk;
    cells.dress(td, look);
    panel.forget(cells.idOf(td));
    if (td === cells.here) panel.load();
  }

  // What somebody else stored since the page was made is seen now, and may be changed on purpose.
  seen(id, version, stated) {
    const { cells, panel } = this.desk;
    const td = cells.tdOf(id);
    if (!td || version <= cells.version(td) || this.outbox?.get(id)) return;
    td.dataset.v = version;
    cells.state(td, stated);
    panel.showForm();
    this.showState();
  }

  // ---- Showing ----

  show(id) {
    const { cells, panel } = this.desk;
    const td = cells.tdOf(id);
    if (td) {
      cells.cover(td, this.outbox?.get(id));
      if (td === cells.here) panel.showForm();
    }
    this.showState();
  }

  showState() {
    const { cells, moves } = this.desk;
    $("left").textContent = cells.left().length;
    if (this.outbox) saveLine($("save-line"), this.outbox, cells.grid.dataset.signIn, () => moves.goStuck());
  }

  // ---- The person's choices about what is not saved ----

  keepTheirs(id, theirs) {
    const { cells, panel } = this.desk;
    const td = cells.tdOf(id);
    this.outbox.drop(id);
    td.dataset.v = theirs.version;
    panel.forget(id);
    // Their answer in full dress comes with the details.
    cells.state(td, theirs.stated);
    panel.dirty = false;
    panel.reason.value = theirs.note;
    panel.showForm();
    panel.load();
  }

  cancel(id) {
    const { cells, panel } = this.desk;
    panel.dirty = false;
    this.outbox.drop(id);
    panel.reason.value = panel.loaded?.id === id ? panel.loaded.note : "";
    panel.showForm();
    cells.here?.focus({ preventScroll: true });
  }

  // ---- Answering ----

  // A verdict for the cell in focus; without a reason where one is needed it stays here and says so.
  answer(stated) {
    const { cells, panel } = this.desk;
    const td = cells.here;
    if (!td || !cells.mayWrite(td)) return;
    const note = this.noteFor(td, stated);
    panel.dirty = false;
    if (this.lacksReason(td, stated, note)) {
      const same = SIGN[stated] === cells.ownSign(td);
      const message = same ? "Chọn “Không áp dụng” cần ghi lý do." : "Kết quả khác với tự đánh giá: ghi lý do rồi bấm “Lưu ý kiến”.";
      this.put(td, { stated, note: "", state: "reason", message });
      panel.reason.focus();
    } else this.put(td, { stated, note });
  }

  // What was typed, else what waits, else what is stored; an exemption takes the ward's reason over.
  noteFor(td, stated) {
    const { cells, panel } = this.desk;
    const id = cells.idOf(td);
    const loaded = panel.loaded?.id === id ? panel.loaded : null;
    const note = panel.dirty ? panel.reason.value : this.outbox.get(id)?.note ?? loaded?.note ?? null;
    return stated === "not_applicable" && !note && cells.ownSign(td) === "–" && loaded ? loaded.ownNote : note;
  }

  lacksReason(td, stated, note) {
    const differs = SIGN[stated] !== this.desk.cells.ownSign(td);
    return Boolean(stated) && (differs || stated === "not_applicable") && !(note || "").trim();
  }

  put(td, answer) {
    const { cells } = this.desk;
    this.outbox.put(cells.idOf(td), { version: cells.version(td), ...answer });
  }

  // The reason was typed: it goes out with the verdict of the cell.
  handOver() {
    const { cells, panel } = this.desk;
    const td = cells.here;
    if (!panel.dirty || !td || !cells.mayWrite(td)) return;
    panel.dirty = false;
    const item = this.unsaved(td);
    const note = panel.reason.value;
    if (item?.state === "conflict") {
      // The choice between the two answers comes first; the text waits with it.
      this.outbox.set(cells.idOf(td), { ...item, note });
      return;
    }
    const stated = item ? item.stated : this.shown(td);
    if (this.lacksReason(td, stated, note)) {
      this.put(td, { stated, note: "", state: "reason", message: "Kết quả này cần ghi lý do." });
    } else this.put(td, { stated, note });
  }

  // The verdict that the cell shows, "" for none.
  shown(td) {
    const sign = td.querySelector("b").textContent;
    return this.desk.cells.optionsFor(td).find(([, , other]) => other === sign)?.[0] || "";
  }
}
