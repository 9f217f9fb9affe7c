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
    const fewest = kind === "freehand" && pane.host.outlines ? 3 : 2;
    if (holds(points, fewest) && pane.marks.length < MOST_MARKS) {
      const mark = finished(kind, pane.index, points);
      pane.marks.push(mark);
      this.viewer.say(fill(this.words.marked, { mark: this.told(pane, mark) }));
      this.show();
      this.viewer.reportNow();
    }
    pane.redraw();
  }

  undo(pane) {
    if (pane.unfinished) return void Object.assign(pane, { unfinished: null }).redraw();
    const last = pane.marksHere.findLast((mark) => this.own(mark));
    if (last) this.remove(pane, last);
  }

  remove(pane, mark) {
    pane.marks = pane.marks.filter((one) => one !== mark);
    this.viewer.say(fill(this.words.removed, { mark: this.told(pane, mark) }));
    this.show();
    this.viewer.reportNow();
    pane.redraw();
  }

  /** Whether the reader may change a mark. */
  own(mark) {
    return mark.tone === "own" && this.viewer.marking.length > 0;
  }

  told(pane, mark) {
    const found = measure(mark, pane.spacing);
    const unit = found?.unit === "px" ? this.words.pixels : found?.unit;
    const size = found && `${this.viewer.number(found.value)} ${unit}`;
    const whose = mark.tone === "truth" && this.words.truth;
    const name = this.words[mark.kind];
    return [whose, name, size, mark.caption && `“${mark.caption}”`].filter(Boolean).join(" ");
  }

  show() {
    const rows = this.viewer.panes.flatMap((pane) => pane.marks.map((mark) => this.row(pane, mark)));
    this.element.replaceChildren(...rows);
  }

  row(pane, mark) {
    const { words } = this;
    const own = this.own(mark);
    const name = this.told(pane, own ? { ...mark, caption: "" } : mark);
    const where = pane.series.count > 1 ? `, ${fill(words.slice, { slice: mark.slice + 1 })}` : "";
    const find = make("button", { type: "button", class: "words", onclick: () => this.goTo(pane, mark.slice) }, name + where);
    if (!own) return make("li", {}, find);
    const write = (event) => {
      mark.caption = event.target.value.trim();
      this.viewer.reportNow();
      pane.redraw();
    };
    const caption = { type: "text", maxlength: "200", value: mark.caption, placeholder: words.caption };
    return make(
      "li",
      {},
      find,
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
