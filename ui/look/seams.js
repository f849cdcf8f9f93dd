// <gl-seams>: plays around each seam of a film, steps through it, holds its two frames against each other, and measures
// it: how much changes from the last frame before it to the first after it, beside what changes from frame to frame there.

import { Drawn } from "./drawn.js";
import { icon, make } from "./player.js";

const AROUND_SECONDS = 0.5;
const MEASURED = 6;
const SMALL = 96;

class Seams extends Drawn {
  build() {
    this.fps = Number(this.getAttribute("fps"));
    this.frames = Number(this.getAttribute("frames"));
    this.seams = JSON.parse(this.getAttribute("seams"));
    this.video = make("video", { src: this.getAttribute("src"), playsinline: "", preload: "auto", class: "big", "aria-label": "The film around the seam" });
    this.video.muted = true;
    this.video.style.aspectRatio = this.getAttribute("ratio");
    const pick = make("div", { class: "tools", role: "group", "aria-label": "Seams" }, ...this.seams.map((seam, index) => this.chip(seam, index)));
    this.place = make("output", { class: "hint" });
    this.figures = make("p", { class: "seam-figures", role: "status" });
    const sides = make("div", { class: "columns" }, make("div", {}, this.video, this.bar()), this.pair());
    this.replaceChildren(...(this.seams.length > 1 ? [pick] : []), sides, this.figures);
    this.closest("details")?.addEventListener("toggle", ({ target }) => target.open && !this.dataset.ready && this.open(0));
    if (!this.closest("details") || this.closest("details").open) this.open(0);
  }

  chip(seam, index) {
    const node = make("button", { type: "button", class: "link button", "data-seam": index }, `${seam.before} | ${seam.after}`);
    node.addEventListener("click", () => this.open(index));
    return node;
  }

  bar() {
    const button = (drawing, label, press) => {
      const node = make("button", { type: "button", class: "link", "aria-label": label, title: label }, icon(drawing));
      node.addEventListener("click", press);
      return node;
    };
    const play = button("loop", "Play around the seam", () => this.play());
    return make("div", { class: "transport" }, button("back", "One frame back", () => this.step(-1)), play, button("forth", "One frame on", () => this.step(1)), this.place);
  }

  /** The last frame before the seam and the first after it, and a slider that wipes from one to the other. */
  pair() {
    this.canvases = ["before", "after"].map((side) => make("canvas", { class: `seam-${side}`, role: "img" }));
    const wipe = make("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": "Wipe between the two frames at the seam" });
    const pair = make("div", { class: "wipe seam-pair" }, ...this.canvases);
    const set = () => pair.style.setProperty("--wipe", `${wipe.value}%`);
    wipe.addEventListener("input", set);
    set();
    return make("div", {}, pair, wipe);
  }

  async open(index) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.seam = this.seams[index];
    for (const node of this.querySelectorAll("[data-seam]")) node.setAttribute("aria-pressed", Number(node.dataset.seam) === index);
    this.figures.textContent = "Measuring …";
    this.video.pause();
    if (this.video.readyState < 2) await new Promise((done) => this.video.addEventListener("loadeddata", done, { once: true }));
    const from = Math.max(0, this.seam.frame - MEASURED);
    const to = Math.min(this.frames - 1, this.seam.frame + MEASURED - 1);
    const steps = [];
    let before = null;
    for (let frame = from; frame <= to && turn === this.turn; frame += 1) {
      await this.seek(frame);
      const now = this.look(frame);
      if (before) steps.push([frame, difference(before, now)]);
      before = now;
    }
    if (turn !== this.turn) return;
    this.tell(steps);
    await this.seek(this.seam.frame - 1);
    this.dataset.ready = "";
  }

  async seek(frame) {
    this.frame = Math.max(0, Math.min(this.frames - 1, frame));
    const arrived = new Promise((done) => this.video.addEventListener("seeked", done, { once: true }));
    this.video.currentTime = (this.frame + 0.5) / this.fps;
    await arrived;
    this.where();
  }

  where() {
    const { frame, before, after } = this.seam;
    this.place.value = `frame ${this.frame + 1}: ${this.frame < frame ? before : after}`;
  }

  /** The frame's pixels, small; the two at the seam are kept to be held against each other. */
  look(frame) {
    const { videoWidth, videoHeight } = this.video;
    const kept = { [this.seam.frame - 1]: 0, [this.seam.frame]: 1 }[frame];
    if (kept !== undefined) {
      const canvas = Object.assign(this.canvases[kept], { width: videoWidth, height: videoHeight });
      canvas.setAttribute("aria-label", kept ? `First frame of ${this.seam.after}` : `Last frame of ${this.seam.before}`);
      canvas.getContext("2d").drawImage(this.video, 0, 0);
    }
    const pen = Object.assign(document.createElement("canvas"), { width: SMALL, height: SMALL }).getContext("2d", { willReadFrequently: true });
    pen.drawImage(this.video, 0, 0, SMALL, SMALL);
    return pen.getImageData(0, 0, SMALL, SMALL).data;
  }

  tell(steps) {
    const at = steps.find(([frame]) => frame === this.seam.frame)?.[1] ?? 0;
    const others = steps.filter(([frame]) => frame !== this.seam.frame).map(([, step]) => step);
    const mean = others.reduce((sum, step) => sum + step, 0) / Math.max(1, others.length);
    const times = mean > 0 ? `: ${(at / mean).toFixed(1)} times as much` : "";
    this.figures.textContent = `At the seam ${at.toFixed(1)} of 255 changes from one frame to the next, beside it ${mean.toFixed(1)}${times}.`;
  }

  async step(by) {
    this.video.pause();
    await this.seek(this.frame + by);
  }

  async play() {
    const round = Math.max(1, Math.round(AROUND_SECONDS * this.fps));
    const end = Math.min(this.frames, this.seam.frame + round) / this.fps;
    await this.seek(this.seam.frame - round);
    await this.video.play().catch(() => {});
    const watch = () => {
      this.frame = Math.min(this.frames - 1, Math.floor(this.video.currentTime * this.fps));
      this.where();
      if (this.video.currentTime >= end - 0.5 / this.fps || this.video.ended) return this.video.pause();
      if (!this.video.paused && this.isConnected) requestAnimationFrame(watch);
    };
    watch();
  }
}

/** Mean absolute difference of two frames, 0 to 255. */
function difference(one, two) {
  let sum = 0;
  for (let at = 0; at < one.length; at += 4) {
    sum += Math.abs(one[at] - two[at]) + Math.abs(one[at + 1] - two[at + 1]) + Math.abs(one[at + 2] - two[at + 2]);
  }
  return sum / ((3 * one.length) / 4);
}

customElements.define("gl-seams", Seams);
