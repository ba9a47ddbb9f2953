// Steps that cannot be taken back ask first: <form data-ask="...">. Without scripts they are taken at once.
document.addEventListener(
  "submit",
  (event) => {
    const question = event.target.dataset.ask;
    if (!question || window.confirm(question)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
