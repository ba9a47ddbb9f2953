// The cells of the agency's grid: where they are, what may be said in them, how they look.
// A cell's id is "<assessment>:<entry key>".
import { mark, OPTIONS } from "./grid-looks.js";

export class GridCells {
  constructor(grid) {
    this.grid = grid;
    this.editable = "editable" in grid.dataset;
    this.heads = [...grid.tHead.rows[0].cells];
    this.body = grid.tBodies[0];
    this.helping = new Set(this.heads.flatMap((head, at) => ("helps" in head.dataset ? [at] : [])));
    this.original = new Map(); // id -> look that the server gave, while something waits on top of it
    this.here = null; // the cell in focus
  }

  // ---- Where they are ----

  headOf(td) {
    return this.heads[td.cellIndex];
  }

  idOf(td) {
    return `${td.parentElement.dataset.a}:${this.headOf(td).dataset.key}`;
  }

  rowOf(pk) {
    return this.body.querySelector(`tr[data-a="${CSS.escape(pk)}"]`);
  }

  columnOf(key) {
    return this.heads.findIndex((head) => head.dataset.key === key);
  }

  tdOf(id) {
    const [pk, key] = id.split(":");
    const at = this.columnOf(key);
    return at < 0 ? null : this.rowOf(pk)?.cells[at] || null;
  }

  urlOf(id) {
    const [pk, key] = id.split(":");
    const { cell, agency } = this.grid.dataset;
    const path = cell.replace("/0/", `/${pk}/`).replace("KEY", encodeURIComponent(key));
    return `${path}?co-quan=${encodeURIComponent(agency)}`;
  }

  // Rows of dossiers that the filters leave.
  shownRows() {
    return [...this.body.rows].filter((row) => row.dataset.a && !row.hidden);
  }

  // Cells the agency answers for that have no verdict yet.
  left() {
    return [...this.body.querySelectorAll("tr[data-todo] td.o")].filter((td) => !this.helping.has(td.cellIndex));
  }

  nameOf(row) {
    return row.cells[0].querySelector("a").textContent;
  }

  wardOf(row) {
    const head = this.body.querySelector(`tr.ward[data-ward="${row.dataset.ward}"]`);
    return head ? head.textContent.trim() : "";
  }

  // ---- What may be said in them ----

  mayWrite(td) {
    return this.editable && "write" in td.parentElement.dataset;
  }

  ownSign(td) {
    return td.querySelector("i").textContent;
  }

  version(td) {
    return Number(td.dataset.v || 0);
  }

  optionsFor(td) {
    const head = this.headOf(td);
    const exempt = (head.dataset.exempt || "").split(" ");
    const may = exempt.includes("*") || exempt.includes(td.parentElement.dataset.kind);
    return "case" in head.dataset ? OPTIONS.case : OPTIONS.usual.filter(([value]) => value !== "not_applicable" || may);
  }

  labelOf(td, value) {
    return this.optionsFor(td).find(([said]) => said === value)?.[1] || "Chưa thẩm định";
  }

  // ---- How they look ----

  // The server's own look, which ends whatever waited on top of it.
  dress(td, look) {
    this.original.delete(this.idOf(td));
    td.className = look.class + (td === this.here ? " here" : "");
    td.setAttribute("aria-label", look.words);
    td.innerHTML = look.html; // made by the server of constant signs
    if (look.version) td.dataset.v = look.version;
  }

  // A verdict known here before the server's look arrives.
  state(td, stated) {
    mark(td, stated, this.ownSign(td));
    td.setAttribute("aria-label", this.labelOf(td, stated));
  }

  // An answer that is not saved yet lies over the cell; without one the server's look comes back.
  cover(td, item) {
    const id = this.idOf(td);
    if (item) {
      if (!this.original.has(id)) {
        const bare = td.className.replace(/ ?\b(here|w|p)\b/g, "");
        this.original.set(id, { class: bare, words: td.getAttribute("aria-label"), html: td.innerHTML });
      }
      const waiting = item.state === "waiting";
      this.state(td, item.stated);
      td.classList.add(waiting ? "w" : "p");
      td.setAttribute("aria-label", `${td.getAttribute("aria-label")}, ${waiting ? "chưa gửi" : "chưa lưu, cần xem lại"}`);
    } else if (this.original.has(id)) this.dress(td, this.original.get(id));
  }
}
