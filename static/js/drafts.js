// What was typed into a long form outlives a session that ends meanwhile: kept in this tab until it was sent.
const SENT = "tuquan:sent";
const form = document.querySelector("form[data-draft]");
const key = `tuquan:draft:${document.body.dataset.user}:${window.location.pathname}`;

// The page after a sent form is another one when it was taken, and the same one when it was not; a form that comes
// back to be gone on with says that it was taken (data-draft="saved").
const sent = sessionStorage.getItem(SENT);
if (sent) {
  sessionStorage.removeItem(SENT);
  if (sent !== key || form?.dataset.draft === "saved") sessionStorage.removeItem(sent);
}

if (form) {
  const fields = () => [...form.elements].filter((field) => field.name && !["hidden", "submit", "file"].includes(field.type));
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  // After a refusal the server has filled the form in already.
  if (kept && form.dataset.draft !== "bound") {
    for (const field of fields()) {
      if (["checkbox", "radio"].includes(field.type)) field.checked = (kept[field.name] || []).includes(field.value);
      else if (kept[field.name]) field.value = kept[field.name][0];
    }
    const note = document.createElement("p");
    note.className = "notice";
    note.setAttribute("role", "status");
    note.textContent = "Đã điền lại nội dung nhập dở trước đó.";
    form.prepend(note);
  }
  form.addEventListener("input", () => {
    const typed = {};
    for (const field of fields()) {
      const said = !["checkbox", "radio"].includes(field.type) || field.checked;
      if (said) (typed[field.name] ||= []).push(field.value);
    }
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
}
