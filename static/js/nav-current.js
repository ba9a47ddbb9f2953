// A menu that scrolls sideways on a phone starts with its current entry in sight.

for (const current of document.querySelectorAll(".site-nav [aria-current], .year-nav [aria-current]")) {
  const scroller = current.closest("ul, nav");
  scroller.scrollLeft = current.offsetLeft - scroller.offsetLeft - (scroller.clientWidth - current.offsetWidth) / 2;
}
