// "Lên" and "Xuống" on the lines of an estimate. The number field of each line decides on saving and works without
// this: here two lines change places and their numbers with them, and whatever is typed goes along.
const list = document.querySelector("form[data-budget] .budget-lines");
const TEXTS = ["content", "measure", "quantity", "unit_price", "state_budget", "social", "other"];

const field = (item, name) => item.querySelector(`[name$="-${name}"]`);
const number = (item) => (/^\d+$/.test(field(item, "position").value.trim()) ? Number(field(item, "position").value) : null);
const filled = (item) => TEXTS.some((name) => field(item, name).value.trim());
const lines = () => [...list.children].filter(filled);

// As they will be saved: by number, a line without one after the line before it (forms/year/budget.py, written).
function inOrder(items) {
  let last = 0;
  const placed = items.map((item, at) => [(last = number(item) ?? last), at, item]);
  return placed.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , item]) => item);
}

// The numbers stay where they are on the page, as long as they count upwards.
function slots(items) {
  const numbers = items.map(number);
  const upwards = numbers.every((one, at) => one !== null && (!at || numbers[at - 1] < one));
  return upwards ? numbers : items.map((_, at) => at + 1);
}

function name(item) {
  const content = field(item, "content").value.trim().replace(/\s+/g, " ");
  return content ? `“${content.length > 60 ? `${content.slice(0, 60)}…` : content}”` : "dòng chưa có nội dung";
}

function button(step, word) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-outline-secondary";
  made.dataset.move = step;
  made.append(word);
  const about = document.createElement("span");
  about.className = "visually-hidden";
  made.append(about);
  return made;
}

// Which way each line can go; a button that leads nowhere stays in reach of the keyboard and says so.
function show() {
  const found = lines();
  for (const item of list.children) {
    const at = found.indexOf(item);
    item.querySelector(".line-moves").hidden = at < 0;
    for (const one of item.querySelectorAll("[data-move]")) {
      one.setAttribute("aria-disabled", String(!found[at + Number(one.dataset.move)]));
      one.querySelector(".visually-hidden").textContent = ` dòng ${at + 1}: ${name(item)}`;
    }
  }
}

function move(pressed) {
  const item = pressed.closest(".budget-line");
  const found = lines();
  const at = found.indexOf(item);
  const step = Number(pressed.dataset.move);
  const other = found[at + step];
  if (!other) {
    said.textContent = `${name(item)} đã ở ${step < 0 ? "đầu" : "cuối"} danh sách.`;
    return;
  }
  const numbers = slots(found);
  // The other line is moved, so that the pressed button keeps the focus.
  if (step < 0) item.after(other);
  else item.before(other);
  lines().forEach((line, slot) => (field(line, "position").value = numbers[slot]));
  item.closest("form").dispatchEvent(new Event("input")); // kept as a draft, summed up anew
  show();
  item.scrollIntoView({ block: "nearest" });
  said.textContent = `Đã chuyển ${name(item)} ${step < 0 ? "lên" : "xuống"} vị trí ${at + step + 1}/${found.length}.`;
}

const said = document.createElement("p");
if (list) {
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  list.after(said);
  for (const item of list.children) {
    const moves = document.createElement("span");
    moves.className = "line-moves";
    moves.append(button(-1, "Lên"), button(1, "Xuống"));
    item.querySelector(".budget-line-foot").prepend(moves);
  }
  // After a refusal, or from a draft: the page comes in the order in which it was sent.
  const found = lines();
  const wanted = inOrder(found);
  if (wanted.some((item, at) => item !== found[at])) list.prepend(...wanted);
  list.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-move]");
    if (pressed) move(pressed);
  });
  list.closest("form").addEventListener("input", show);
  show();
}
