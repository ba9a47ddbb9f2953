// Signs, words and colours of the grid's cells, and how it says what is not saved yet.

export const OPTIONS = {
  usual: [["met", "Đạt", "✓", "g"], ["not_met", "Không đạt", "✕", "b"], ["not_applicable", "Không áp dụng", "–", "x"]],
  case: [["absent", "Không xảy ra", "✓", "g"], ["occurs", "Có xảy ra", "✕", "b"]],
};
export const SIGN = { met: "✓", absent: "✓", not_met: "✕", occurs: "✕", not_applicable: "–", "": "○" };
const LOOK = { "✓": "g", "✕": "b", "–": "x", "○": "o" };

// A verdict shown at once, before the server's own look arrives.
export function mark(td, stated, ownSign) {
  const sign = SIGN[stated] ?? "○";
  td.querySelector("b").textContent = sign;
  td.classList.remove("g", "b", "x", "o", "w", "p", "d");
  td.classList.add(LOOK[sign]);
  td.classList.toggle("d", Boolean(stated) && sign !== ownSign);
}

const TROUBLES = {
  offline: "chưa có mạng, đã giữ trên máy này",
  server: "máy chủ chưa lưu được, sẽ tự thử lại",
  signedOut: "phiên làm việc đã hết, đã giữ trên máy này",
};

export function saveLine(line, outbox, signIn, goStuck) {
  const waiting = outbox.count("waiting");
  const stuck = outbox.count("reason", "refused", "conflict", "old");
  const why = TROUBLES[outbox.trouble];
  line.replaceChildren();
  if (waiting && why) line.append(`${waiting} ô chưa gửi: ${why}. `);
  if (waiting && outbox.trouble === "signedOut") {
    const link = document.createElement("a");
    link.href = `${signIn}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
    link.textContent = "Đăng nhập lại để gửi tiếp.";
    line.append(link, " ");
  }
  if (stuck) {
    line.append(`${stuck} ô chưa lưu, cần bạn xem lại.`);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary";
    button.textContent = "Tới ô đó";
    button.addEventListener("click", goStuck);
    line.append(button);
  }
  line.hidden = !line.textContent;
}

// What a person may do with a cell that is not saved: keep the other's answer, save the own one, or give it up.
export function choices(place, item, deeds) {
  place.replaceChildren();
  const add = (text, deed) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary";
    button.textContent = text;
    button.addEventListener("click", deed);
    place.append(button);
  };
  if (item?.theirs) {
    const { by, label, note, at } = item.theirs;
    const words = document.createElement("p");
    words.className = "mb-0";
    words.textContent = `${by} đã ghi “${label}”${note ? `: “${note}”` : ""} (${at}).`;
    place.append(words);
    add("Giữ của họ", deeds.theirs);
    add("Lưu của tôi", deeds.mine);
  } else if (item && item.state !== "waiting") {
    if (item.state === "old") add("Gửi nội dung này", deeds.mine);
    add("Bỏ, giữ kết quả đã lưu", deeds.cancel);
  }
  place.hidden = !place.children.length;
}
