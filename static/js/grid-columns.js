// Whole-column steps of the grid: sent in parts, each dossier answered for itself, taken back as a whole.

const PART = 50;
const MOST_LINES = 20;
const UNREACHED = "Chưa có mạng hoặc máy chủ chưa trả lời";
const CHOICES = { self: "Theo tự đánh giá", met: ["Đạt", "Không xảy ra"], not_met: ["Không đạt", "Có xảy ra"] };
const SIGN = { met: "✓", not_met: "✕" };
const $ = (id) => document.getElementById(id);
const nameOf = (th) => th.querySelector("button").textContent;
const batchCode = () =>
  crypto.randomUUID ? crypto.randomUUID() : `${Date.now().toString(16)}-${Math.random().toString(16).slice(2, 12)}`;

export class GridColumn {
  constructor(desk) {
    this.desk = desk;
    this.form = $("column-form");
    this.reason = $("column-reason");
    this.message = $("column-message");
    this.progress = $("column-progress");
    this.skippedList = $("column-skipped");
    this.undoBar = $("undo-bar");
    this.head = null;
    this.busy = false;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-choice]");
      if (button) this.run(button.dataset.choice);
    });
    this.undoBar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-undo]");
      if (button?.dataset.undo) this.undo(button);
    });
  }

  // ---- What the column holds ----

  shown() {
    const { cells } = this.desk;
    const at = cells.heads.indexOf(this.head);
    return cells.shownRows().map((row) => row.cells[at]);
  }

  undone() {
    return this.shown().filter((td) => td.classList.contains("o") && this.desk.answers.free(td));
  }

  label(choice) {
    const words = CHOICES[choice];
    return typeof words === "string" ? words : words["case" in this.head.dataset ? 1 : 0];
  }

  // ---- Showing ----

  open(th) {
    this.head = th;
    this.desk.panel.openColumn(nameOf(th), th.title);
    this.desk.cells.heads.forEach((other) => other.querySelector("button")?.setAttribute("aria-pressed", String(other === th)));
    this.reason.value = "";
    this.skippedList.hidden = this.progress.hidden = true;
    this.say("");
    this.refresh();
  }

  refresh() {
    if (!this.head || this.form.hidden) return;
    const shown = this.shown();
    const left = this.undone().length;
    const differing = shown.filter((td) => td.classList.contains("d")).length;
    $("column-counts").textContent = `Đang hiện ${shown.length} hồ sơ: ${left} ô chưa thẩm định, ${differing} ô khác tự đánh giá.`;
    for (const button of $("column-actions").querySelectorAll("button")) {
      button.textContent = `${this.label(button.dataset.choice)}: ${left} ô`;
      button.disabled = this.busy || !left;
    }
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  tell(skipped) {
    const lines = skipped.slice(0, MOST_LINES).map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    });
    this.skippedList.replaceChildren(...lines);
    if (skipped.length > MOST_LINES) this.skippedList.append(`và ${skipped.length - MOST_LINES} hồ sơ khác.`);
    this.skippedList.hidden = !skipped.length;
  }

  offerUndo(batch, text) {
    this.undoBar.hidden = false;
    this.undoBar.querySelector("span").textContent = text;
    const button = this.undoBar.querySelector("button");
    button.dataset.undo = batch;
    button.hidden = false;
  }

  // ---- To the server and back ----

  // The server's answer, or { error } in words.
  async post(url, fields) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", this.desk.answers.token);
    data.set("co-quan", this.desk.cells.grid.dataset.agency);
    for (const [name, value] of fields) data.append(name, value);
    try {
      const response = await fetch(url, { method: "POST", body: data, headers: { "HX-Request": "true" } });
      const answer = await response.json().catch(() => ({}));
      if (response.status === 401 || response.status === 403) return { error: "Phiên làm việc đã hết. Tải lại trang, đăng nhập rồi làm tiếp." };
      if (!response.ok && !answer.error) return { error: UNREACHED };
      return answer;
    } catch {
      return { error: UNREACHED };
    }
  }

  // Show what became of each dossier; the sentences of those that were left as they are.
  take(outcomes, at) {
    const { cells, answers } = this.desk;
    const skipped = [];
    for (const { id, saved, why, cell } of outcomes) {
      const row = cells.rowOf(String(id));
      if (row && cell) answers.stored(row.cells[at], cell);
      if (!saved) skipped.push(`${row ? cells.nameOf(row) : id}: ${why}`);
    }
    answers.showState();
    return skipped;
  }

  async run(choice) {
    const todo = this.undone();
    if (this.busy || !todo.length) return;
    const text = this.reason.value.trim();
    if (this.lacksReason(choice, todo, text)) return;
    this.say("");
    this.begin(todo.length);
    const [batch, words, name] = [batchCode(), this.label(choice), nameOf(this.head)];
    const { skipped, problem } = await this.sendParts(todo, [["choice", choice], ["reason", text], ["batch", batch]]);
    const done = this.progress.value - skipped.length;
    this.busy = false;
    this.progress.hidden = true;
    this.tell(skipped);
    if (problem) this.say(`${problem}. Đã ghi ${done}/${todo.length} ô; bấm lại để ghi tiếp các ô còn lại.`);
    if (done > 0) this.offerUndo(batch, `Đã ghi “${words}” cột ${name}, ${done} hồ sơ.`);
    this.refresh();
  }

  lacksReason(choice, todo, text) {
    const differing = choice === "self" ? [] : todo.filter((td) => this.desk.cells.ownSign(td) !== SIGN[choice]);
    if (!differing.length || text) return false;
    this.say(`${differing.length} ô khác với tự đánh giá nên cần ghi lý do trước.`);
    this.reason.focus();
    return true;
  }

  begin(number) {
    this.busy = true;
    this.progress.hidden = false;
    this.progress.max = number;
    this.progress.value = 0;
    this.refresh();
  }

  async sendParts(todo, fields) {
    const { cells } = this.desk;
    const at = cells.heads.indexOf(this.head);
    const url = cells.grid.dataset.column.replace("KEY", encodeURIComponent(this.head.dataset.key));
    let skipped = [];
    for (let from = 0; from < todo.length; from += PART) {
      const part = todo.slice(from, from + PART).map((td) => ["assessment", td.parentElement.dataset.a]);
      const answer = await this.post(url, [...fields, ...part]);
      if (answer.error) return { skipped, problem: answer.error };
      skipped = skipped.concat(this.take(answer.outcomes, at));
      this.progress.value = from + part.length;
    }
    return { skipped, problem: "" };
  }

  // ---- Taking back ----

  async undo(button) {
    if (this.busy) return;
    this.busy = true;
    button.disabled = true;
    const { kept, problem } = await this.takeBack(button.dataset.undo);
    this.busy = false;
    button.disabled = false;
    button.hidden = !problem.startsWith(UNREACHED);
    const rest = kept.length ? ` ${kept.length} ô giữ nguyên vì đã được sửa sau đó.` : "";
    this.undoBar.querySelector("span").textContent = problem || `Đã hoàn tác.${rest}`;
    this.refresh();
  }

  async takeBack(batch) {
    const { cells } = this.desk;
    let kept = [];
    let before = 0;
    do {
      const answer = await this.post(cells.grid.dataset.undo, [["batch", batch], ["before", before]]);
      if (answer.error) return { kept, problem: answer.error };
      const at = cells.columnOf(answer.key);
      if (at > 0) kept = kept.concat(this.take(answer.outcomes, at));
      before = answer.next;
    } while (before);
    return { kept, problem: "" };
  }
}
