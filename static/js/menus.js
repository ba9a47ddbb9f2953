// Menus are <details> and work without scripts; with them they close by Esc, by a click elsewhere, and when
// another one is opened.
const MENUS = "details.papers, details.user-menu";

const close = (menu, focus = false) => {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
};
const opened = () => [...document.querySelectorAll(MENUS)].filter((menu) => menu.open);

document.addEventListener("click", (event) => {
  for (const menu of opened()) if (!menu.contains(event.target)) close(menu);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of opened()) close(menu, menu.contains(document.activeElement));
});

// A menu near the right edge opens to the left.
document.addEventListener(
  "toggle",
  (event) => {
    const list = event.target.matches?.("details.papers[open]") && event.target.querySelector(".papers-list");
    if (!list) return;
    list.classList.remove("to-the-left");
    const { right, width } = list.getBoundingClientRect();
    const edge = event.target.getBoundingClientRect().right;
    list.classList.toggle("to-the-left", right > document.documentElement.clientWidth && edge > width);
  },
  true,
);

// Somebody who goes on by the keyboard leaves the menu behind.
document.addEventListener("focusin", (event) => {
  for (const menu of opened()) if (!menu.contains(event.target)) close(menu);
});
