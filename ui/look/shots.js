// <gl-shots>: the shots of a long film, to edit, and to move by mouse or by keyboard (Alt and an arrow key).
// What stands here goes into the hidden field #shots as JSON; what was typed and not saved is kept while the page lives.

import { Drawn } from "./drawn.js";
import { icon, make, tell } from "./player.js";

const drafts = new Map();

class Shots extends Drawn {
  build() {
    this.key = this.dataset.take;
    this.shots = drafts.get(this.key) ?? JSON.parse(this.getAttribute("shots"));
    this.filmed = new Set(this.getAttribute("filmed").split(" ").filter(Boolean).map(Number));
    this.draw();
    if (drafts.has(this.key)) this.tell();
  }

  draw() {
    const rows = this.shots.map((text, index) => this.row(text, index));
    const hint = make("p", { class: "hint" }, "Drag a shot, or press Alt and an arrow key, to move it.");
    this.replaceChildren(make("b", { class: "label" }, "Shots: what moves in each"), make("ol", { class: "shots" }, ...rows), hint);
  }

  row(text, index) {
    const number = index + 1;
    const field = make("textarea", { rows: 2, "aria-label": `Shot ${number}` });
    field.value = text;
    field.addEventListener("input", () => {
      this.shots[index] = field.value;
      this.tell();
    });
    const handle = make("span", { class: "shot-handle", draggable: "true", title: `Drag shot ${number}` }, String(number));
    const tools = make("span", { class: "shot-tools" }, this.mover(index, -1, "up"), this.mover(index, 1, "down"), this.again(number));
    const item = make("li", { "data-shot": number }, handle, field, tools);
    item.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!event.altKey || !by) return;
      event.preventDefault();
      this.move(index, index + by);
    });
    this.draggable_(handle, item, index);
    return item;
  }

  mover(index, by, word) {
    const button = make("button", { type: "button", class: "link", title: `Move shot ${index + 1} ${word}`, "aria-label": `Move shot ${index + 1} ${word}` }, icon(word));
    button.disabled = index + by < 0 || index + by >= this.shots.length;
    button.addEventListener("click", () => this.move(index, index + by));
    return button;
  }

  again(number) {
    if (!this.filmed.has(number)) return "";
    const hint = `Film again from shot ${number}`;
    return make("button", { type: "button", class: "link", "data-do": "film-again", "data-shot": number, title: hint, "aria-label": hint }, icon("loop"));
  }

  draggable_(handle, item, index) {
    handle.addEventListener("dragstart", (event) => {
      this.dragged = index;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(item, 8, 8);
    });
    item.addEventListener("dragover", (event) => {
      if (this.dragged === undefined) return;
      event.preventDefault();
      item.classList.add("over");
    });
    item.addEventListener("dragleave", () => item.classList.remove("over"));
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.dragged !== undefined) this.move(this.dragged, index);
    });
    handle.addEventListener("dragend", () => (this.dragged = undefined));
  }

  move(from, to) {
    this.dragged = undefined;
    if (to < 0 || to >= this.shots.length) return;
    this.shots.splice(to, 0, ...this.shots.splice(from, 1));
    this.tell();
    this.draw();
    this.querySelector(`[data-shot="${to + 1}"] textarea`)?.focus();
  }

  /** Shots that were typed before, in the place of these. */
  use(shots) {
    this.shots = shots;
    this.tell();
    this.draw();
  }

  tell() {
    drafts.set(this.key, this.shots);
    tell("#shots", JSON.stringify(this.shots));
  }
}

customElements.define("gl-shots", Shots);
