// <gl-draft>: words that were typed at a stage and not saved outlive a reload, a look elsewhere and a server that died. This
// browser keeps them, one draft for each stage of a project, and offers them back; once they are saved they are forgotten.

import { Drawn } from "./drawn.js";
import { make, tell } from "./player.js";

const KEPT = "greenlight-words";
const MOST = 40;
const field = (name) => document.querySelector(`#${name} textarea, #${name} input`);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(all) {
  const newest = Object.entries(all).sort(([, one], [, other]) => other.at.localeCompare(one.at));
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(newest.slice(0, MOST))));
  } catch {
    // A browser that keeps nothing: the words are only on the page, as before.
  }
}

function forget(stage) {
  const { [stage]: _, ...others } = kept();
  keep(others);
}

class Draft extends Drawn {
  build() {
    this.said = JSON.parse(this.getAttribute("said"));
    this.replaceChildren();
    requestAnimationFrame(() => this.look()); // the fields beside it are filled in the same breath
  }

  look() {
    const draft = kept()[this.dataset.stage];
    if (!draft || !this.isConnected) return;
    if (this.same(draft.texts)) return forget(this.dataset.stage);
    if (!Object.keys(this.said).every((name) => (field(name)?.value ?? "") === (draft.texts[name] ?? ""))) this.offer(draft);
  }

  same(texts) {
    return Object.keys(this.said).every((name) => (texts[name] ?? "") === this.said[name]);
  }

  offer({ at, texts }) {
    const use = make("button", { type: "button", class: "link button" }, "Use them");
    const drop = make("button", { type: "button", class: "link" }, "Drop them");
    use.addEventListener("click", () => this.use(texts));
    drop.addEventListener("click", () => {
      forget(this.dataset.stage);
      this.replaceChildren();
    });
    const words = make("p", {}, "Your unsaved words from ", make("time", { datetime: at }, at), ":");
    const said = Object.entries(texts).filter(([name, text]) => text && text !== this.said[name]);
    const quoted = said.flatMap(([name, text]) => (name === "shots" ? JSON.parse(text) : [text])).map((text) => make("q", {}, text));
    this.replaceChildren(make("div", { class: "nothing", role: "status" }, words, ...quoted, make("div", { class: "tools" }, use, drop)));
  }

  use(texts) {
    for (const name of Object.keys(this.said)) {
      if (name === "shots") document.querySelector("gl-shots")?.use(JSON.parse(texts.shots));
      else tell(`#${name}`, texts[name] ?? "");
    }
    this.replaceChildren();
  }

  /** The fields as they stand are kept; as they were saved, there is nothing to keep. */
  typed(target) {
    const names = Object.keys(this.said);
    if (!names.some((name) => field(name) === target)) return;
    const texts = Object.fromEntries(names.map((name) => [name, field(name)?.value ?? ""]));
    if (this.same(texts)) return forget(this.dataset.stage);
    keep({ ...kept(), [this.dataset.stage]: { at: new Date().toISOString(), texts } });
  }
}

customElements.define("gl-draft", Draft);

document.addEventListener("input", ({ target }) => document.querySelectorAll("gl-draft").forEach((draft) => draft.typed(target)));
