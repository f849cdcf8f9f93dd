// What the page's own elements share. Gradio mends markup in place: it changes the attributes of an element that is
// there already, and takes away the children that it does not know. <gl-…> elements draw themselves anew then.

const OWN = new Set(["class", "style", "data-ready", "data-show", "data-share"]);

export class Drawn extends HTMLElement {
  #told;
  #watch;

  /** Draw everything from the attributes; called when the element arrives, and when the page changed it. */
  build() {}

  connectedCallback() {
    this.#watch ??= new MutationObserver(() => this.mended());
    this.#watch.observe(this, { attributes: true, childList: true });
    this.#told = this.telling();
    this.build();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
  }

  mended() {
    if (this.childElementCount && this.telling() === this.#told) return;
    this.#told = this.telling();
    delete this.dataset.ready;
    this.build();
  }

  /** What the page says: every attribute but those that the element sets itself. */
  telling() {
    return JSON.stringify([...this.attributes].filter(({ name }) => !OWN.has(name)).map(({ name, value }) => [name, value]));
  }
}
