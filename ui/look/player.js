// Two elements for clips: <gl-player> shows one, <gl-compare> shows two in step with each other.
// They know nothing of the page around them; keys reach them through their methods `step`, `toggle` and `flip`.

import { Drawn } from "./drawn.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const SPEEDS = [0.25, 0.5, 1, 2];

export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.append(use);
  return drawing;
}

/** Write into a field of Gradio's that nobody sees, as if it had been typed there. */
export function tell(field, text) {
  const node = document.querySelector(`${field} textarea, ${field} input`);
  if (!node) return;
  node.value = text;
  node.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A clip as a <video>, a picture as an <img>. */
function medium(src, kind, label) {
  if (kind !== "video") return make("img", { src, alt: label });
  const video = make("video", { src, playsinline: "", preload: "auto", "aria-label": label });
  video.muted = true;
  return video;
}

/** Plays some videos as one: the first leads, the others follow its time. */
class Reel {
  constructor(videos, fps, frames) {
    this.videos = videos;
    this.fps = fps;
    this.frames = Math.max(1, frames);
    this.looping = true;
    this.onframe = () => {};
    const lead = videos[0];
    if (!lead) return;
    lead.addEventListener("ended", () => (this.looping ? this.restart() : this.onframe(this.frame)));
    lead.addEventListener("seeked", () => this.onframe(this.frame));
  }

  get playing() {
    return Boolean(this.videos[0]) && !this.videos[0].paused;
  }

  get frame() {
    return Math.min(this.frames - 1, Math.floor((this.videos[0]?.currentTime ?? 0) * this.fps + 0.01));
  }

  play() {
    if (this.videos[0]?.ended) this.seek(0);
    this.videos.forEach((video) => video.play().catch(() => {}));
    this.watch();
  }

  pause() {
    this.videos.forEach((video) => video.pause());
    this.onframe(this.frame);
  }

  restart() {
    this.videos.forEach((video) => (video.currentTime = 0));
    this.play();
  }

  seek(frame) {
    const time = (Math.max(0, Math.min(this.frames - 1, frame)) + 0.5) / this.fps;
    this.videos.forEach((video) => (video.currentTime = time));
  }

  step(by) {
    this.pause();
    this.seek((this.frame + by + this.frames) % this.frames);
  }

  speed(rate) {
    this.videos.forEach((video) => (video.playbackRate = rate));
  }

  /** While playing: tell which frame it is, and pull along who has fallen behind. */
  watch() {
    const lead = this.videos[0];
    const look = () => {
      if (lead.paused || !lead.isConnected) return;
      for (const video of this.videos.slice(1)) {
        if (Math.abs(video.currentTime - lead.currentTime) > 0.6 / this.fps) video.currentTime = lead.currentTime;
        if (video.paused && !lead.ended) video.play().catch(() => {});
      }
      this.onframe(this.frame);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }
}

/** Play, frame slider, speed and loop for a reel. */
function transport(reel) {
  const play = make("button", { type: "button", class: "link", "aria-label": "Play or pause (space)" }, icon("pause"));
  const slider = make("input", { type: "range", min: 0, max: reel.frames - 1, value: 0, "aria-label": "Frame" });
  const counter = make("output", {}, `1 / ${reel.frames}`);
  const speed = make("select", { "aria-label": "Speed" });
  SPEEDS.forEach((rate) => speed.append(new Option(`${rate}×`, rate, rate === 1, rate === 1)));
  const loop = make("button", { type: "button", class: "link", "aria-pressed": "true", "aria-label": "Loop" }, icon("loop"));
  play.addEventListener("click", () => (reel.playing ? reel.pause() : reel.play()));
  slider.addEventListener("input", () => {
    const wanted = Number(slider.value);
    reel.pause();
    reel.seek(wanted);
  });
  speed.addEventListener("change", () => reel.speed(Number(speed.value)));
  loop.addEventListener("click", () => {
    reel.looping = !reel.looping;
    loop.setAttribute("aria-pressed", reel.looping);
  });
  reel.onframe = (frame) => {
    slider.value = frame;
    counter.value = `${frame + 1} / ${reel.frames}`;
    play.replaceChildren(icon(reel.playing ? "pause" : "play"));
  };
  return make("div", { class: "transport" }, play, slider, counter, speed, loop);
}

class Player extends Drawn {
  build() {
    const video = medium(this.getAttribute("src"), "video", this.getAttribute("label") ?? "Video");
    video.className = "big";
    video.style.aspectRatio = this.getAttribute("ratio");
    this.reel = new Reel([video], Number(this.getAttribute("fps")), Number(this.getAttribute("frames")));
    this.replaceChildren(video, transport(this.reel));
    video.addEventListener("click", () => this.toggle());
    STILL.matches ? this.reel.pause() : this.reel.play();
  }

  toggle() {
    this.reel.playing ? this.reel.pause() : this.reel.play();
  }

  step(by) {
    this.reel.step(by);
  }
}

class Compare extends Drawn {
  build() {
    const sides = ["a", "b"].map((side) => this.side(side));
    const videos = sides.map((figure) => figure.querySelector("video")).filter(Boolean);
    const frames = Math.max(...["a", "b"].map((side) => Number(this.getAttribute(`frames-${side}`))));
    this.reel = new Reel(videos, Number(this.getAttribute("fps-a")), frames);
    this.face = make("button", { type: "button", class: "link button" });
    this.face.addEventListener("click", () => this.flip());
    this.beside = make("button", { type: "button", class: "link button" }, "Side by side");
    this.beside.addEventListener("click", () => this.show("both"));
    this.over = make("button", { type: "button", class: "link button" }, "Wipe");
    this.over.addEventListener("click", () => this.show("wipe"));
    this.wiper = make("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": "Wipe from A to B" });
    this.wiper.addEventListener("input", () => this.style.setProperty("--wipe", `${this.wiper.value}%`));
    const bar = make("div", { class: "compare-bar" }, this.face, this.beside, this.over);
    this.replaceChildren(make("div", { class: "sides" }, ...sides), this.wiper, bar);
    if (videos.length) {
      bar.before(transport(this.reel));
      STILL.matches ? this.reel.pause() : this.reel.play();
    }
    this.show(this.getAttribute("show") ?? "both");
  }

  side(side) {
    const label = this.getAttribute(`label-${side}`);
    const shown = medium(this.getAttribute(`src-${side}`), this.getAttribute(`kind-${side}`), label);
    shown.style.aspectRatio = this.getAttribute(`ratio-${side}`);
    const caption = make("figcaption", {}, make("b", {}, side.toUpperCase()), ` ${label}`);
    return make("figure", { class: `side side-${side}` }, shown, caption);
  }

  /** Show "both" beside each other, only "a" or "b" in the same spot, or one laid over the other, to "wipe". */
  show(which) {
    this.dataset.show = which;
    this.face.textContent = which === "a" ? "Show B (space)" : which === "b" ? "Show A (space)" : "A/B in one spot (space)";
    this.beside.hidden = which === "both";
    this.over.hidden = which === "wipe";
    this.wiper.hidden = which !== "wipe";
  }

  flip() {
    this.show(this.dataset.show === "a" ? "b" : "a");
  }

  toggle() {
    this.flip();
  }

  step(by) {
    if (this.reel.videos.length) this.reel.step(by);
  }
}

customElements.define("gl-player", Player);
customElements.define("gl-compare", Compare);
