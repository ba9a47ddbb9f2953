// What a browser writes into fields by itself, it writes in its own language: an English one shows 11/23/2026, "PM" and
// "Choose File", and officials misread the day. There the fields become ours: the day first, 24 hours, Vietnamese words.
const vietnamese = new Intl.DateTimeFormat().resolvedOptions().locale.startsWith("vi");

const day = (input) => {
  const iso = input.getAttribute("value") || input.value;
  input.type = "text";
  input.placeholder = "ngày/tháng/năm";
  input.maxLength = 10;
  input.inputMode = "numeric";
  input.value = iso.replace(/^(\d+)-(\d+)-(\d+)$/, "$3/$2/$1");
  // Somebody who types the digits alone gets the strokes put in.
  input.addEventListener("change", () => {
    input.value = input.value.trim().replace(/^(\d{2})(\d{2})(\d{4})$/, "$1/$2/$3").replaceAll(/[-.]/g, "/");
  });
};

const hour = (input) => {
  const { value } = input;
  input.type = "text";
  input.placeholder = "giờ:phút";
  input.maxLength = 5;
  input.value = value;
};

const file = (input) => {
  const button = document.createElement("label");
  button.className = "btn btn-outline-secondary own-file-button";
  button.htmlFor = input.id;
  button.textContent = input.multiple ? "Chọn các tệp" : "Chọn tệp";
  const chosen = document.createElement("span");
  chosen.className = "own-file-name";
  chosen.setAttribute("role", "status");
  const tell = () => {
    chosen.textContent = [...input.files].map((one) => one.name).join(", ") || "Chưa chọn tệp nào";
  };
  input.classList.add("own-file");
  input.after(button, chosen);
  input.addEventListener("change", tell);
  tell();
};

const missing = (field) => {
  if (field.type === "file") return "Chọn tệp rồi gửi lại.";
  return ["radio", "select-one"].includes(field.type) ? "Chọn một mục ở đây." : "Điền ô này rồi gửi lại.";
};

if (!vietnamese) {
  document.querySelectorAll("main input[type=date]").forEach(day);
  document.querySelectorAll("main input[type=time]").forEach(hour);
  document.querySelectorAll("main input[type=file].form-control[id]").forEach(file);
  document.addEventListener("invalid", ({ target }) => {
    target.setCustomValidity("");
    if (!target.validity.valid) target.setCustomValidity(target.validity.valueMissing ? missing(target) : "Nội dung ô này chưa đúng, xem lại rồi gửi.");
  }, true);
  document.addEventListener("input", ({ target }) => target.setCustomValidity?.(""), true);
}
