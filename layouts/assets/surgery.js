/* The performance surgery by keyboard: child to child, agree, reason, note, parts; and the forms filled in for the child chosen. */
(function () {
  "use strict";
  const FORMS = { a: "surgery-agree", r: "surgery-reason", n: "surgery-note" };
  let chosen = ""; // the child chosen, as "child|10390|cp_visit"
  let surgery = ""; // the surgery it was chosen in
  let pending = ""; // what was sent to be kept, to be said once the page shows that it was
  let kept = ""; // the stamp of what was kept when it was sent
  let furnished = ""; // what the lists of the forms were made from
  let used = ""; // the form that lies over the page
  let from = null; // what had the focus before a form was opened over the page

  const byId = (ident) => document.getElementById(ident);
  const here = () => document.querySelector("[data-surgery]");
  const children = () => [...document.querySelectorAll(".surgery a[data-child]")];
  const docked = () => document.querySelector(".teller.docked");

  function typing(part) {
    return part instanceof Element && part.closest("input, textarea, select, [contenteditable]");
  }

  function say(words) {
    const said = byId("said");
    if (said) said.textContent = words;
  }

  /* A field drawn by the page takes a value as if it had been typed. */
  function put(ident, value) {
    const field = byId(ident);
    if (!field || field.value === value) return;
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : field.tagName === "SELECT" ? HTMLSelectElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }

  /* ---- the child chosen */
  function choose(link, move) {
    if (!link) return;
    chosen = link.dataset.child;
    mark();
    if (!move) return;
    link.focus({ preventScroll: true });
    link.closest("tr").scrollIntoView({ block: docked() ? "center" : "nearest" });
  }

  function mark() {
    const links = children();
    if (links.length && !links.some((link) => link.dataset.child === chosen)) chosen = "";
    links.forEach(function (link) {
      const on = link.dataset.child === chosen;
      const row = link.closest("tr");
      if (row.classList.contains("chosen") !== on) row.classList.toggle("chosen", on);
      if (on !== (link.getAttribute("aria-current") === "true")) on ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    });
  }

  function step(by) {
    const links = children();
    const at = links.findIndex((link) => link.dataset.child === chosen);
    choose(links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))], true);
  }

  /* ---- the forms */
  function open(ident) {
    const form = byId(ident);
    if (!form) return;
    if (!chosen && ident !== FORMS.n) choose(children()[0], false);
    if (docked()) shut(false);
    from = document.activeElement;
    renew(form);
    const about = form.querySelector("select[id$=about]");
    if (about && chosen) {
      about.value = chosen;
      if (about.value !== chosen) about.selectedIndex = 0;
    } else if (about) about.selectedIndex = 0;
    if (ident === FORMS.a) fill();
    else said(form);
    used = ident;
    form.classList.add("docked");
    document.body.classList.add("has-docked");
    const first = form.querySelector(ident === FORMS.a ? "#agree-kind" : ident === FORMS.r ? "#reason-kind" : "textarea");
    if (first) first.focus({ preventScroll: true });
    const row = document.querySelector(".surgery tr.chosen");
    if (row && ident !== FORMS.n) row.scrollIntoView({ block: "center" });
  }

  function shut(back) {
    if (!used) return;
    used = "";
    if (docked()) docked().classList.remove("docked");
    document.body.classList.remove("has-docked");
    if (!back) return;
    const link = children().find((one) => one.dataset.child === chosen);
    if (link) choose(link, true);
    else if (from && from.isConnected) from.focus();
  }

  function renew(form) {
    delete form.dataset.of;
    delete form.dataset.revision;
    ["agree-what", "agree-level"].forEach((ident) => byId(ident) && form.contains(byId(ident)) && put(ident, ""));
    label(form, "Agree");
  }

  function label(form, words) {
    const button = form.id === FORMS.a && form.querySelector("[data-keep]");
    if (button) button.firstChild.textContent = words + " ";
  }

  /* The lists of whom and what a form may be about, made from what the page hands over. Everything is set as text. */
  function furnish() {
    const given = byId("surgery-tellers");
    if (!given || (given.dataset.offered === furnished && byId("agree-about").options.length)) return false;
    furnished = given.dataset.offered;
    Object.entries(JSON.parse(furnished)).forEach(function ([ident, abouts]) {
      const groups = new Map();
      abouts.forEach(function (about) {
        if (!groups.has(about.group)) groups.set(about.group, Object.assign(document.createElement("optgroup"), { label: about.group }));
        const option = new Option(about.name, about.key);
        ["kind", "who", "by", "level", "words", "revision"].forEach((name) => (option.dataset[name] = about[name]));
        groups.get(about.group).append(option);
      });
      byId(ident).replaceChildren(...groups.values());
    });
    return true;
  }

  /* What the thing chosen in About fills in: the kind, who and by when; and which kinds fit it. */
  function fill() {
    const about = byId("agree-about");
    const option = about && about.selectedOptions[0];
    if (!option) return;
    fits(option.value.split("|")[0]);
    byId("agree-kind").value = option.dataset.kind;
    put("agree-who", option.dataset.who);
    put("agree-by", option.dataset.by);
    put("agree-level", option.dataset.level);
    levels();
  }

  /* The reason or the note that is there already of what is chosen, and which revision of it this is. */
  function said(form) {
    const option = (form.querySelector("select[id$=about]") || { selectedOptions: [] }).selectedOptions[0];
    if (!option) return;
    if (form.id === FORMS.r && option.dataset.kind) byId("reason-kind").value = option.dataset.kind;
    put(form.id === FORMS.r ? "reason-note" : "note-words", option.dataset.words);
    form.dataset.revision = option.dataset.revision;
  }

  function fits(kind) {
    [...byId("agree-kind").options].forEach(function (option) {
      const fit = option.dataset.for.split(" ").includes(kind);
      option.hidden = option.disabled = !fit;
    });
  }

  function levels() {
    const part = byId("agree-level-part");
    const hide = byId("agree-kind").value !== "kpi_at_level";
    if (part && part.hidden !== hide) part.hidden = hide;
  }

  /* A commitment that stands, to be changed: the form holds it as it is, and which revision of it was seen. */
  function change(button) {
    const form = byId(FORMS.a);
    open(FORMS.a);
    const held = button.dataset;
    const about = byId("agree-about");
    about.value = held.about;
    if (about.value !== held.about) about.add(new Option(held.about.split("|")[1] || "Nothing in particular", held.about, true, true));
    fits(held.about.split("|")[0]);
    byId("agree-kind").value = held.kind;
    put("agree-who", held.who);
    put("agree-by", held.by);
    put("agree-what", held.what);
    put("agree-level", held.level);
    levels();
    form.dataset.of = held.change;
    form.dataset.revision = held.revision;
    label(form, "Keep the change");
  }

  /* What a form holds, handed to the page; the button of the form asks for it. */
  window.dash_clientside = window.dash_clientside || {};
  function shown(ident) {
    const field = byId(ident);
    return !field ? "" : field.tagName === "SELECT" ? (field.selectedOptions[0] || { textContent: "" }).textContent : field.value;
  }

  function keep(form) {
    const at = here();
    if (!at || !window.dash_clientside.set_props) return;
    const value = (ident) => (byId(ident) ? byId(ident).value : "");
    const typed = { form: form.id, of: form.dataset.of || "", revision: Number(form.dataset.revision || 0) };
    if (form.id === FORMS.a) {
      ["about", "kind", "who", "by", "level", "what"].forEach((name) => (typed[name] = value("agree-" + name)));
      pending = (typed.of ? "Changed: " : "Agreed: ") + [shown("agree-about"), shown("agree-kind"), typed.who, "by " + typed.by].filter(Boolean).join(", ");
    } else if (form.id === FORMS.r) {
      Object.assign(typed, { about: value("reason-about"), kind: value("reason-kind"), note: value("reason-note") });
      pending = "Reason kept: " + shown("reason-about") + ", " + shown("reason-kind");
    } else {
      Object.assign(typed, { about: value("note-about"), words: value("note-words") });
      pending = "Note kept: " + shown("note-about");
    }
    send(typed, pending);
  }

  const seen = (button) => ({ revision: Number(button.dataset.revision) });

  /* Hand something to be kept to the page; what is to be said once it shows that it was. */
  function send(typed, words) {
    pending = words;
    kept = here().dataset.kept;
    window.dash_clientside.set_props("surgery-typed", { data: { sent: Date.now(), ...typed } });
  }

  /* ---- parts, and the list of keys */
  function part(number) {
    const heading = byId("part-" + number + "-title");
    if (!heading) return;
    byId("part-" + number).scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
    current();
  }

  function current() {
    const links = [...document.querySelectorAll(".rail li a")];
    if (!links.length) return;
    const parts = links.map((link) => byId(link.hash.slice(1)));
    const foot = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const focused = document.activeElement instanceof Element && document.activeElement.closest(".step");
    const box = focused && document.activeElement.getBoundingClientRect();
    let at = parts.filter((one) => one && one.getBoundingClientRect().top <= 120).length - 1;
    if (foot || (box && box.top >= 0 && box.bottom <= window.innerHeight)) at = focused ? parts.indexOf(focused) : at;
    at = docked() && chosen && docked().id !== FORMS.n ? 2 : Math.max(0, at);
    links.forEach(function (link, i) {
      if ((i === at) !== (link.getAttribute("aria-current") === "step")) i === at ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current");
    });
  }

  function press(key) {
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (FORMS[key]) open(FORMS[key]);
    else if ("1234".includes(key)) part(key);
    else if (key === "c" && byId("close-surgery")) byId("close-surgery").click();
    else if (key === "?" && byId("all-keys")) byId("all-keys").showModal();
    else return false;
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (!here() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const form = event.target instanceof Element && event.target.closest(".teller");
    if (event.key === "Escape" && docked()) {
      event.preventDefault();
      pending = "";
      return shut(true);
    }
    if (form && event.key === "Enter" && typing(event.target) && !event.shiftKey) {
      event.preventDefault();
      return keep(form);
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (press(event.key.length === 1 ? event.key.toLowerCase() : event.key)) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    if (!(event.target instanceof Element) || !here()) return;
    const of = (selector) => event.target.closest(selector);
    if (of("[data-keep]")) return keep(of(".teller"));
    if (of("[data-shut]")) {
      pending = "";
      return shut(true);
    }
    if (of("[data-take-back]")) return send({ form: "take-back", of: of("[data-take-back]").dataset.takeBack, ...seen(of("[data-take-back]")) }, "Taken back");
    if (of("[data-answer]")) {
      const held = of("[data-answer]").dataset;
      return send({ form: "answer", of: held.answer, kept: held.answered, note: byId("answer-" + held.answer).value, ...seen({ dataset: held }) }, "Answered");
    }
    if (of("[data-change]")) return change(of("[data-change]"));
    if (of("[data-press]")) return void press(of("[data-press]").dataset.press);
    if (of("[data-shut-keys]")) return byId("all-keys").close();
    const row = of(".surgery tr");
    const link = row && row.querySelector("a[data-child]");
    if (link && !of("a, button, input, select")) choose(link, false);
  });

  document.addEventListener("focusin", function (event) {
    const link = event.target instanceof Element && event.target.closest("a[data-child]");
    if (link && here()) choose(link, false);
    if (here()) current();
  });

  document.addEventListener("change", function (event) {
    if (event.target.id === "agree-about") fill();
    if (event.target.id === "agree-kind") levels();
    if (event.target.id === "reason-about" || event.target.id === "note-about") said(event.target.closest(".teller"));
  });

  window.addEventListener("scroll", () => here() && requestAnimationFrame(current), { passive: true });

  /* Each time the page is drawn: the same child stays chosen; what was sent is said once it shows; a surgery just opened is gone to. */
  function drawn() {
    const go = byId("surgery-go");
    if (go && go.textContent && go.textContent !== location.pathname) {
      history.pushState(null, "", go.textContent);
      return void window.dispatchEvent(new PopStateEvent("popstate"));
    }
    const at = here();
    if (!at) {
      chosen = surgery = pending = furnished = used = "";
      document.body.classList.remove("has-docked");
      return;
    }
    if (at.dataset.surgery !== surgery) {
      surgery = at.dataset.surgery;
      chosen = "";
    }
    if (pending && at.dataset.kept !== kept) {
      const words = pending;
      pending = "";
      if (used) shut(true);
      else if (document.activeElement === document.body && byId("part-4-title")) byId("part-4-title").focus({ preventScroll: true });
      say(words);
    }
    if (used && !docked()) {
      used = "";
      document.body.classList.remove("has-docked");
    }
    if (!docked() && furnish()) {
      renew(byId(FORMS.a));
      fill();
      [FORMS.r, FORMS.n].forEach((ident) => said(byId(ident)));
    }
    mark();
    current();
  }
  new MutationObserver(drawn).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-child", "data-kept", "data-surgery", "data-offered", "data-html"] });
})();
