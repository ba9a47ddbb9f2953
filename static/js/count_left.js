// How many characters are left in a long text, counted as the server counts them.
for (const field of document.querySelectorAll("textarea[data-count-left]")) {
  const most = Number(field.dataset.countLeft);
  const told = document.createElement("p");
  told.className = "small-print count-left";
  told.id = `${field.id}-left`;
  field.after(told);
  const count = () => {
    const left = most - [...field.value.normalize("NFC").trim()].length;
    told.textContent = left < 0 ? `Quá ${(-left).toLocaleString("vi-VN")} ký tự` : `Còn ${left.toLocaleString("vi-VN")} ký tự`;
    told.classList.toggle("state-not_met", left < 0);
  };
  field.addEventListener("input", count);
  count();
}
