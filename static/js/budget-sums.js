// The sums of an estimate while it is typed. Whole numbers only (BigInt): quantities count in thousandths. What the
// server computes on saving decides; this only shows it early.
const form = document.querySelector("form[data-budget]");

// "12.500.000", "12 500 000": whole đồng, null for anything else.
export function dong(text) {
  const bare = text.replace(/\s+/g, " ").trim().replace(/\s*(đồng|vnđ|vnd|đ|₫)\.?$/i, "");
  if (!/^(\d+|\d{1,3}([. ])\d{3}(\2\d{3})*|\d{1,3},\d{3}(,\d{3})+)$/.test(bare)) return null;
  return BigInt(bare.replace(/\D/g, ""));
}

// "1,5", "1.5", "1500": thousandths, null for anything else and for what can be read in two ways.
export function thousandths(text) {
  let typed = text.replace(/\s+/g, " ").trim();
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(typed)) return null;
  typed = typed.replace(/^(\d{1,3})\.(\d{3}),(\d+)$/, "$1$2,$3");
  const found = /^(\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?: \d{3})+)(?:[,.](\d+))?$/.exec(typed);
  const part = found && (found[2] || "").replace(/0+$/, "");
  if (!found || part.length > 3) return null;
  return BigInt(found[1].replace(/\D/g, "") + part.padEnd(3, "0"));
}

export const written = (amount) => String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ".");

const SOURCES = ["state_budget", "social", "other"];

function lineOf(item) {
  const value = (name) => item.querySelector(`[name$="-${name}"]`).value;
  const removed = item.querySelector('[name$="-remove"]').checked;
  item.classList.toggle("removed", removed);
  const quantity = thousandths(value("quantity"));
  const price = dong(value("unit_price"));
  const product = quantity === null || price === null ? null : quantity * price;
  const asked = product === null || product % 1000n ? null : product / 1000n;
  const given = SOURCES.map((name) => (value(name).trim() ? dong(value(name)) : 0n));
  const named = SOURCES.some((name) => value(name).trim());
  const sources = named ? given : [asked ?? 0n, 0n, 0n]; // without a source named, all is the State's
  item.querySelector("output").textContent = asked === null ? (product === null ? "" : "không chẵn đồng") : written(asked);
  const off = item.querySelector(".sum-off");
  const left = asked === null || sources.includes(null) ? 0n : asked - sources.reduce((a, b) => a + b, 0n);
  off.textContent = left ? `Các nguồn ${left > 0n ? "còn thiếu" : "thừa"} ${written(left > 0n ? left : -left)} đồng` : "";
  return removed ? null : { asked: asked ?? 0n, sources: sources.map((one) => one ?? 0n) };
}

function show() {
  const lines = [...form.querySelectorAll(".budget-line")].map(lineOf).filter(Boolean);
  const add = (of) => written(lines.reduce((sum, line) => sum + of(line), 0n));
  form.querySelector("[data-sum=asked]").textContent = add((line) => line.asked);
  SOURCES.forEach((name, at) => {
    form.querySelector(`[data-sum=${name}]`).textContent = add((line) => line.sources[at]);
  });
}

if (form) {
  form.querySelector(".budget-sums").hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
