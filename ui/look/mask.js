// <gl-mask>: a mask as a translucent colour on a picture or on the frames of a clip. With `editing` it is painted:
// brush, eraser, undo, grow, feather, invert, and a switch for each thing that was found. A mask over time has a slider
// for its frames. What was painted and not saved is kept while the page lives.

import { Drawn } from "./drawn.js";
import { icon, make, tell } from "./player.js";
import { grown, feathered, shapes } from "./shapes.js";

const TINT = [255, 64, 160, 140];
const UNDOS = 40;
const drafts = new Map();

const number = (node, name) => Number(node.getAttribute(name)) || 0;
const sheet = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

async function pixels(src, width, height) {
  const picture = new Image();
  picture.src = src;
  await picture.decode();
  const pen = sheet(width, height).getContext("2d", { willReadFrequently: true });
  pen.drawImage(picture, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height).data;
}

class Mask extends Drawn {
  async build() {
    Object.assign(this, { width: number(this, "width"), height: number(this, "height"), count: number(this, "count") || 1 });
    Object.assign(this, { frame: 0, size: 18, tool: "brush", grow: 0, feather: 0, invert: false });
    this.editing = this.hasAttribute("editing");
    const label = this.editing ? "The mask: paint here" : this.getAttribute("label");
    this.canvas = make("canvas", { class: "big", role: "img", "aria-label": label, width: this.width, height: this.height });
    if (this.editing) this.canvas.tabIndex = 0;
    const tools = this.editing ? [await this.tools()] : [];
    const turn = (this.turns = (this.turns ?? 0) + 1);
    this.replaceChildren(...tools, this.canvas, ...(this.count > 1 ? [this.timeline()] : []), this.actions());
    await this.open();
    if (turn !== this.turns) return;
    if (this.editing) this.listen();
    await this.turn(0);
    this.dataset.ready = "";
  }

  async open() {
    const key = this.dataset.key;
    this.state = (this.editing && drafts.get(key)) || { frames: await this.read(), past: [], touched: new Set() };
    if (this.editing) drafts.set(key, this.state);
    if (this.getAttribute("kind") !== "video") {
      const picture = new Image();
      picture.src = this.getAttribute("src");
      await picture.decode();
      this.base = picture;
      return;
    }
    this.base = make("video", { src: this.getAttribute("src"), preload: "auto", playsinline: "" });
    this.base.muted = true;
    await new Promise((done) => this.base.addEventListener("loadeddata", done, { once: true }));
  }

  /** Each frame's mask, one byte a pixel. */
  async read() {
    const { width, height, count } = this;
    const empty = () => Array.from({ length: count }, () => new Uint8ClampedArray(width * height));
    if (!this.getAttribute("mask")) return empty();
    const data = await pixels(this.getAttribute("mask"), width, height * count);
    return empty().map((mask, frame) => mask.map((_, at) => data[4 * (frame * width * height + at)]));
  }

  // ------------------------------------------------------------------------------------------- the bars

  async tools() {
    const bar = make("div", { class: "tools", role: "toolbar", "aria-label": "Mask tools" });
    for (const [tool, title] of [["brush", "Brush"], ["eraser", "Eraser"]]) {
      bar.append(this.button(tool, title, () => this.take(tool), { "data-tool": tool, "aria-pressed": tool === this.tool }));
    }
    bar.append(this.slider("Size of the brush", "size", 1, 64));
    bar.append(this.button("undo", "Undo", () => this.undo()));
    const shape = make("div", { class: "tools shape" }, this.slider("Grow", "grow", -24, 24, true), this.slider("Feather", "feather", 0, 24, true));
    const invert = make("input", { type: "checkbox" });
    invert.addEventListener("change", () => this.change("invert", invert.checked));
    shape.append(make("label", {}, invert, " Everything but this"));
    return make("div", {}, bar, shape, await this.things());
  }

  async things() {
    const src = this.getAttribute("things");
    if (!src) return "";
    const told = await (await fetch(src)).json();
    const row = make("div", { class: "tools", role: "group", "aria-label": "Things that were found" });
    told.things.forEach((thing, index) => {
      const box = make("input", { type: "checkbox" });
      box.checked = told.chosen.includes(index);
      box.addEventListener("change", () => this.put(shapes(thing, told.width, told.height), box.checked));
      row.append(make("label", {}, box, ` ${index + 1} ${thing.word}`));
    });
    return row;
  }

  slider(label, name, min, max, worded = false) {
    const node = make("input", { type: "range", min, max, value: this[name], "aria-label": label });
    node.addEventListener("input", () => this.change(name, Number(node.value)));
    return worded ? make("label", {}, `${label} `, node) : node;
  }

  timeline() {
    const slider = make("input", { type: "range", min: 0, max: this.count - 1, value: 0, "aria-label": "Frame" });
    this.counter = make("output", {}, `1 / ${this.count}`);
    slider.addEventListener("input", () => this.turn(Number(slider.value)));
    return make("div", { class: "transport" }, slider, this.counter);
  }

  actions() {
    const before = this.button("before", "Hold to see it without the mask", () => {});
    for (const [event, bare] of [["pointerdown", true], ["pointerup", false], ["pointerleave", false], ["keydown", true], ["keyup", false]]) {
      before.addEventListener(event, () => this.draw(bare));
    }
    if (!this.editing) return make("div", { class: "tools" }, before);
    const moves = this.count > 1;
    const save = make("button", { type: "button", class: "go", id: "save-picture" }, moves ? "Save, and follow it from here" : "Save as a new take");
    save.addEventListener("click", () => this.save(moves));
    const only = make("button", { type: "button", class: "link button", hidden: moves ? undefined : "" }, "Save these frames only");
    only.addEventListener("click", () => this.save(false));
    const close = make("button", { type: "button", class: "link button", "data-do": "close", id: "close-editor" }, "Close");
    return make("div", { class: "tools" }, save, only, before, close);
  }

  button(drawing, title, press, attributes = {}, words = "") {
    const node = make("button", { type: "button", class: "link", title, "aria-label": title, ...attributes }, ...(drawing ? [icon(drawing)] : []), words);
    node.addEventListener("click", press);
    return node;
  }

  take(tool) {
    this.tool = tool;
    for (const node of this.querySelectorAll("[data-tool]")) node.setAttribute("aria-pressed", node.dataset.tool === tool);
  }

  change(name, value) {
    this[name] = value;
    if (name !== "size") this.draw();
  }

  // ------------------------------------------------------------------------------------------- the mask

  get painted() {
    return this.state.frames[this.frame];
  }

  /** A frame's mask as it will be saved. */
  finished(mask) {
    const { width, height } = this;
    const shaped = feathered(grown(mask, width, height, this.grow), width, height, this.feather);
    return this.invert ? shaped.map((value) => 255 - value) : shaped;
  }

  draw(bare = false) {
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.width, this.height);
    pen.drawImage(this.base, 0, 0, this.width, this.height);
    if (bare) return;
    const tint = new ImageData(this.width, this.height);
    const mask = this.finished(this.painted);
    for (let at = 0; at < mask.length; at += 1) {
      for (let part = 0; part < 3; part += 1) tint.data[4 * at + part] = TINT[part];
      tint.data[4 * at + 3] = (TINT[3] * mask[at]) / 255;
    }
    const layer = sheet(this.width, this.height);
    layer.getContext("2d").putImageData(tint, 0, 0);
    pen.drawImage(layer, 0, 0);
    this.dataset.share = (mask.reduce((sum, value) => sum + value, 0) / 255 / mask.length).toFixed(3);
  }

  async turn(frame) {
    this.frame = frame;
    if (this.counter) this.counter.value = `${frame + 1} / ${this.count}`;
    if (this.base instanceof HTMLVideoElement) {
      this.base.currentTime = (frame + 0.5) / number(this, "fps");
      await new Promise((done) => this.base.addEventListener("seeked", done, { once: true }));
    }
    this.draw();
  }

  listen() {
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.remember();
      this.last = this.point(event);
      this.stroke(this.last);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.last) (event.getCoalescedEvents?.() ?? [event]).forEach((each) => this.stroke(this.point(each)));
    });
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => (this.last = null));
    this.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo();
    });
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = Math.min(box.width / this.width, box.height / this.height);
    const left = box.left + (box.width - this.width * scale) / 2;
    const top = box.top + (box.height - this.height * scale) / 2;
    return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
  }

  /** A round brush from the last point to this one. */
  stroke({ x, y }) {
    const pen = sheet(this.width, this.height).getContext("2d", { willReadFrequently: true });
    Object.assign(pen, { lineWidth: this.size, lineCap: "round", lineJoin: "round" });
    pen.beginPath();
    pen.moveTo(this.last.x, this.last.y);
    pen.lineTo(x, y + 0.01);
    pen.stroke();
    const { data } = pen.getImageData(0, 0, this.width, this.height);
    this.put(Uint8ClampedArray.from({ length: this.width * this.height }, (_, at) => data[4 * at + 3]), this.tool === "brush", false);
    this.last = { x, y };
  }

  /** Add a shape to the frame's mask, or take it away. */
  put(shape, on, remember = true) {
    if (remember) this.remember();
    const mask = this.painted;
    shape.forEach((value, at) => (mask[at] = on ? Math.max(mask[at], value) : Math.min(mask[at], 255 - value)));
    this.draw();
  }

  remember() {
    this.state.touched.add(this.frame);
    this.state.past.push([this.frame, this.painted.slice()]);
    if (this.state.past.length > UNDOS) this.state.past.shift();
  }

  undo() {
    const [frame, mask] = this.state.past.pop() ?? [this.frame, this.painted];
    this.state.frames[frame] = mask;
    this.draw();
  }

  /** Hand it over; `follow`: what was painted on some frames counts, and the others follow it anew. */
  save(follow) {
    tell("#corrected", follow ? [...this.state.touched].join(" ") : "");
    const whole = sheet(this.width, this.height * this.count);
    const pen = whole.getContext("2d");
    this.state.frames.forEach((mask, frame) => {
      const picture = new ImageData(this.width, this.height);
      const shaped = this.finished(mask);
      for (let at = 0; at < picture.data.length; at += 1) picture.data[at] = at % 4 === 3 ? 255 : shaped[at >> 2];
      pen.putImageData(picture, 0, frame * this.height);
    });
    whole.toBlob((blob) => {
      drafts.delete(this.dataset.key);
      this.dispatchEvent(new CustomEvent("painted", { bubbles: true, detail: new File([blob], "mask.png", { type: "image/png" }) }));
    }, "image/png");
  }
}

customElements.define("gl-mask", Mask);
