/* Light, dark or high contrast, as chosen in this browser; without a choice the stylesheet follows the system. In the head of the page:
   it runs before anything is drawn, so no page opens in one colour and turns to another. */
(function () {
  "use strict";
  const THEMES = ["light", "dark", "contrast"];
  const root = document.documentElement;

  function kept() {
    try {
      const chosen = localStorage.getItem("appearance");
      return THEMES.includes(chosen) ? chosen : "";
    } catch (refused) {
      return root.dataset.theme || ""; // a browser that keeps nothing still shows what was chosen, until it is closed
    }
  }

  function apply(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function keep(theme) {
    apply(theme);
    try {
      if (theme) localStorage.setItem("appearance", theme);
      else localStorage.removeItem("appearance");
    } catch (refused) {
      return; // applied all the same
    }
  }

  function show() {
    const pick = document.getElementById("appearance");
    if (pick && pick.value !== kept()) pick.value = kept();
  }

  apply(kept());
  document.addEventListener("change", function (event) {
    if (event.target.id === "appearance") keep(event.target.value);
  });
  window.addEventListener("storage", function (event) {
    if (event.key !== null && event.key !== "appearance") return; // the same choice, made in another window
    apply(kept());
    show();
  });
  new MutationObserver(show).observe(root, { childList: true, subtree: true });
})();
