// The preview's pages come after the page itself. A refusal is shown where the pages would be; where the network
// is missing or the session has ended, a sentence with the way to try again.
const place = document.getElementById("paper-pages");

function say(sentence) {
  place.setAttribute("aria-busy", "false");
  const text = document.createElement("p");
  const again = document.createElement("a");
  again.href = place.dataset.again;
  again.textContent = "Thử lại";
  text.className = "notice notice-warning";
  text.append(`${sentence} `, again);
  place.replaceChildren(text);
}

place?.addEventListener("htmx:beforeSwap", (event) => {
  // Our own sentences carry their state; anything else (a proxy's page) is not put into this one.
  if (event.detail.xhr.getResponseHeader("X-Paper-Problem")) event.detail.shouldSwap = true;
});
place?.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("X-Paper-Problem")) return;
  say(xhr.status === 401 ? "Phiên làm việc đã hết. Đăng nhập lại để xem văn bản." : "Chưa dựng được văn bản.");
});
place?.addEventListener("htmx:sendError", () => say("Chưa có mạng nên chưa tải được các trang của văn bản."));
