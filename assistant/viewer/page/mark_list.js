// The marks of a viewer as a list: each can be found, captioned and removed there.

import { fill, make } from "./controls.js";
import { finished, holds, measure } from "./marks.js";

const MOST_MARKS = 100;

export class MarkList {
  constructor(viewer) {
    this.viewer = viewer;
    this.words = viewer.words;
    this.element = make("ol", { class: "marks", "aria-label": this.words.marks });
  }

  add(pane, points) {
    const kind = this.viewer.tool;
    Object.assign(pane, { unfinished: null, cross: null });
    if (holds(points) && pane.marks.length < MOST_MARKS) {
      const mark = finished(kind, pane.index, points);
      pane.marks.push(mark);
      this.viewer.say(fill(this.words.marked, { mark: this.told(pane, mark) }));
      this.show();
    }
    pane.redraw();
  }

  undo(pane) {
    if (pane.unfinished) return void Object.assign(pane, { unfinished: null }).redraw();
    const last = pane.marksHere.at(-1);
    if (last) this.remove(pane, last);
  }

  remove(pane, mark) {
    pane.marks = pane.marks.filter((one) => one !== mark);
    this.viewer.say(fill(this.words.removed, { mark: this.told(pane, mark) }));
    this.show();
    pane.redraw();
  }

  told(pane, mark) {
    const found = measure(mark, pane.spacing);
    const unit = found?.unit === "px" ? this.words.pixels : found?.unit;
    const size = found && `${this.viewer.number(found.value)} ${unit}`;
    return [this.words[mark.kind], size, mark.caption && `“${mark.caption}”`].filter(Boolean).join(" ");
  }

  show() {
    const rows = this.viewer.panes.flatMap((pane) => pane.marks.map((mark) => this.row(pane, mark)));
    this.element.replaceChildren(...rows);
  }

  row(pane, mark) {
    const { words } = this;
    const name = this.told(pane, { ...mark, caption: "" });
    const where = pane.series.count > 1 ? `, ${fill(words.slice, { slice: mark.slice + 1 })}` : "";
    const write = (event) => {
      mark.caption = event.target.value.trim();
      pane.redraw();
    };
    const caption = { type: "text", maxlength: "80", value: mark.caption, placeholder: words.caption };
    return make(
      "li",
      {},
      make("button", { type: "button", class: "words", onclick: () => this.goTo(pane, mark.slice) }, name + where),
      make("input", { ...caption, "aria-label": fill(words.caption_of, { mark: name }), onchange: write }),
      make("button", { type: "button", class: "words", "aria-label": fill(words.remove_mark, { mark: name }),
        onclick: () => this.remove(pane, mark) }, words.remove),
    );
  }

  goTo(pane, slice) {
    this.viewer.use(pane);
    this.viewer.scroll(pane, slice - pane.index);
    pane.canvas.focus({ preventScroll: true });
  }
}
