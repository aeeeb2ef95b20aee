/* Moving about without reloading: links, filters, titles and focus; and the choice between a chart and its table. */
(function () {
  "use strict";
  document.documentElement.classList.add("js");
  let path = location.pathname;
  let arriving = false;
  let held = null; // the filter that was being used, to return to when the page is drawn again
  let chose = ""; // what was chosen in it, to be said once the page shows it

  function go(address) {
    history.pushState(null, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-show]");
    if (button) return show(button);
    const months = event.target.closest("button[data-months]");
    if (months) return closer(months);
    const kind = event.target.closest("button[data-save]");
    if (kind) return save(kind);
    const turn = event.target.closest("button[data-go]");
    if (turn) {
      held = turn.dataset.turn;
      chose = turn.textContent;
      return go(turn.dataset.go);
    }
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    held = null;
    go(link.href);
    if (location.pathname === path) window.scrollTo(0, 0);
  });

  document.addEventListener("change", function (event) {
    const pick = event.target.closest(".filters select");
    if (!pick) return;
    const choices = new URLSearchParams(location.search);
    if (pick.value) choices.set(pick.name, pick.value);
    else choices.delete(pick.name);
    (pick.dataset.clears || "").split(" ").filter(Boolean).forEach((name) => choices.delete(name));
    const query = choices.toString();
    held = pick.name;
    chose = pick.selectedOptions[0].textContent;
    go(location.pathname + (query ? "?" + query : ""));
  });

  document.addEventListener("submit", function (event) {
    if (event.target.closest(".filters")) event.preventDefault();
    const search = event.target.closest("form.search");
    if (!search) return;
    event.preventDefault();
    const asked = new URLSearchParams([...new FormData(search)].filter((pair) => pair[1].trim())).toString();
    go(search.getAttribute("action") + (asked ? "?" + asked : ""));
  });

  window.addEventListener("popstate", function () {
    if (location.pathname === path) return;
    path = location.pathname;
    arriving = true;
  });

  function show(button) {
    const chart = button.closest(".chart");
    chart.classList.toggle("show-table", button.dataset.show === "table");
    chart.querySelectorAll("button[data-show]").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
    window.dispatchEvent(new Event("resize")); // a chart drawn while hidden has no width
  }

  /* A closer look at a chart: the last year or two by button, any months by drawing a box with a mouse; two clicks bring all back. */
  const whole = new WeakMap(); // each chart's own months, as first drawn

  function plotOf(part) {
    return part.closest(".chart").querySelector(".js-plotly-plot");
  }

  function closer(button) {
    const plot = plotOf(button);
    if (!plot) return;
    if (!whole.has(plot)) whole.set(plot, plot.layout.xaxis.range.slice());
    const all = whole.get(plot);
    const from = new Date(lastFigure(plot));
    from.setUTCDate(1);
    from.setUTCMonth(from.getUTCMonth() - Number(button.dataset.months) + 1, -8);
    window.Plotly.relayout(plot, { "xaxis.range": button.dataset.months === "all" ? all.slice() : [from.toISOString().slice(0, 10), all[1]] });
    button.parentElement.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
  }

  function lastFigure(plot) {
    const lines = plot.data.filter((line) => line.name === "Figure");
    return lines[lines.length - 1].x.slice(-1)[0];
  }

  document.addEventListener("pointerover", function (event) {
    const plot = event.pointerType === "mouse" && event.target.closest(".js-plotly-plot");
    if (!plot || plot.dataset.boxed || !plot.layout || !plot.closest(".chart").querySelector("[data-months]")) return;
    plot.dataset.boxed = "yes";
    whole.set(plot, plot.layout.xaxis.range.slice());
    window.Plotly.relayout(plot, { dragmode: "zoom" });
    plot.on("plotly_relayout", function (moved) {
      if ("xaxis.range[0]" in moved) plot.closest(".chart").querySelectorAll("button[data-months]").forEach((b) => b.setAttribute("aria-pressed", "false"));
    });
    plot.on("plotly_doubleclick", function () {
      closer(plot.closest(".chart").querySelector('button[data-months="all"]'));
      return false;
    });
  });

  /* A saved picture is in the light colours on white, with its heading, whatever the reader's screen shows. */
  function save(button) {
    const plot = plotOf(button);
    if (!plot) return;
    const heading = plot.closest(".chart").querySelector("h2").textContent;
    const title = { text: heading, font: { size: 17, color: "#1D2227" }, x: 0, xref: "container", pad: { l: 16 }, y: 0.97, yanchor: "top" };
    const room = { ...plot.layout.margin, t: plot.layout.margin.t + 40 };
    const layout = { ...plot.layout, title, margin: room, paper_bgcolor: "#FFFFFF", autosize: false };
    const name = heading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
    const size = { width: Math.max(900, plot.clientWidth), height: plot.clientHeight + 40, scale: button.dataset.save === "png" ? 2 : 1 };
    window.Plotly.downloadImage({ data: plot.data, layout }, { format: button.dataset.save, filename: name, ...size });
  }

  /* Each time the page is drawn: name it, and on a new page start the reader at its heading. */
  let named = "";
  function drawn(changes) {
    const heading = document.querySelector("main h1");
    const words = heading ? heading.textContent.trim() : "";
    if (!words) return;
    if (held && document.activeElement === document.body) {
      const pick = document.querySelector('.filters select[name="' + held + '"], button[data-turn="' + held + '"]');
      if (pick) pick.focus();
    }
    const title = words + " – Sightline";
    if (document.title !== title) document.title = title;
    const main = heading.closest("main");
    const said = document.getElementById("said");
    if (chose && said && changes.some((change) => main.contains(change.target))) {
      said.textContent = words + ": " + chose;
      chose = "";
    }
    if (words === named) return;
    named = words;
    if (arriving) {
      arriving = false;
      const place = location.hash && document.getElementById(location.hash.slice(1));
      if (place) place.scrollIntoView();
      else window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
  }
  new MutationObserver(drawn).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
