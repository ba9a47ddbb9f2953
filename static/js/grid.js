// The agency's grid: brings its parts together. They know each other through `desk`.
import { GridAnswers } from "./grid-answers.js";
import { GridCells } from "./grid-cells.js";
import { GridColumn } from "./grid-columns.js";
import { gridFilters } from "./grid-filters.js";
import { GridMoves } from "./grid-moves.js";
import { GridPanel } from "./grid-panel.js";

const grid = document.getElementById("grid");
if (grid) start();

function start() {
  document.documentElement.classList.add("live");
  const desk = { cells: new GridCells(grid) };
  desk.panel = new GridPanel(desk);
  desk.answers = new GridAnswers(desk);
  desk.moves = new GridMoves(desk);
  desk.column = document.getElementById("column-form") ? new GridColumn(desk) : null;
  desk.showAll = gridFilters({
    grid,
    body: desk.cells.body,
    form: document.querySelector("[data-filters]"),
    line: document.getElementById("shown"),
    after: () => desk.column?.refresh(),
  });
  desk.answers.resume();
}
