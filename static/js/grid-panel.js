// The panel beside the grid: what is known of the cell in focus, and the form for its verdict.
import { choices } from "./grid-looks.js";

const PAUSE = 150;
const $ = (id) => document.getElementById(id);

export class GridPanel {
  constructor(desk) {
    this.desk = desk;
    this.place = $("panel");
    this.columns = document.querySelector(".grid-columns");
    this.form = $("cell-form");
    this.reason = $("reason");
    this.columnForm = $("column-form");
    this.dirty = false; // the reason was typed and not handed over yet
    this.loaded = null; // { id, note, ownNote, stated } of the details shown
    this.details = new Map(); // id -> html already fetched
    this.savedAt = new Map(); // id -> when it was saved, in words
  }

  // ---- Opening and closing ----

  show() {
    this.place.hidden = false;
    this.columns.classList.add("with-panel");
  }

  hide() {
    this.place.hidden = true;
    this.columns.classList.remove("with-panel");
  }

  // For the cell in focus.
  open() {
    const { cells, answers } = this.desk;
    const td = cells.here;
    this.show();
    if (this.columnForm) this.columnForm.hidden = true;
    cells.heads.forEach((head) => head.querySelector("button")?.removeAttribute("aria-pressed"));
    $("panel-unit").textContent = `${cells.nameOf(td.parentElement)}, ${cells.wardOf(td.parentElement)}`;
    $("panel-text").textContent = cells.headOf(td).title;
    this.loaded = null;
    if (this.reason) this.reason.value = answers.unsaved(td)?.note || "";
    this.dirty = false;
    this.showForm();
    this.load();
  }

  // For a whole column: its own form takes the cell's place.
  openColumn(name, text) {
    this.show();
    this.form.hidden = true;
    $("panel-body").replaceChildren();
    this.columnForm.hidden = false;
    $("panel-unit").textContent = `Cả cột ${name}`;
    $("panel-text").textContent = text;
  }

  // ---- What is known ----

  isHere(id) {
    const { cells } = this.desk;
    return cells.here !== null && cells.idOf(cells.here) === id;
  }

  load() {
    const { cells } = this.desk;
    const id = cells.idOf(cells.here);
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.details.has(id)) {
      this.fill(id, this.details.get(id));
      return;
    }
    $("panel-body").replaceChildren();
    // Whoever runs over the cells with the arrow keys asks for none of them.
    this.timer = setTimeout(() => this.ask(id), PAUSE);
  }

  async ask(id) {
    this.request = new AbortController();
    try {
      const response = await fetch(this.desk.cells.urlOf(id), { headers: { "HX-Request": "true" }, signal: this.request.signal });
      if (!response.ok) throw new Error(response.status);
      const html = await response.text();
      this.details.set(id, html);
      if (this.isHere(id)) this.fill(id, html);
    } catch (error) {
      if (error.name === "AbortError" || !this.isHere(id)) return;
      $("panel-body").textContent = "Chưa xem được chi tiết (chưa có mạng hoặc phiên làm việc đã hết). Vẫn ghi được kết quả; nội dung được giữ trên máy này.";
    }
  }

  fill(id, html) {
    $("panel-body").innerHTML = html; // a fragment of our own server, escaped there
    const facts = $("panel-body").firstElementChild;
    $("panel-text").textContent = facts.querySelector("[data-text]").dataset.text;
    this.loaded = { id, note: facts.dataset.note, ownNote: facts.dataset.ownNote, stated: facts.dataset.stated };
    const { answers } = this.desk;
    answers.seen(id, Number(facts.dataset.version), this.loaded.stated);
    if (this.reason && !this.dirty && !answers.outbox.get(id)) this.reason.value = this.loaded.note;
  }

  // What is known of the cell is out of date.
  forget(id) {
    this.details.delete(id);
  }

  // ---- The form ----

  showForm() {
    const { cells, answers } = this.desk;
    const td = cells.here;
    if (!this.form || !td) return;
    const id = cells.idOf(td);
    const item = answers.outbox.get(id);
    this.form.hidden = !cells.mayWrite(td);
    this.showVerdicts(td);
    $("panel-message").textContent = item?.message || "";
    $("panel-message").hidden = !item?.message;
    choices($("panel-choice"), item, {
      theirs: () => answers.keepTheirs(id, item.theirs),
      mine: () => answers.outbox.release(id, item.theirs?.version),
      cancel: () => answers.cancel(id),
    });
    $("panel-saved").textContent = this.savedWords(id, item);
  }

  savedWords(id, item) {
    if (!item) return this.savedAt.get(id) || "";
    if (item.state !== "waiting") return "Chưa lưu";
    return this.desk.answers.outbox.trouble ? "Chưa gửi" : "Đang lưu";
  }

  showVerdicts(td) {
    const shown = td.querySelector("b").textContent;
    const buttons = this.desk.cells.optionsFor(td).map(([value, label, sign, look], at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = look;
      button.dataset.value = value;
      button.setAttribute("aria-pressed", String(sign === shown));
      button.textContent = `${sign} ${label}`;
      button.title = `Phím ${at + 1}`;
      return button;
    });
    $("verdicts").replaceChildren(...buttons);
  }
}
