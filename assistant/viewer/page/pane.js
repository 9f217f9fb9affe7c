// One series on one canvas: which slice, how bright, where; its marks. It draws; what is pressed is heard elsewhere.

import { aspectOf } from "./geometry.js";
import { draw, written } from "./marks.js";
import { Slices } from "./slices.js";
import { paintColour, paintGrey, windowOf } from "./window.js";

const MARK = "#ffd54a";
const DRAWN = "#7cf0ff";
const TRUTH = "#6dff8f";
const [SMALLEST, LARGEST] = [0.2, 40];

export class Pane {
  /**
   * @param {object} series as `assistant/viewer/series.py` describes it.
   * @param {HTMLCanvasElement} canvas
   * @param {{words: object, number: Function, changed: Function, failed: Function}} host
   */
  constructor(series, canvas, host) {
    Object.assign(this, { series, canvas, host });
    this.ctx = canvas.getContext("2d", { alpha: false });
    this.slices = new Slices(series, (name) => name === this.name && this.redraw(), host.failed);
    this.sheet = document.createElement("canvas");
    this.sheet.width = series.width;
    this.sheet.height = series.height;
    this.sheetCtx = this.sheet.getContext("2d", { willReadFrequently: true });
    this.image = this.sheetCtx.createImageData(series.width, series.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.index = series.index;
    this.marks = series.marks.map((one) => ({ ...one }));
    this.unfinished = null;
    this.cross = null;
    this.ahead = 1;
    this.painted = "";
    this.reset();
  }

  /** The view as it was first: the file's own window, the whole picture. */
  reset() {
    this.window = null;
    this.inverted = false;
    this.zoom = 1;
    this.center = [this.series.width / 2, this.series.height / 2];
    this.redraw();
  }

  get grey() {
    return this.series.kind !== "rgb";
  }

  /** What the file shows this slice with; null where only its own picture tells. */
  get fileWindow() {
    return this.series.windows[this.series.windows.length > 1 ? this.index : 0];
  }

  get spacing() {
    return this.series.spacings[this.series.spacings.length > 1 ? this.index : 0];
  }

  get aspect() {
    return aspectOf(this.spacing);
  }

  /** The window in use; null while the picture is shown as the file's table makes it. */
  get shownWindow() {
    return this.window ?? this.fileWindow;
  }

  get name() {
    return this.grey && !this.shownWindow ? `${this.index}/shown` : `${this.index}`;
  }

  /** A window to start from where the file only has a picture. */
  get someWindow() {
    return this.shownWindow ?? this.series.start;
  }

  /** The window that shows all of the slice's values. */
  get wholeWindow() {
    const values = this.slices.held.get(`${this.index}`);
    return values ? windowOf(values) : this.someWindow;
  }

  setWindow(window) {
    this.window = window && { ...window, width: Math.max(window.width, window.function === "LINEAR" ? 1 : 1e-6) };
    this.redraw();
  }

  go(index) {
    const next = Math.max(0, Math.min(this.series.count - 1, index));
    if (next === this.index) return false;
    this.ahead = next > this.index ? 1 : -1;
    this.index = next;
    this.redraw();
    return true;
  }

  /** Canvas pixels for one column of the picture. */
  get scale() {
    const { width, height } = this.series;
    return this.zoom * Math.min(this.canvas.width / width, this.canvas.height / (height * this.aspect));
  }

  get origin() {
    const [x, y] = this.center;
    const { scale } = this;
    return [
      Math.round(this.canvas.width / 2 - x * scale),
      Math.round(this.canvas.height / 2 - y * scale * this.aspect),
    ];
  }

  toCanvas([x, y]) {
    const [left, top] = this.origin;
    return [left + x * this.scale, top + y * this.scale * this.aspect];
  }

  toPicture([x, y]) {
    const [left, top] = this.origin;
    return [(x - left) / this.scale, (y - top) / (this.scale * this.aspect)];
  }

  /** Zoom so that what is under a point of the canvas stays there; without one, what is in the middle. */
  zoomTo(zoom, at = [this.canvas.width / 2, this.canvas.height / 2]) {
    const before = this.toPicture(at);
    const actual = this.zoom / this.scale;
    this.zoom = Math.max(Math.min(SMALLEST, actual), Math.min(Math.max(LARGEST, actual), zoom));
    const after = this.toPicture(at);
    this.center = this.center.map((one, i) => one + before[i] - after[i]);
    this.redraw();
  }

  /** One pixel of the picture on one of the screen. */
  actualSize() {
    this.zoomTo(this.zoom / this.scale);
  }

  move(across, down) {
    const { width, height } = this.series;
    const [x, y] = [this.center[0] - across / this.scale, this.center[1] - down / (this.scale * this.aspect)];
    this.center = [Math.max(0, Math.min(width, x)), Math.max(0, Math.min(height, y))];
    this.redraw();
  }

  inPicture([x, y]) {
    return [Math.max(0, Math.min(this.series.width, x)), Math.max(0, Math.min(this.series.height, y))];
  }

  get marksHere() {
    return this.marks.filter((one) => one.slice === this.index);
  }

  redraw() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      this.draw();
    });
  }

  draw() {
    if (!this.canvas.width || !this.canvas.height) return;
    this.paint();
    const { ctx } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.painted) {
      ctx.imageSmoothingEnabled = this.scale !== 1 && this.scale < 4;
      ctx.setTransform(this.scale, 0, 0, this.scale * this.aspect, ...this.origin);
      ctx.drawImage(this.sheet, 0, 0);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
    }
    this.drawMarks();
    this.canvas.dataset.slice = String(this.shownIndex + 1);
    this.host.changed(this);
  }

  /** The slice asked for, made grey once for each slice and window; while it comes, the one before stays. */
  paint() {
    const values = this.slices.get(this.name, this.ahead);
    this.canvas.setAttribute("aria-busy", String(!values));
    if (!values) return;
    const window = this.name.endsWith("/shown") ? null : this.shownWindow;
    const painted = JSON.stringify([this.name, window, this.inverted]);
    if (painted === this.painted) return;
    this.painted = painted;
    this.shownIndex = this.index;
    if (this.grey) {
      const low = this.inverted !== (window !== null && this.series.inverted);
      paintGrey(values, window ?? { level: 127.5, width: 255, function: "LINEAR_EXACT" }, low, this.pixels);
    } else {
      paintColour(values, this.pixels);
    }
    this.sheetCtx.putImageData(this.image, 0, 0);
  }

  drawMarks() {
    const { words, number, outlines } = this.host;
    const px = window.devicePixelRatio || 1;
    const place = (point) => this.toCanvas(point);
    if (this.shownIndex === this.index) {
      for (const mark of this.marksHere) {
        const truth = mark.tone === "truth";
        const look = { px, colour: truth ? TRUTH : MARK, dashed: truth, closed: outlines };
        draw(this.ctx, mark, place, written(mark, this.spacing, number, words), look);
      }
    }
    const now = this.unfinished;
    if (now) {
      const enough = now.kind === "distance" ? now.points.length > 1 : now.kind === "angle" && now.points.length > 2;
      const text = enough ? written({ ...now, caption: "" }, this.spacing, number, words) : "";
      draw(this.ctx, now, place, text, { px, colour: DRAWN });
    }
    if (this.cross) this.drawCross(px);
  }

  drawCross(px) {
    const [x, y] = this.toCanvas(this.cross);
    const { ctx } = this;
    ctx.beginPath();
    for (const [across, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      ctx.moveTo(x + 4 * px * across, y + 4 * px * down);
      ctx.lineTo(x + 16 * px * across, y + 16 * px * down);
    }
    ctx.lineWidth = 2 * px;
    ctx.strokeStyle = DRAWN;
    ctx.stroke();
  }

  close() {
    cancelAnimationFrame(this.due);
    this.slices.close();
  }
}
Pane.prototype.shownIndex = 0;
