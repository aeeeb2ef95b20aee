/* Loading files: chosen or dropped, sent one after the other, and told of until each is done; and withdrawing a load. */
(function () {
  "use strict";
  const OURS = { "X-Sightline": "load", Accept: "application/json" };
  const LOOK_AGAIN = 1000; // milliseconds between two looks at how far a file has come
  const sent = []; // what was sent since the page was opened, newest first
  let sending = false;

  function el(name, words, attributes) {
    const made = document.createElement(name);
    if (words) made.textContent = words;
    Object.entries(attributes || {}).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  /* The button and the field are made here, as the page holds neither until the script that fills them runs. */
  function furnish(zone) {
    zone.dataset.ready = "yes";
    const field = el("input", "", { type: "file", id: "drop-file", multiple: "", accept: ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.xml", "aria-describedby": "drop-says" });
    field.className = "vh";
    const label = el("label", "Choose files", { for: "drop-file" });
    label.className = "btn";
    const choose = zone.querySelector(".drop-choose");
    choose.append(field, label, el("span", "or drop them here"));
    field.addEventListener("change", function () {
      take(field.files, Number(zone.dataset.capMb));
      field.value = "";
    });
    tell();
  }

  function take(files, capMb) {
    Array.from(files).forEach(function (file) {
      const job = { name: file.name, file: file, state: "waiting", says: "Waiting to be sent.", share: null };
      if (file.size > capMb * 1048576) {
        const mb = Math.ceil(file.size / 1048576);
        Object.assign(job, { state: "done", outcome: "refused", file: null });
        job.says = "It is " + mb + " MB, and files of up to " + capMb + " MB can be loaded here. Ask the data team to load it with: python app.py load FILE";
      }
      sent.unshift(job);
    });
    tell();
    next();
  }

  function next() {
    const job = sent.filter((one) => one.state === "waiting").pop();
    if (sending || !job) return;
    sending = true;
    job.state = "sending";
    job.says = "Being sent.";
    job.share = 0;
    const form = new FormData();
    form.append("file", job.file, job.name);
    const request = new XMLHttpRequest();
    request.open("POST", "/upload");
    Object.entries(OURS).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) job.share = event.loaded / event.total;
      measure(job);
    });
    request.addEventListener("load", function () {
      const told = read(request.responseText);
      if (told && told.id) {
        Object.assign(job, told);
        follow(job);
      } else refuse(job, (told && told.says) || "It was not taken: it may be larger than is allowed here.");
      over(job);
    });
    request.addEventListener("error", function () {
      refuse(job, "It did not arrive. See that Sightline is still running, and that the file is not too large; then send it again.");
      over(job);
    });
    request.send(form);
    tell();
  }

  function over(job) {
    sending = false;
    job.file = null;
    job.share = null;
    tell();
    next();
  }

  function refuse(job, says) {
    Object.assign(job, { state: "done", outcome: "refused", says: says });
  }

  function follow(job) {
    fetch("/upload/" + job.id, { headers: OURS })
      .then((answer) => answer.json())
      .then(function (told) {
        const before = job.state + job.says;
        Object.assign(job, told);
        if (job.state + job.says !== before) tell();
        if (job.state !== "done") setTimeout(() => follow(job), LOOK_AGAIN);
      })
      .catch(() => setTimeout(() => follow(job), 5 * LOOK_AGAIN));
  }

  function read(text) {
    try {
      return JSON.parse(text);
    } catch (error) {
      return null;
    }
  }

  const SIGN = { loaded: ["met", "Loaded"], unchanged: ["met", "Unchanged"], withdrawn: ["met", "Withdrawn"], refused: ["not", "Not loaded"], failed: ["not", "Not done"] };
  const DOING = { waiting: "Waiting", sending: "Sending", queued: "Waiting", reading: "Loading" };

  /* What is told of each file. Everything is set as text, so that nothing in a file or its name is ever run. */
  function tell() {
    document.querySelectorAll(".drop-told").forEach(function (place) {
      place.replaceChildren(...sent.map(line));
      if (sent.some((job) => ["loaded", "withdrawn"].includes(job.outcome)) && sent.every((job) => job.state === "done")) {
        const again = el("p", "");
        again.append(el("a", "Show the Data page as it is now", { href: "/data", target: "_self" }));
        place.append(again);
      }
    });
  }

  function line(job) {
    const shown = el("div", "", {});
    shown.className = "drop-line";
    const head = el("p", "");
    const mark = el("span", "");
    const sign = job.state === "done" ? SIGN[job.outcome] || SIGN.failed : ["none", DOING[job.state]];
    mark.className = "mark is-" + sign[0];
    const shape = el("i", "", { "aria-hidden": "true" });
    shape.className = "mk mk-" + sign[0];
    mark.append(shape, el("b", sign[1]));
    head.append(mark, " ", el("code", job.kind === "withdraw" ? "load " + job.name : job.name));
    shown.append(head, el("p", job.says));
    if (job.state === "sending") {
      const bar = el("progress", "", { max: "1", "aria-label": "Sent of " + job.name });
      bar.value = job.share || 0;
      job.bar = bar;
      shown.append(bar);
    } else if (job.state !== "done") shown.append(el("progress", "", { "aria-label": "Loading " + job.name }));
    if (job.problems && job.problems.length) {
      const list = el("ul", "");
      list.append(...job.problems.map((problem) => el("li", problem)));
      const all = el("p", job.more ? "And " + job.more + " more. " : "");
      all.append(el("a", "List the problems of this source", { href: job.see }));
      shown.append(list, all);
    }
    return shown;
  }

  function measure(job) {
    if (job.bar) job.bar.value = job.share;
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-withdraw]");
    if (!button) return;
    button.disabled = true;
    const job = { name: button.dataset.withdraw, kind: "withdraw", state: "waiting-to-withdraw", says: "Asked for." };
    sent.unshift(job);
    fetch("/withdraw/" + button.dataset.withdraw, { method: "POST", headers: OURS })
      .then((answer) => answer.json())
      .then(function (told) {
        Object.assign(job, told);
        if (told.id) follow(job);
        else refuse(job, told.says);
        tell();
      })
      .catch(function () {
        refuse(job, "It could not be asked for. See that Sightline is still running.");
        tell();
      });
    tell();
  });

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const zone = event.target instanceof Element && event.target.closest(".drop");
      document.querySelectorAll(".drop").forEach((one) => one.classList.toggle("over", kind === "dragover" && one === zone));
      if (!document.querySelector(".drop")) return;
      event.preventDefault(); // a file dropped beside the place must not take the reader away from the page
      if (kind === "drop" && zone && event.dataTransfer) take(event.dataTransfer.files, Number(zone.dataset.capMb));
    });
  });

  new MutationObserver(function () {
    document.querySelectorAll(".drop:not([data-ready])").forEach(furnish);
    document.querySelectorAll(".drop-told:empty").forEach(() => sent.length && tell());
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
