// What was typed into a long form outlives a session that ends meanwhile: kept in this tab until it was sent.
const SENT = "tuquan:sent";
const form = document.querySelector("form[data-draft]");
const key = `tuquan:typed:${document.body.dataset.user}:${window.location.pathname}`;

// What page of the record somebody typed on: its version, and what stood in the fields that are compared one by one.
const seenOf = () => Object.fromEntries(
  [...form.querySelectorAll("input[type=hidden]")]
    .filter(({ name }) => /^(version|seen)/.test(name)).map(({ name, value }) => [name, value]),
);

// The page after a sent form is another one when it was taken, or says so; it is the same one when it was not.
const sent = sessionStorage.getItem(SENT);
if (sent) {
  sessionStorage.removeItem(SENT);
  if (sent !== key || document.querySelector(".messages .notice-success")) sessionStorage.removeItem(sent);
}

if (form) {
  const fields = () => [...form.elements].filter((field) => field.name && !["hidden", "submit", "file"].includes(field.type));
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  let seen = seenOf();
  // After a refusal the server has filled the form in already.
  if (kept && form.dataset.draft !== "bound") {
    for (const field of fields()) {
      const values = kept.typed[field.name];
      if (["checkbox", "radio"].includes(field.type)) field.checked = (values || []).includes(field.value);
      else if (values) field.value = values[0];
    }
    // With the version it was typed on: what somebody else saved meanwhile is not overwritten, the server says so.
    for (const [name, value] of Object.entries(kept.seen)) {
      const field = form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
      if (field) field.value = value;
    }
    const changed = Object.entries(kept.seen).some(([name, value]) => name in seen && seen[name] !== value);
    seen = { ...seen, ...kept.seen };
    const note = document.createElement("p");
    note.className = "notice";
    note.setAttribute("role", "status");
    note.textContent = "Đã điền lại nội dung nhập dở trước đó.";
    if (changed) {
      note.textContent = "Nội dung ở trang này đã được sửa sau khi bạn nhập. Phần bạn nhập dở được điền lại để đối chiếu, chưa lưu được. ";
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn-sm btn-outline-secondary";
      drop.textContent = "Bỏ phần nhập dở, xem bản mới";
      drop.addEventListener("click", () => {
        sessionStorage.removeItem(key);
        window.location.reload();
      });
      note.append(drop);
    }
    form.prepend(note);
  }
  form.addEventListener("input", () => {
    const typed = {};
    for (const field of fields()) {
      const said = !["checkbox", "radio"].includes(field.type) || field.checked;
      if (said) (typed[field.name] ||= []).push(field.value);
    }
    sessionStorage.setItem(key, JSON.stringify({ typed, seen }));
  });
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
}
