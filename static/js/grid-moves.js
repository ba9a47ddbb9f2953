// Moving about in the grid by key and by click: one listener each for all cells.

const $ = (id) => document.getElementById(id);
const modified = (event) => event.ctrlKey || event.altKey || event.metaKey;

export class GridMoves {
  constructor(desk) {
    this.desk = desk;
    const { cells, panel } = desk;
    this.keys = {
      ArrowUp: () => this.move(-1, 0),
      ArrowDown: () => this.move(1, 0),
      ArrowLeft: () => this.move(0, -1),
      ArrowRight: () => this.move(0, 1),
      Home: () => this.move(0, -cells.heads.length),
      End: () => this.move(0, cells.heads.length),
      PageUp: () => this.move(-10, 0),
      PageDown: () => this.move(10, 0),
      n: () => panel.form && !panel.form.hidden && panel.reason.focus(),
      e: () => $("panel-evidence")?.focus(),
      u: () => this.nextOpen(),
      "?": () => this.showKeys(),
    };
    cells.grid.addEventListener("keydown", (event) => this.gridKey(event));
    panel.place.addEventListener("keydown", (event) => this.panelKey(event));
    document.addEventListener("keydown", (event) => this.pageKey(event));
    cells.grid.addEventListener("click", (event) => this.gridClick(event));
    document.addEventListener("click", (event) => this.pageClick(event));
  }

  // ---- From cell to cell ----

  go(td, scroll = true) {
    if (!td) return;
    const { cells, panel } = this.desk;
    if (cells.here !== td) {
      this.leave();
      cells.here = td;
      td.classList.add("here");
      if (this.stop) this.stop.tabIndex = -1;
      this.stop = td; // the one cell that Tab reaches
      td.tabIndex = 0;
      panel.open();
    }
    td.focus({ preventScroll: true });
    if (scroll) td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // No cell is in focus any more; what was typed for it is handed over.
  leave() {
    const { cells, answers } = this.desk;
    answers.handOver();
    cells.here?.classList.remove("here");
    cells.here = null;
  }

  move(down, right) {
    const { cells } = this.desk;
    const list = cells.shownRows();
    const at = list.indexOf(cells.here.parentElement);
    const row = list[Math.min(Math.max(at + down, 0), list.length - 1)];
    const column = Math.min(Math.max(cells.here.cellIndex + right, 1), cells.heads.length - 1);
    if (row) this.go(row.cells[column]);
  }

  nextOpen() {
    const { cells } = this.desk;
    const open = cells.left().filter((td) => !td.parentElement.hidden);
    const follows = (td) => cells.here.compareDocumentPosition(td) & Node.DOCUMENT_POSITION_FOLLOWING;
    this.go((cells.here && open.find(follows)) || open[0]);
  }

  // To the first cell that waits for the person.
  goStuck() {
    const { cells, answers, showAll } = this.desk;
    const id = answers.outbox.first("reason", "conflict", "refused", "old");
    if (!id) return;
    const td = cells.tdOf(id);
    if (td) {
      if (td.parentElement.hidden) showAll();
      this.go(td);
      return;
    }
    // The dossier is no longer on this page: nothing to show but what was kept.
    const item = answers.outbox.get(id);
    const kept = `Ô ${id.split(":")[1]} của hồ sơ không còn trong bảng: ${item.note || item.stated || "không có nội dung"}. Bỏ nội dung này?`;
    if (window.confirm(kept)) answers.outbox.drop(id);
  }

  showKeys() {
    $("keys")?.showModal();
  }

  // ---- Keys ----

  gridKey(event) {
    const { cells, answers } = this.desk;
    const td = event.target.closest("td");
    if (!td || modified(event) || event.isComposing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const option = /^[1-3]$/.test(key) && cells.mayWrite(td) && cells.optionsFor(td)[Number(key) - 1];
    if (option) answers.answer(option[0]);
    else if (this.keys[key]) this.keys[key]();
    else return;
    event.preventDefault();
  }

  panelKey(event) {
    const { cells, panel } = this.desk;
    if (event.key === "Escape" && cells.here) cells.here.focus({ preventScroll: true });
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === panel.reason) panel.form.requestSubmit();
  }

  // Keys that also work before a cell is in focus.
  pageKey(event) {
    const { cells } = this.desk;
    const free = event.target === document.body || event.target.id === "grid-wrap";
    if (!free || modified(event)) return;
    const first = cells.shownRows()[0];
    if (event.key === "?") this.showKeys();
    else if (event.key.toLowerCase() === "u") this.nextOpen();
    else if (event.key.startsWith("Arrow") && !cells.here && first) this.go(first.cells[1]);
    else return;
    event.preventDefault();
  }

  // ---- Clicks ----

  gridClick(event) {
    const td = event.target.closest("td");
    if (td) this.go(td);
    const button = event.target.closest(".col-button");
    if (!button) return;
    this.leave();
    this.desk.column?.open(button.closest("th"));
  }

  pageClick(event) {
    if (event.target.closest("[data-show-keys]")) this.showKeys();
    if (!event.target.closest("[data-close-panel]")) return;
    const { cells, panel } = this.desk;
    const before = cells.here;
    this.leave();
    panel.hide();
    before?.focus({ preventScroll: true });
  }
}
