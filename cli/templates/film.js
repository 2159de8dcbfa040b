"use strict";
(() => {
  const STEP = 1500; // milliseconds a state stays while the film plays
  const film = JSON.parse(document.getElementById("film").textContent);
  const part = (id) => document.getElementById(id);
  const sliders = { day: part("day"), known: part("known") };
  const dates = { day: film.days, known: film.known };
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const [NODES, EDGES, POSSIBLE] = [0, 1, 2];
  let shown = null;
  let timer = 0;

  const at = (which) => Number(sliders[which].value);
  const state = (day, known) => film.states[film.cells[known][day]];
  const form = (of, forms, one, number) => of[one][number] && forms[number][of[one][number] - 1];
  const node = (of, number) => form(of, film.nodes, NODES, number);
  const edge = (of, number) => form(of, film.forms, EDGES, number);

  function dayBefore(date) {
    const day = new Date(date + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() - 1);
    return day.toISOString().slice(0, 10);
  }

  function told(which) {
    const number = at(which), all = dates[which], date = all[number], next = all[number + 1];
    if (date === film.beginning) return "before " + next;
    if (film.grain) return date;
    return date + (next ? " to " + dayBefore(next) : " and later");
  }

  function place(element, now, before) {
    element.classList.toggle("off", !now);
    if (!now) return;
    const [lines, style] = now;
    element.setAttribute("class", element.dataset.class + " " + style);
    element.classList.toggle("now", now !== before);
    const texts = [...element.querySelectorAll("text")];
    const high = texts.length > 1 ? texts[1].getAttribute("y") - texts[0].getAttribute("y") : 0;
    texts.forEach((text, line) => {
      text.textContent = lines[line] ?? "";
      text.setAttribute("dy", ((texts.length - lines.length) / 2) * high);
    });
    const ground = element.querySelector(".ground");
    if (ground) fit(ground, texts.slice(0, lines.length));
  }

  function fit(ground, texts) {
    const boxes = texts.map((text) => text.getBBox());
    const left = Math.min(...boxes.map((box) => box.x)) - 2;
    const right = Math.max(...boxes.map((box) => box.x + box.width)) + 2;
    const top = boxes[0].y - 1, bottom = boxes.at(-1).y + boxes.at(-1).height + 1;
    ground.setAttribute("points", `${left},${top} ${right},${top} ${right},${bottom} ${left},${bottom}`);
  }

  const link = (of, number, said) => {
    const [from, to] = film.edges[number];
    return `${node(of, from)[2]} \u2192 ${node(of, to)[2]}: ${said}`;
  };

  function changes(before, now) {
    const found = [];
    film.nodes.forEach((_, number) => {
      const [one, other] = [node(before, number), node(now, number)];
      if (one && other && one[3] !== other[3]) found.push(["~", "changed", `${one[3]} \u2192 ${other[3]}`]);
    });
    film.edges.forEach((_, number) => {
      const [one, other] = [edge(before, number), edge(now, number)];
      if (one === other) return;
      if (!one) found.push(["+", "new", link(now, number, other[2])]);
      else if (!other) found.push(["\u2212", "ended", link(before, number, one[2])]);
      else if (one[2] !== other[2]) found.push(["~", "changed", link(now, number, `${one[2]} \u2192 ${other[2]}`)]);
    });
    return found;
  }

  function listed(id, lines) {
    part(id).replaceChildren(...lines.map(([sign, word, text]) => {
      const line = document.createElement("li");
      const mark = document.createElement("span");
      mark.textContent = sign + " ";
      if (word) mark.setAttribute("aria-label", word + ": ");
      if (word) mark.setAttribute("role", "img");
      line.append(mark, text);
      return line;
    }));
  }

  const cutWords = (day, known) => `${film.days[day]}, known by ${film.known[known]}`;
  const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

  function show() {
    const cell = [at("day"), at("known")], now = state(...cell);
    const before = shown ?? [Math.max(cell[0] - 1, 0), cell[1]];
    const then = state(...before);
    film.nodes.forEach((_, number) => place(part("n" + number), node(now, number), node(then, number)));
    film.edges.forEach((_, number) => {
      for (const of of ["e", "w"]) place(part(of + number), edge(now, number), edge(then, number));
    });
    for (const which of ["day", "known"]) {
      part(which + "-told").textContent = told(which);
      sliders[which].setAttribute("aria-valuetext", told(which));
    }
    const changed = changes(then, now);
    const same = before[0] === cell[0] && before[1] === cell[1];
    part("since").textContent = same ? "" : `Compared with ${cutWords(...before)}:` + (changed.length ? "" : " nothing.");
    listed("changes", changed);
    const hidden = film.missing[cell[1]][cell[0]];
    const missing = hidden ? count(hidden, "event", "events") + " not yet known" : "no event unknown";
    part("missing").textContent = hidden
      ? `${missing}, of those that take effect by this day.`
      : "All recorded events that take effect by this day are known.";
    listed("possible", now[POSSIBLE].map((number) => ["?", "possible", film.possible[number]]));
    const all = film.edges.flatMap((_, number) => {
      const found = edge(now, number);
      return found ? [["\u2022", "", link(now, number, found[2])]] : [];
    });
    listed("list", all.length ? all : [["\u2022", "", "No stake, role or relationship is known."]]);
    part("status").textContent = `As of ${cutWords(...cell)}: ${count(changed.length, "change", "changes")}, ${missing}.`;
    const hash = `#as-of=${film.days[cell[0]]}&known-by=${film.known[cell[1]]}`;
    part("link").setAttribute("href", hash);
    history.replaceState(null, "", hash);
    shown = cell;
  }

  function move(which, by) {
    sliders[which].value = at(which) + by;
    show();
  }

  function pause() {
    clearInterval(timer);
    timer = 0;
    part("play").textContent = "Play";
    part("status").setAttribute("aria-live", "polite");
  }

  function play() {
    if (timer || still.matches) return pause();
    if (at("day") === film.days.length - 1) move("day", -film.days.length);
    part("play").textContent = "Pause";
    part("status").setAttribute("aria-live", "off"); // each step would be read aloud
    timer = setInterval(() => {
      move("day", 1);
      if (at("day") === film.days.length - 1) pause();
    }, STEP);
  }

  function quieten() {
    pause();
    part("play").disabled = still.matches;
    part("still").hidden = !still.matches;
  }

  function fromLink() {
    const named = new URLSearchParams(location.hash.slice(1));
    for (const [which, name] of [["day", "as-of"], ["known", "known-by"]]) {
      const date = named.get(name);
      if (!/^\d{4}-\d\d-\d\d$/.test(date ?? "")) continue;
      sliders[which].value = Math.max(dates[which].findLastIndex((one) => one <= date), 0);
    }
    show();
  }

  document.querySelectorAll(".node, .edge").forEach((element) => {
    element.dataset.class = element.getAttribute("class");
  });
  for (const slider of Object.values(sliders)) slider.addEventListener("input", () => { pause(); show(); });
  part("play").addEventListener("click", play);
  part("clocks").addEventListener("submit", (event) => event.preventDefault());
  still.addEventListener("change", quieten);
  addEventListener("hashchange", () => { pause(); fromLink(); });
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const inside = event.target.closest("input, button, a, summary, .scroll");
    if (by && (event.shiftKey || !inside)) {
      event.preventDefault();
      pause();
      move(event.shiftKey ? "known" : "day", by);
    } else if (event.key === " " && !inside) {
      event.preventDefault();
      play();
    }
  });
  quieten();
  fromLink();
})();
