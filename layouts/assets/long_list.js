/* A long list keeps only the rows near the window (layouts/long_list.py). Where the others stand is a row of their height, so that the
   scroll bar, the keys and the way to the foot of the page are those of the whole list from the start. */
(function () {
  "use strict";
  const NEAR = "1200px 0px"; // rows this near are fetched
  const FAR = "4000px 0px"; // rows farther than this are put away, and come back without being fetched again
  const SETTLED = 80; // milliseconds: what is only flown past is not fetched

  function begin(table) {
    table.dataset.begun = "yes";
    const parts = Math.ceil(table.dataset.count / table.dataset.part);
    const first = table.tBodies[0];
    const each = first.offsetHeight / first.rows.length;
    keepWidths(table);
    const list = { table, bodies: [first], texts: [first.innerHTML], each };
    for (let n = 1; n < parts; n++) {
      const body = document.createElement("tbody");
      body.setAttribute("role", "rowgroup");
      list.bodies.push(body);
      away(list, n, each * rowsOf(list, n));
    }
    table.append(...list.bodies.slice(1));
    watch(list, NEAR, (n, near) => near && setTimeout(() => bring(list, n), SETTLED));
    watch(list, FAR, (n, near) => near || putAway(list, n));
  }

  /* The widths of the first rows hold for all: columns that moved with every part would make a list hard to read. Rows are laid out part by
     part from then on, not as one table of thousands, which costs a browser far more; that it is a table is said by roles. */
  function keepWidths(table) {
    if (getComputedStyle(table).display === "block") return; // rows are stacked: there are no columns
    const widths = [...table.tHead.rows[0].cells].map((head) => Math.round(head.getBoundingClientRect().width));
    table.style.setProperty("--widths", widths.map((width) => "minmax(0," + width + "fr)").join(" "));
    table.classList.add("kept");
  }

  function watch(list, margin, met) {
    const observer = new IntersectionObserver(
      (seen) => {
        if (!list.table.isConnected) return observer.disconnect();
        seen.forEach((one) => met(list.bodies.indexOf(one.target), one.isIntersecting));
      },
      { rootMargin: margin },
    );
    list.bodies.forEach((body) => observer.observe(body));
  }

  const rowsOf = (list, n) => Math.min(list.table.dataset.part, list.table.dataset.count - n * list.table.dataset.part);

  function isNear(list, n) {
    const box = list.bodies[n].getBoundingClientRect();
    return box.bottom > -1300 && box.top < innerHeight + 1300;
  }

  async function bring(list, n) {
    const body = list.bodies[n];
    if (!list.table.isConnected || !body.dataset.away || body.dataset.asked || !isNear(list, n)) return;
    if (list.texts[n] === undefined) {
      if (list.stale) return;
      body.dataset.asked = "yes";
      try {
        const { rows: address, state, count } = list.table.dataset;
        const answer = await fetch(address + (address.includes("?") ? "&" : "?") + "part=" + n);
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        if (told.state !== state || String(told.count) !== count) return stale(list);
        list.texts[n] = told.rows;
      } catch (error) {
        return says(body, "These rows could not be fetched. Scroll away and back to try again.");
      } finally {
        delete body.dataset.asked;
      }
    }
    body.innerHTML = list.texts[n];
    delete body.dataset.away;
  }

  /* What is being read with the keyboard, or stands open, or is marked, stays. */
  function putAway(list, n) {
    const body = list.bodies[n];
    const marked = getSelection();
    if (body.dataset.away || body.contains(document.activeElement) || body.querySelector("details[open]")) return;
    if (!marked.isCollapsed && marked.containsNode(body, true)) return;
    away(list, n, body.offsetHeight);
  }

  function away(list, n, height) {
    const body = list.bodies[n];
    const from = n * list.table.dataset.part + 1;
    body.dataset.away = "yes";
    body.innerHTML = '<tr role="row" class="away"><td role="cell"></td></tr>';
    const row = body.rows[0];
    row.setAttribute("aria-rowindex", from + 1);
    row.cells[0].colSpan = list.table.tHead.rows[0].cells.length;
    row.cells[0].style.height = height + "px";
    row.cells[0].style.setProperty("--each", list.each + "px");
    says(body, "Rows " + from.toLocaleString("en-GB") + " to " + (from + rowsOf(list, n) - 1).toLocaleString("en-GB"));
  }

  function says(body, text) {
    body.rows[0].cells[0].textContent = text;
  }

  function stale(list) {
    if (list.stale) return;
    list.stale = true;
    const said = document.createElement("p");
    said.className = "moved";
    said.setAttribute("role", "alert");
    said.append("The data has changed since this list was drawn, and the rest of it is not shown. ");
    const again = document.createElement("a");
    again.href = location.href;
    again.target = "_self"; // a whole new page, not one kept
    again.textContent = "Show the list as it stands now";
    said.append(again);
    list.table.closest(".long").append(said);
  }

  function look() {
    document.querySelectorAll("table[data-rows]:not([data-begun])").forEach(begin);
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
