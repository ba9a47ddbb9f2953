// Kept pages belong to the person who opened them: they go when that person signs out and when another one
// comes. What was typed or photographed and not sent yet stays for its owner.
const PAGES = "tuquan-visit-pages";
const OWNER = "tuquan:kept-for";
const user = document.body.dataset.user;

async function forget() {
  localStorage.removeItem(OWNER);
  if ("caches" in window) await caches.delete(PAGES);
}

const owner = localStorage.getItem(OWNER);
if (owner && owner !== user) forget();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches('form[action$="/dang-xuat/"]') || !localStorage.getItem(OWNER)) return;
  event.preventDefault();
  try {
    await forget();
  } finally {
    form.submit();
  }
});
