// What is brought to a start page: files that are dropped or chosen go into Gradio's own upload buttons, and
// <gl-trim> shows a video with the part of it that is wanted. It tells the page of that part and keeps nothing else.

import { Drawn } from "./drawn.js";
import { make } from "./player.js";

/** Put a file into one of Gradio's upload buttons, as if it had been chosen there. */
export function hand(button, file) {
  const input = document.querySelector(button)?.previousElementSibling;
  if (!input?.matches("input[type=file]")) return false;
  const holder = new DataTransfer();
  holder.items.add(file);
  input.files = holder.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-hand]");
  if (button) document.querySelector(`#${button.dataset.hand}`)?.click();
});

// -------------------------------------------------------------------------------------------- dropping

const zone = (event) => event.target.closest?.("[data-drop]");
const light = (place) => {
  for (const each of document.querySelectorAll("[data-drop].over")) each.classList.toggle("over", each === place);
  place?.classList.add("over");
};

document.addEventListener("dragover", (event) => {
  const place = zone(event);
  light(place);
  if (place && event.dataTransfer?.types.includes("Files")) event.preventDefault();
});

document.addEventListener("dragleave", (event) => event.relatedTarget || light(null));

document.addEventListener("drop", (event) => {
  const place = zone(event);
  const [file] = event.dataTransfer?.files ?? [];
  light(null);
  if (place && file && hand(`#${place.dataset.drop}`, file)) event.preventDefault();
});

// A file on its way in is said to be so, until the page draws its place anew.
document.addEventListener("change", ({ target }) => {
  const button = target.matches?.("input[type=file]") && target.nextElementSibling;
  if (button?.id) document.querySelector(`[data-drop="${CSS.escape(button.id)}"]`)?.classList.add("coming");
});

// -------------------------------------------------------------------------------------------- trimming

const FINE = 0.05;

class Trim extends Drawn {
  build() {
    this.video = make("video", { src: this.getAttribute("src"), playsinline: "", preload: "metadata", "aria-label": this.getAttribute("label") });
    this.video.muted = true;
    this.note = make("p", { class: "hint" }, "Reading it …");
    this.told = make("input", { type: "hidden", "data-do": "trim", "data-key": this.dataset.key });
    this.replaceChildren(this.video, this.note, this.told);
    this.video.addEventListener("loadedmetadata", () => this.open(), { once: true });
    this.video.addEventListener("error", () => this.unseen(), { once: true });
    this.video.addEventListener("click", () => (this.video.paused ? this.play() : this.video.pause()));
    this.video.addEventListener("timeupdate", () => this.video.currentTime >= this.end.value && !this.video.paused && this.play());
  }

  open() {
    this.seconds = Number.isFinite(this.video.duration) ? this.video.duration : 0;
    if (!this.seconds) return this.unseen();
    const size = this.video.videoWidth ? `${this.video.videoWidth} × ${this.video.videoHeight}, ` : "";
    this.size = size;
    this.begin = this.slider("Begin at", 0);
    this.end = this.slider("End at", this.seconds);
    this.note.before(make("div", { class: "trim-rail" }, this.begin, this.end));
    this.show();
    this.dataset.ready = "";
  }

  unseen() {
    this.video.hidden = true;
    this.note.textContent = "This browser cannot show it. Greenlight reads more kinds than browsers do: go on, and see its first stage.";
  }

  slider(label, value) {
    const node = make("input", { type: "range", min: 0, max: this.seconds, step: FINE, value, "aria-label": `${label} (seconds)` });
    node.addEventListener("input", () => this.move(node));
    node.addEventListener("change", () => this.tell());
    return node;
  }

  /** Keep the handles in order, and show the frame that is being chosen. */
  move(node) {
    const [begin, end] = [Number(this.begin.value), Number(this.end.value)];
    if (end - begin < 2 * FINE) node.value = node === this.begin ? end - 2 * FINE : begin + 2 * FINE;
    this.video.pause();
    this.video.currentTime = Number(node.value);
    this.show();
  }

  show() {
    const [begin, end] = [Number(this.begin.value), Number(this.end.value)];
    this.style.setProperty("--from", `${(100 * begin) / this.seconds}%`);
    this.style.setProperty("--to", `${(100 * end) / this.seconds}%`);
    const part = begin > 0 || end < this.seconds - FINE ? `from ${begin.toFixed(1)} to ${end.toFixed(1)} s` : "all of it";
    this.note.textContent = `${this.size}${this.seconds.toFixed(1)} s: ${part}`;
  }

  tell() {
    const [begin, end] = [Number(this.begin.value), Number(this.end.value)];
    this.told.value = `${begin > 0 ? begin.toFixed(2) : ""} ${end < this.seconds - FINE ? end.toFixed(2) : ""}`;
    this.told.dispatchEvent(new Event("change", { bubbles: true }));
  }

  play() {
    this.video.currentTime = Number(this.begin.value);
    this.video.play().catch(() => {});
  }
}

customElements.define("gl-trim", Trim);
