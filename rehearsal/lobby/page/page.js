// The page asks for the whole state now and then and redraws what differs. It keeps nothing but who you are.
const ROOM = "evenkeel-room";
const EVERY = 1500; // milliseconds between two looks
const SAID_FOR = 6000;
const $ = (id) => document.getElementById(id);

let person = decodeURIComponent(location.hash.slice(1)) || "marlow";
let state = null;
let opened = false;
let busy = false;
let toldTimer = 0;
let shownStep = null; // the tour step the visitor opened or that is next
const drawn = {};

/** Make an element: its properties, then its children. */
function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") made.className = value;
    else if (key === "hue") made.style.setProperty("--hue", value);
    else if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  line.setAttribute("fill", "none");
  line.setAttribute("stroke", "currentColor");
  line.setAttribute("stroke-width", "1.9");
  line.setAttribute("stroke-linecap", "round");
  line.setAttribute("stroke-linejoin", "round");
  svg.append(line);
  return svg;
}
const SIGNS = {
  channel: "M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  private: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  thread: "M5 5v8a3 3 0 0 0 3 3h11M15 12l4 4-4 4",
  direct: "M4 6h16v12H4zM4 7l8 6 8-6",
};

/** Draw a part again when its data changed, and leave the keyboard's focus where it was. */
function paint(id, data, draw) {
  const fingerprint = JSON.stringify(data);
  if (drawn[id] === fingerprint) return;
  drawn[id] = fingerprint;
  const place = $(id);
  const held = place.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  place.replaceChildren(...draw(data));
  if (held) place.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus();
}

const hue = (index) => (185 + index * 47) % 360;
const face = (one, index, large) =>
  el("span", { class: large ? "face large" : "face", hue: hue(index), ariaHidden: "true" }, one.name[0]);

function drawPeople({ people, chosen }) {
  const card = (one) => {
    const input = el("input", { type: "radio", name: "person", value: one.key, checked: one.key === chosen });
    input.dataset.focus = one.key;
    input.addEventListener("change", () => become(one.key));
    const names = el("span", { class: "names" },
      el("span", { class: "name" }, one.name), el("span", { class: "label" }, one.label));
    return el("label", { class: "person" }, input, el("span", { class: "card" }, face(one, people.indexOf(one)), names));
  };
  const elsewhere = people.filter((one) => one.elsewhere);
  return [el("fieldset", {},
    el("legend", { class: "visually-hidden" }, "Act as"),
    ...people.filter((one) => !one.elsewhere).map(card),
    elsewhere.length ? el("p", { class: "elsewhere" }, "In another server") : null,
    ...elsewhere.map(card))];
}

function drawPersona({ one, index, room }) {
  const intro = el("div", { class: "persona" }, face(one, index, true), el("strong", {}, one.name),
    el("span", { class: "about" }, one.about),
    el("p", { class: "try" }, el("b", {}, "Worth trying: "), one.try));
  if (!room) return [intro];
  const told = `The second tab shows ${room.name} as ${room.who}.`;
  return [intro, el("p", { class: "open-now" }, told)];
}

function roomButton(place, { sign, kind, name, topic }, here) {
  const waiting = place.new ? `${place.new} new` : "";
  const button = el("button", { class: `room ${kind}${here ? " here" : ""}`, type: "submit", name: "channel", value: place.key },
    icon(SIGNS[sign]),
    el("span", {}, el("span", { class: "name" }, name), topic ? el("span", { class: "topic" }, topic) : ""),
    waiting ? el("span", { class: "new" }, waiting) : el("span"),
    el("span", { class: "go", ariaHidden: "true" }, "Open ↗"));
  const extra = [waiting, sign === "private" ? "private" : "", "opens in the second tab"].filter(Boolean).join(", ");
  button.setAttribute("aria-label", `Open ${name}, ${extra}`);
  button.dataset.focus = place.key;
  return button;
}

function drawRooms({ who, channels, direct, room }) {
  const here = (key) => room && room.person === who && room.channel === key;
  const parts = [el("input", { type: "hidden", name: "person", value: who })];
  for (const one of channels) {
    const sign = one.private ? "private" : "channel";
    parts.push(roomButton(one, { sign, kind: "", name: one.name, topic: one.topic }, here(one.key)));
    for (const thread of one.threads) {
      const look = { sign: thread.private ? "private" : "thread", kind: "thread", name: thread.name };
      parts.push(roomButton(thread, look, here(thread.key)));
    }
  }
  parts.push(el("h3", {}, "Just you and the bot"));
  const look = { sign: "direct", kind: "", name: "Direct messages" };
  parts.push(roomButton(direct, look, here(direct.key)));
  return parts;
}

function drawTour({ steps, open }) {
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  const items = steps.map((step, index) => {
    const current = step === next;
    const summary = el("summary", {},
      el("span", { class: "tick", ariaHidden: "true" }, step.done ? "✓" : String(index + 1)),
      el("span", { class: "words" }, step.title, step.done ? el("span", { class: "visually-hidden" }, ", done") : ""));
    summary.dataset.focus = step.key;
    const body = el("div", { class: "body" }, el("p", {}, step.text));
    if (step.person && !step.there) {
      body.append(el("p", {}, `#${step.channel} is not there yet: first set the group up.`));
    } else if (step.person) {
      const where = step.channel === "dm" ? "the direct messages" : `#${step.channel}`;
      const go = el("button", { type: "button" }, `Open ${where} as ${step.who}`);
      go.dataset.focus = `go-${step.key}`;
      go.addEventListener("click", () => openRoom(step.person, step.channel));
      body.append(go);
    }
    const item = el("details", { class: `step${step.done ? " done" : ""}${current ? " current" : ""}`, open: step.key === open }, summary, body);
    summary.addEventListener("click", () => { shownStep = item.open ? null : step.key; });
    return el("li", {}, item);
  });
  const bar = el("progress", { max: steps.length, value: done });
  bar.setAttribute("aria-label", "Steps of the tour that are done");
  const parts = [el("div", { class: "progress" }, bar, el("span", {}, `${done} of ${steps.length}`)), el("ol", {}, ...items)];
  if (!next) parts.push(el("p", { class: "finished" }, "You have seen it all. Wander around as you like."));
  return parts;
}

function drawDiary(entries) {
  if (!entries.length) return [el("li", { class: "empty" }, "Nothing yet. Open a channel and type / to begin.")];
  return [...entries].reverse().map((entry) => el("li", {},
    el("time", {}, entry.clock),
    el("span", {}, entry.text, entry.answer ? el("span", { class: "answer" }, entry.answer) : "")));
}

function draw() {
  const index = state.people.findIndex((one) => one.key === state.person);
  const one = state.people[index];
  paint("now", state.time, (time) => [
    el("span", { class: "clock" }, time.clock), el("span", { class: "day" }, time.day), el("span", { class: "zone" }, time.zone)]);
  paint("people", { people: state.people, chosen: state.person }, drawPeople);
  paint("persona", { one, index, room: state.room }, drawPersona);
  paint("rooms", { who: state.person, channels: state.channels, direct: state.direct, room: state.room }, drawRooms);
  const next = state.tour.find((step) => !step.done);
  if (drawn.next !== next?.key) { drawn.next = next?.key; shownStep = next?.key ?? null; }
  paint("tour", { steps: state.tour, open: shownStep }, drawTour);
  paint("diary", state.diary, drawDiary);
}

function say(words, stays = false) {
  $("said").textContent = words;
  clearTimeout(toldTimer);
  if (!stays) toldTimer = setTimeout(() => { $("said").textContent = ""; }, SAID_FOR);
}

let asked = 0; // only the newest look is drawn
async function look() {
  const mine = ++asked;
  try {
    const answer = await fetch(`state?person=${encodeURIComponent(person)}`, { cache: "no-store" });
    if (mine !== asked) return;
    if (answer.status === 404 && person !== "marlow" && state === null) { become("marlow"); return; }
    if (!answer.ok) return;
    const lost = state === null || $("said").dataset.lost;
    state = await answer.json();
    if (lost) { delete $("said").dataset.lost; say(""); }
    draw();
  } catch {
    if (busy) return;
    $("said").dataset.lost = "yes";
    say("The rehearsal has stopped. Start it again in the terminal.", true);
  }
}

function become(key) {
  person = key;
  history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  look();
}

/** Bring the second tab to the front where it is open already; a form alone would leave it behind. */
function raiseTab() {
  if (opened) window.open("", ROOM)?.focus();
  opened = true;
  setTimeout(look, 400);
}

function openRoom(key, channel) {
  const form = el("form", { method: "post", action: "room", target: ROOM, hidden: true },
    el("input", { type: "hidden", name: "person", value: key }),
    el("input", { type: "hidden", name: "channel", value: channel }));
  document.body.append(form);
  raiseTab();
  form.submit();
  form.remove();
  become(key);
}

async function change(path, fields, meanwhile, after) {
  if (busy) return;
  busy = true;
  const buttons = document.querySelectorAll(".pass button, .again button");
  const held = document.activeElement;
  buttons.forEach((button) => { button.disabled = true; });
  say(meanwhile, true);
  try {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
    const told = answer.ok ? after : (await answer.json().catch(() => ({}))).said;
    await look();
    say(typeof told === "function" ? told() : told ?? "That did not work. The terminal says more.");
  } catch {
    say("The rehearsal has stopped. Start it again in the terminal.", true);
  } finally {
    busy = false;
    buttons.forEach((button) => { button.disabled = false; });
    if (document.activeElement === document.body) held?.focus?.();
  }
}

$("rooms").addEventListener("submit", raiseTab);
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => change("clock", { step: button.dataset.step }, "Time passes…",
    () => `It is ${state.time.clock} on ${state.time.day} now.`));
}
$("restart").addEventListener("click", () => change("restart", {}, "The bot stops…", "The bot is back. Nothing is lost."));
for (const button of document.querySelectorAll("[data-begin]")) {
  button.addEventListener("click", () => change("begin", { with: button.dataset.begin }, "A new rehearsal is being made…",
    "A new rehearsal begins."));
}
window.addEventListener("hashchange", () => {
  const key = decodeURIComponent(location.hash.slice(1));
  if (key && key !== "places" && key !== person) { person = key; look(); }
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
setInterval(() => { if (!document.hidden && !busy) look(); }, EVERY);
look();
