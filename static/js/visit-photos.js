// Photographs of a visit: reduced here, kept until the server has them, sent one after the other.
import * as store from "./photo-store.js";

const LONGEST = 1600;
const QUALITY = 0.8;
const RETRY = [3000, 10000, 30000, 60000];
const user = document.body.dataset.user;
const sheet = document.querySelector("[data-sheet]");
const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`);
const STATES = {
  waiting: "chờ gửi",
  sending: "đang gửi",
  offline: "chưa có mạng, đã giữ trên máy này",
  server: "máy chủ chưa nhận được, sẽ tự gửi lại",
  signedOut: "phiên làm việc đã hết; đăng nhập lại để gửi",
  stale: "trang đã cũ; tải lại trang để gửi",
};

let photos = [];
let sending = false;
let attempt = 0;
let timer = null;

const entryOf = (key) => document.querySelector(`.entry[data-key="${CSS.escape(key)}"]`);
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// ---- Reducing ----

async function drawn(source, longest, quality) {
  const scale = Math.min(1, longest / Math.max(source.width, source.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(source.width * scale));
  canvas.height = Math.max(1, Math.round(source.height * scale));
  const pen = canvas.getContext("2d");
  // What is transparent becomes paper, not black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return quality === null ? canvas.toDataURL("image/jpeg", 0.6) : new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
}

const stamp = (date) => {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}.${two(date.getMinutes())}.${two(date.getSeconds())}`;
};

async function digest(blob) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function add(place, file) {
  const key = place.closest(".entry").dataset.key;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    complain(place, `Không đọc được ảnh “${file.name}”. Gửi tệp này bằng “+ Minh chứng”.`);
    return;
  }
  const blob = await drawn(picture, LONGEST, QUALITY);
  const thumb = await drawn(picture, 160, null);
  picture.close();
  const id = `${sheet.dataset.assessment}:${key}:${await digest(blob)}`;
  if (photos.some((photo) => photo.id === id)) {
    complain(place, `Ảnh “${file.name}” đã có ở mục này, không thêm lần nữa.`);
    return;
  }
  const name = `${sheet.dataset.unit} mục ${place.dataset.code} ${stamp(new Date())}.jpg`;
  const photo = { id, user, assessment: sheet.dataset.assessment, key, name, blob, thumb, before: file.size, after: blob.size, at: Date.now(), state: "waiting" };
  try {
    await store.put(photo);
  } catch {
    complain(place, `Máy này không còn chỗ để giữ ảnh “${file.name}”. Xóa bớt tệp trên máy rồi chụp lại.`);
    return;
  }
  photos.push(photo);
  show(photo);
}

// ---- Showing ----

function complain(place, text) {
  const line = document.createElement("li");
  line.className = "photo-problem state-not_met";
  line.textContent = text;
  place.querySelector(".photo-list").append(line);
}

function show(photo) {
  const list = entryOf(photo.key)?.querySelector(".photo-list");
  if (!list) return;
  let line = [...list.children].find((item) => item.dataset.id === photo.id);
  if (!line) {
    line = document.createElement("li");
    line.dataset.id = photo.id;
    line.innerHTML = '<img alt="" width="64" height="64"><span class="photo-words"><span class="photo-name"></span><span class="photo-size"></span><span class="photo-state"></span></span><button type="button" class="btn btn-sm btn-outline-secondary">Bỏ ảnh</button>';
    line.querySelector("img").src = photo.thumb;
    line.querySelector(".photo-name").textContent = photo.name;
    line.querySelector(".photo-size").textContent = `${size(photo.before)} → ${size(photo.after)}`;
    line.querySelector("button").addEventListener("click", () => drop(photo));
    list.append(line);
  }
  line.querySelector(".photo-state").textContent = photo.problem || STATES[photo.state];
  line.querySelector("button").disabled = photo.state === "sending";
}

async function drop(photo) {
  photos = photos.filter((other) => other !== photo);
  await store.remove(photo.id);
  [...document.querySelectorAll(".photo-list li")].find((line) => line.dataset.id === photo.id)?.remove();
}

// ---- Sending ----

function pause(photo, state) {
  // What holds one up holds up all: the network, the session, the page.
  photos.filter((other) => !other.problem).forEach((other) => {
    other.state = state;
    show(other);
  });
  clearTimeout(timer);
  if (state === "offline" || state === "server") timer = setTimeout(send, RETRY[Math.min(attempt++, RETRY.length - 1)]);
}

async function refused(photo, sentence) {
  photo.problem = sentence || "Máy chủ không nhận ảnh này. Bỏ ảnh rồi chụp lại.";
  photo.state = "waiting";
  show(photo);
}

async function sendOne(photo) {
  const place = entryOf(photo.key)?.querySelector("[data-photos]");
  if (!place) {
    photo.problem = "Mục này không còn mở.";
    return true;
  }
  photo.state = "sending";
  show(photo);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token());
  body.append("layer", "delegation");
  body.append("files", new File([photo.blob], photo.name, { type: "image/jpeg" }));
  let response;
  try {
    response = await fetch(place.dataset.upload, { method: "POST", headers: { "HX-Request": "true" }, body });
  } catch {
    pause(photo, "offline");
    return false;
  }
  if (response.status === 401 || response.status === 403) {
    pause(photo, response.status === 401 ? "signedOut" : "stale");
    return false;
  }
  if (response.status >= 500 || response.status === 429 || response.status === 408) {
    pause(photo, "server");
    return false;
  }
  attempt = 0;
  const answer = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".evidence");
  const errors = answer?.querySelector(".errors");
  if (!response.ok || !answer || errors) {
    await refused(photo, errors?.textContent.trim());
    return true;
  }
  await drop(photo);
  const shown = entryOf(photo.key).querySelector(".evidence");
  shown.replaceWith(document.adoptNode(answer));
  window.htmx?.process(answer);
  document.dispatchEvent(new CustomEvent("tuquan:changed"));
  return true;
}

async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    let next;
    while ((next = photos.find((photo) => !photo.problem))) if (!(await sendOne(next))) break;
  } finally {
    sending = false;
  }
}

// ---- Beginning ----

function closed() {
  const bar = document.getElementById("save-bar");
  bar.hidden = false;
  bar.append(` Trên máy này còn ${photos.length} ảnh chưa gửi; hồ sơ không còn mở để thêm ảnh. `);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = "Bỏ các ảnh này";
  button.addEventListener("click", async () => {
    for (const photo of [...photos]) await drop(photo);
    bar.hidden = true;
  });
  bar.append(button);
}

export async function begin() {
  photos = (await store.all(user)).filter((photo) => photo.assessment === sheet.dataset.assessment);
  photos.forEach((photo) => {
    photo.state = "waiting";
    delete photo.problem;
  });
  if (!("editable" in sheet.dataset)) {
    if (photos.length) closed();
    return;
  }
  photos.forEach(show);
  document.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-photo]")) return;
    const place = event.target.closest("[data-photos]");
    const files = [...event.target.files];
    place.querySelectorAll(".photo-problem").forEach((line) => line.remove());
    for (const file of files) await add(place, file);
    event.target.value = "";
    send();
  });
  window.addEventListener("online", send);
  window.addEventListener("tuquan:retry", send);
  send();
}
