// What the page does in the browser alone: keys, address bar, tab title, notifications, light and dark, dropped files.
// It keeps no state of the project and decides nothing: keys press the buttons that are on screen.

import { hand } from "./sources.js";

const find = (selector) => document.querySelector(selector);
const visible = (node) => Boolean(node) && node.offsetParent !== null && !node.disabled;
const press = (selector) => {
  const node = find(selector);
  if (!visible(node)) return false;
  node.click();
  return true;
};

// ------------------------------------------------------------------------------------------- keys

const FIELDS = "textarea, select, [contenteditable=true], input:not([type=range], [type=checkbox], [type=radio], [type=file])";
const PRESSABLE = "button, a, summary, label, input, [role=tab], [role=button], [role=option]";
const LETTERS = { r: "#again", e: "#edit", c: "#compare" };

function neighbour(by) {
  const tiles = [...document.querySelectorAll("#takes .tile[data-take]")];
  if (!tiles.length) return false;
  const here = tiles.findIndex((tile) => tile.getAttribute("aria-pressed") === "true");
  const next = here < 0 ? (by > 0 ? 0 : tiles.length - 1) : here + by;
  if (next < 0 || next >= tiles.length) return false;
  tiles[next].click();
  return true;
}

function leave(target) {
  if (target.matches(FIELDS)) return target.blur() ?? true;
  const mode = find("#where-now")?.dataset.mode;
  if (mode === "edit") return press("#close-editor");
  if (mode === "compare") return press("#compare");
  return press("#notice [data-do=dismiss]");
}

function pressed(event) {
  const target = event.target;
  if (event.key === "Escape") {
    focused = null;
    return leave(target);
  }
  if (target.matches(FIELDS) || find("#where-now")?.dataset.mode === "edit") return false;
  const clips = find("gl-compare, gl-player");
  const comparing = clips?.matches("gl-compare");
  const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (along) {
    if (target.matches("input, [role=tab]")) return false;
    if (comparing || event.shiftKey) return clips?.step(along) ?? Boolean(clips);
    return neighbour(along);
  }
  if (event.key === " " && !target.matches(PRESSABLE)) return clips?.toggle() ?? Boolean(clips);
  if (event.key === "Enter") return !target.matches(PRESSABLE) && press("#primary");
  return press(LETTERS[event.key.toLowerCase()] ?? "#no-such-key");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (pressed(event)) event.preventDefault();
});

// The primary button of a finished video downloads it: the link beside the takes knows where it is.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#primary");
  if (button?.textContent.trim() === "Download") find("#download")?.click();
});

// ------------------------------------------------------------------------- address, title, notifications

let before = {};

function address(now) {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of [["project", now.project], ["stage", now.stage], ["task", now.task], ["tab", now.tab === "create" ? "" : now.tab], ["measurement", now.measurement], ["figure", now.figure]]) {
    value ? query.set(key, value) : query.delete(key);
  }
  const target = `${location.pathname}${query.size ? `?${query}` : ""}`;
  if (target === `${location.pathname}${location.search}`) return;
  const moved = before.project !== undefined && before.project !== now.project;
  moved ? history.pushState(null, "", target) : history.replaceState(null, "", target);
}

function call(now) {
  if (!now.waits || now.waits === before.waits || !document.hidden) return;
  if (window.Notification?.permission === "granted") new Notification(now.waits, { body: now.title, tag: now.project });
}

function arrived() {
  const node = find("#where-now");
  if (!node) return;
  const now = { ...node.dataset };
  if (JSON.stringify(now) === JSON.stringify(before)) return;
  address(now);
  call(now);
  document.title = [now.waits && `● ${now.waits}`, now.title, "Greenlight"].filter(Boolean).join(" · ");
  for (const tab of document.querySelectorAll("#tabs > .tab-wrapper [role=tab]")) {
    if (tab.textContent.trim() === "Queue") tab.dataset.count = Number(now.queue) || "";
  }
  before = now;
}

window.addEventListener("popstate", () => location.reload());

// -------------------------------------------------------------------------------------- small courtesies

const TODAY = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const EARLIER = new Intl.DateTimeFormat([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function local() {
  for (const node of document.querySelectorAll("time[datetime]:not([data-local])")) {
    const at = new Date(node.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    node.textContent = (at.toDateString() === new Date().toDateString() ? TODAY : EARLIER).format(at);
    node.dataset.local = "";
  }
}

// Markup that is drawn again takes the focus with it: give it back to the same button.
let focused = null;

document.addEventListener("focusin", ({ target }) => {
  focused = target.dataset?.do ? { ...target.dataset } : null;
});

// Where the person has clicked since, or pressed Escape, the focus is theirs.
document.addEventListener("pointerdown", () => (focused = null), true);

function refocus() {
  if (!focused || document.activeElement !== document.body) return;
  const same = [...document.querySelectorAll(`[data-do="${CSS.escape(focused.do)}"]`)].find((node) =>
    Object.entries(focused).every(([key, value]) => node.dataset[key] === value),
  );
  same?.focus({ preventScroll: true });
}

// On a long road, the stop that is open is brought into view once.
let stop = "";

function follow() {
  const here = find(".road.long .here");
  const name = here?.querySelector("[data-stage]")?.dataset.stage ?? "";
  if (name !== stop) here?.scrollIntoView({ block: "nearest", inline: "center" });
  stop = name;
}

// What is told by attributes alone, since markup that is drawn again keeps its nodes: where the person is, and when.
const TOLD = ["project", "stage", "tab", "task", "title", "waits", "queue", "local"].map((name) => `data-${name}`).concat("datetime", "aria-current");
let due = false;

new MutationObserver(() => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    arrived();
    local();
    refocus();
    follow();
  });
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: TOLD });

document.addEventListener("pointerover", ({ target }) => {
  const cover = target.closest?.(".cover-open");
  cover?.querySelector("video")?.play().catch(() => {});
});

document.addEventListener("pointerout", ({ target, relatedTarget }) => {
  const cover = target.closest?.(".cover-open");
  if (cover && !cover.contains(relatedTarget)) cover.querySelector("video")?.pause();
});

// ---------------------------------------------------------------------------------------- light and dark

const LIGHT = "greenlight-light";

function lights(dark) {
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}

const chosen = localStorage.getItem(LIGHT);
if (chosen) lights(chosen === "dark");

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("#light")) {
    const dark = !document.body.classList.contains("dark");
    localStorage.setItem(LIGHT, dark ? "dark" : "light");
    lights(dark);
  }
  if (target.closest?.("#notify")) window.Notification?.requestPermission();
});

// -------------------------------------------------------------------------------------------- dropped files

const OPENS = /\.(mp4|json|zip)$/i;

const files = (event) => [...(event.dataTransfer?.files ?? [])].filter((file) => OPENS.test(file.name));
const over = (on) => document.body.classList.toggle("dropping", on);

window.addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files") || event.target.closest?.("[data-drop]")) return;
  event.preventDefault();
  over(true);
});

window.addEventListener("dragleave", (event) => event.relatedTarget || over(false));

window.addEventListener("drop", (event) => {
  over(false);
  if (event.defaultPrevented) return;
  const [file] = files(event);
  if (file && hand("#opener", file)) event.preventDefault();
});

// What was painted goes the way of any upload.
document.addEventListener("painted", (event) => hand("#painted", event.detail));
