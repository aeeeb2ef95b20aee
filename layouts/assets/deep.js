/* A button that prints the page: the content policy lets no page carry a script of its own. */
document.addEventListener("click", function (event) {
  if (event.target.closest && event.target.closest("[data-print]")) window.print();
});
