// <gl-editor>: paint on a picture, erase the paint, pick a colour, crop, undo, and hold to see it as it was.
// It works in the picture's own pixels, shown large, and hands the result to `save` as a PNG file. What was painted
// and not saved is kept while the page lives: closing the editor by mistake loses nothing.

import { Drawn } from "./drawn.js";
import { icon, make } from "./player.js";

const COLOURS = ["#d92f2f", "#f08a24", "#f3d02e", "#35a853", "#2f7de1", "#7d4fd0", "#ffffff", "#1c1c1c"];
const TOOLS = [["brush", "Brush"], ["eraser", "Eraser"], ["pick", "Pick a colour"], ["crop", "Crop"]];
const UNDO_BYTES = 64 * 1024 * 1024;
const drafts = new Map();

const sheet = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
const copy = (canvas) => {
  const twin = sheet(canvas.width, canvas.height);
  twin.getContext("2d").drawImage(canvas, 0, 0);
  return twin;
};

class Editor extends Drawn {
  async build() {
    this.tool = "brush";
    this.colour = COLOURS[0];
    this.size = 10;
    this.canvas = make("canvas", { class: "big", tabindex: 0, role: "img", "aria-label": "The picture: paint here" });
    this.replaceChildren(this.tools(), this.canvas, this.actions());
    this.original = await this.load(this.getAttribute("src"));
    const { width, height } = this.original;
    Object.assign(this.canvas, { width, height });
    this.state = drafts.get(this.getAttribute("src")) ?? { base: copy(this.original), paint: sheet(width, height), past: [] };
    drafts.set(this.getAttribute("src"), this.state);
    this.listen();
    this.draw();
    this.dataset.ready = "";
  }

  async load(src) {
    const picture = new Image();
    picture.src = src;
    await picture.decode();
    const canvas = sheet(picture.naturalWidth, picture.naturalHeight);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    return canvas;
  }

  // ------------------------------------------------------------------------------------------ the bars

  tools() {
    const choices = TOOLS.map(([name, title]) => this.button(name, title, () => this.take(name), { "data-tool": name }));
    const colours = COLOURS.map((colour) => {
      const swatch = this.button("", `Colour ${colour}`, () => this.paintWith(colour), { class: "swatch", "data-colour": colour });
      swatch.style.background = colour;
      return swatch;
    });
    const own = make("input", { type: "color", value: this.colour, "aria-label": "Another colour", class: "swatch" });
    own.addEventListener("input", () => this.paintWith(own.value));
    const size = make("input", { type: "range", min: 1, max: 48, value: this.size, "aria-label": "Size of the brush" });
    size.addEventListener("input", () => (this.size = Number(size.value)));
    const bar = make("div", { class: "tools", role: "toolbar", "aria-label": "Painting tools" });
    bar.append(...choices, make("span", { class: "swatches" }, ...colours, own), size);
    queueMicrotask(() => this.mark());
    return bar;
  }

  actions() {
    const save = make("button", { type: "button", class: "go", id: "save-picture" }, "Save as a new take");
    save.addEventListener("click", () => this.save());
    const close = make("button", { type: "button", class: "link button", "data-do": "close", id: "close-editor" }, "Close");
    const before = this.button("before", "Hold to see it as it was", () => {});
    for (const [event, on] of [["pointerdown", true], ["pointerup", false], ["pointerleave", false], ["keydown", true], ["keyup", false]]) {
      before.addEventListener(event, () => this.draw(on));
    }
    return make("div", { class: "tools" }, save, this.button("undo", "Undo", () => this.undo()), before, close);
  }

  button(drawing, title, press, attributes = {}) {
    const node = make("button", { type: "button", class: "link", title, "aria-label": title, ...attributes });
    if (drawing) node.append(icon(drawing));
    node.addEventListener("click", press);
    return node;
  }

  take(tool) {
    this.tool = tool;
    this.mark();
  }

  paintWith(colour) {
    this.colour = colour;
    this.take("brush");
  }

  mark() {
    for (const node of this.querySelectorAll("[data-tool]")) node.setAttribute("aria-pressed", node.dataset.tool === this.tool);
    for (const node of this.querySelectorAll("[data-colour]")) node.setAttribute("aria-pressed", node.dataset.colour === this.colour);
  }

  // -------------------------------------------------------------------------------------- the picture

  /** Show the picture; `before`: as it was. A rectangle marks what would be kept of it. */
  draw(before = false, kept = null) {
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(before ? this.original : this.state.base, 0, 0);
    if (!before) pen.drawImage(this.state.paint, 0, 0);
    if (!kept) return;
    pen.fillStyle = "rgb(0 0 0 / 55%)";
    pen.beginPath();
    pen.rect(0, 0, this.canvas.width, this.canvas.height);
    pen.rect(kept.x, kept.y, kept.width, kept.height);
    pen.fill("evenodd");
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = Math.min(box.width / this.canvas.width, box.height / this.canvas.height);
    const left = box.left + (box.width - this.canvas.width * scale) / 2;
    const top = box.top + (box.height - this.canvas.height * scale) / 2;
    return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
  }

  listen() {
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.begin(this.point(event));
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.last) (event.getCoalescedEvents?.() ?? [event]).forEach((each) => this.move(this.point(each)));
    });
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    this.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo();
    });
  }

  begin(point) {
    if (this.tool === "pick") return this.pick(point);
    this.remember();
    this.last = this.start = point;
    if (this.tool !== "crop") this.move(point);
  }

  move(point) {
    if (this.tool === "crop") return this.draw(false, this.rectangle(point));
    const pen = this.state.paint.getContext("2d");
    pen.globalCompositeOperation = this.tool === "eraser" ? "destination-out" : "source-over";
    pen.strokeStyle = this.colour;
    pen.lineWidth = this.size;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(this.last.x, this.last.y);
    pen.lineTo(point.x, point.y + 0.01);
    pen.stroke();
    this.last = point;
    this.draw();
  }

  end() {
    if (!this.last) return;
    if (this.tool === "crop") this.crop();
    this.last = null;
  }

  /** The part to keep, from where the drag began to here, in the shape of the picture. */
  rectangle(point) {
    const { width, height } = this.canvas;
    const share = Math.min(1, Math.max(Math.abs(point.x - this.start.x) / width, Math.abs(point.y - this.start.y) / height));
    const [wide, high] = [share * width, share * height];
    const clamp = (value, most) => Math.max(0, Math.min(most, value));
    const x = clamp(point.x < this.start.x ? this.start.x - wide : this.start.x, width - wide);
    const y = clamp(point.y < this.start.y ? this.start.y - high : this.start.y, height - high);
    this.kept = { x, y, width: wide, height: high };
    return this.kept;
  }

  crop() {
    const kept = this.kept;
    this.kept = null;
    if (!kept || kept.width < 8) {
      this.state.past.pop();
      return this.draw();
    }
    for (const name of ["base", "paint"]) {
      const whole = sheet(this.canvas.width, this.canvas.height);
      const pen = whole.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.drawImage(this.state[name], kept.x, kept.y, kept.width, kept.height, 0, 0, whole.width, whole.height);
      this.state[name] = whole;
    }
    this.draw();
  }

  pick({ x, y }) {
    const [red, green, blue] = this.canvas.getContext("2d").getImageData(Math.floor(x), Math.floor(y), 1, 1).data;
    this.paintWith(`#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`);
  }

  remember() {
    const { past, base, paint } = this.state;
    past.push({ base: copy(base), paint: copy(paint) });
    const each = base.width * base.height * 8;
    while (past.length > 1 && past.length * each > UNDO_BYTES) past.shift();
  }

  undo() {
    const before = this.state.past.pop();
    if (before) Object.assign(this.state, before);
    this.draw();
  }

  save() {
    this.draw();
    this.canvas.toBlob((blob) => {
      drafts.delete(this.getAttribute("src"));
      this.dispatchEvent(new CustomEvent("painted", { bubbles: true, detail: new File([blob], "painted.png", { type: "image/png" }) }));
    }, "image/png");
  }
}

customElements.define("gl-editor", Editor);
