// The filters above the grid: the rows are here already, so they answer at once.

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

const fits = (row, { xa, loc, text }) =>
  (!xa || row.dataset.ward === xa) &&
  (!text || plain(row.cells[0].querySelector("a").textContent).includes(text)) &&
  (loc !== "khac" || row.querySelector("td.d")) &&
  (loc !== "chua" || ("todo" in row.dataset && row.querySelector("td.o")));

// The address says what is shown, so that a reload or a link shows the same.
function remember(wanted) {
  const address = new URL(window.location.href);
  for (const [name, value] of Object.entries(wanted)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  window.history.replaceState(null, "", address);
}

// Returns what shows every row again.
export function gridFilters({ grid, body, form, line, after }) {
  const asked = () => Object.fromEntries(new FormData(form));

  function apply() {
    const { xa, loc, tim } = asked();
    const wanted = { xa, loc, text: plain(tim.trim()) };
    const rows = [...body.rows].filter((row) => row.dataset.a);
    rows.forEach((row) => (row.hidden = !fits(row, wanted)));
    const shown = rows.filter((row) => !row.hidden);
    const wards = new Set(shown.map((row) => row.dataset.ward));
    body.querySelectorAll("tr.ward").forEach((row) => (row.hidden = !wards.has(row.dataset.ward)));
    grid.classList.toggle("only-d", loc === "khac");
    line.textContent = shown.length ? `${shown.length} hồ sơ` : "Không có hồ sơ nào khớp bộ lọc.";
    remember({ xa, loc, tim: tim.trim() });
    after();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  const { xa, loc, tim } = asked();
  if (xa || loc || tim) apply();

  return () => {
    form.querySelectorAll("select").forEach((select) => (select.value = ""));
    form.querySelector("#tim").value = "";
    apply();
  };
}
