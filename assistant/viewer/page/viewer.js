// The viewer: one or two series on canvases, a row of controls, the list of marks. No part of it leaves this page
// but what `report` tells the server. See `assistant/viewer/component.py` for what it is given and gives back.

import { fill, make } from "./controls.js";
import { pressed } from "./keys.js";
import { lay } from "./layout.js";
import { MarkList } from "./mark_list.js";
import { measure } from "./marks.js";
import { Pane } from "./pane.js";

const REPORT_AFTER_MS = 400;
const viewers = new WeakMap();

export default function show({ data, parentElement, setStateValue }) {
  const series = JSON.stringify(data.series.map(({ url }) => url));
  let viewer = viewers.get(parentElement);
  if (viewer && viewer.name !== series) {
    viewer.close();
    viewer = undefined;
  }
  if (!viewer) {
    viewer = new Viewer(data, series);
    viewers.set(parentElement, viewer);
    parentElement.append(viewer.root);
  }
  viewer.send = (view) => setStateValue("view", view);
  viewer.take(data);
  return () => {
    viewer.close();
    viewers.delete(parentElement);
  };
}

class Viewer {
  constructor(data, name) {
    this.name = name;
    this.words = data.words;
    this.presets = [["file", this.words.as_in_file], ["whole", this.words.whole_range]];
    this.presets.push(...data.presets.map(({ name: one, words }) => [one, words]));
    this.windows = Object.fromEntries(data.presets.map(({ name: one, level, width }) => [one, { level, width }]));
    this.order = 0;
    this.linked = data.series.length > 1;
    const format = new Intl.NumberFormat(data.language, { maximumFractionDigits: 1, useGrouping: false });
    this.number = (value) => format.format(value);
    this.panes = data.series.map((one) => this.makePane(one, data));
    this.pane = this.panes[0];
    this.marking = data.marking;
    this.tools = this.usefulTools();
    this.marks = new MarkList(this);
    this.root = lay(this, data);
    this.choose(this.firstTool());
    this.watch = new ResizeObserver(() => this.fit());
    for (const pane of this.panes) this.watch.observe(pane.canvas.parentElement);
    this.root.addEventListener("fullscreenchange", () => this.fit());
  }

  makePane(series, data) {
    const canvas = make("canvas", { tabindex: "0", role: "application", "aria-roledescription": this.words.picture });
    const pane = new Pane(series, canvas, {
      words: this.words,
      number: this.number,
      outlines: data.outlines,
      changed: (one) => this.changed(one),
      failed: (status) => this.say(status === 404 ? this.words.gone : this.words.not_loaded),
    });
    canvas.addEventListener("keydown", (event) => {
      this.use(pane);
      if (!pressed(event, pane, this)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    canvas.addEventListener("focus", () => this.use(pane));
    return pane;
  }

  usefulTools() {
    const tools = this.panes.some((one) => one.grey) ? ["window", "move"] : ["move"];
    if (this.panes.some((one) => one.series.count > 1)) tools.push("scroll");
    return [...tools, ...this.marking];
  }

  firstTool() {
    const touch = window.matchMedia("(pointer: coarse)").matches;
    return touch && this.tools.includes("scroll") ? "scroll" : this.tools[0];
  }

  fit() {
    const ratio = window.devicePixelRatio || 1;
    for (const pane of this.panes) {
      const { clientWidth, clientHeight } = pane.canvas.parentElement;
      const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
      if (!width || !height || (pane.canvas.width === width && pane.canvas.height === height)) continue;
      Object.assign(pane.canvas, { width, height });
      pane.redraw();
    }
  }

  // What one can do with it.

  use(pane) {
    if (this.pane === pane) return;
    this.pane = pane;
    this.changed(pane);
  }

  choose(tool) {
    this.tool = tool;
    for (const pane of this.panes) Object.assign(pane, { unfinished: null, cross: null }).redraw();
    for (const [name, one] of Object.entries(this.buttons)) one.setAttribute("aria-pressed", String(name === tool));
    for (const pane of this.panes) pane.canvas.dataset.tool = tool;
    if (this.marking.includes(tool)) this.say(this.words.how_to_mark);
  }

  scroll(pane, by) {
    const before = pane.index;
    if (!pane.go(before + by)) return;
    if (!this.linked) return;
    for (const other of this.panes) if (other !== pane) other.go(other.index + pane.index - before);
  }

  window(pane, level, width) {
    if (!pane.grey || !Number.isFinite(level) || !Number.isFinite(width)) return;
    pane.setWindow({ level, width, function: pane.someWindow.function });
  }

  preset(pane, name) {
    if (!pane.grey) return;
    if (name === "file") pane.setWindow(null);
    else if (name === "whole") pane.setWindow(pane.wholeWindow);
    else if (name in this.windows) pane.setWindow({ ...this.windows[name], function: "LINEAR" });
  }

  invert(pane) {
    if (!pane.grey) return;
    pane.inverted = !pane.inverted;
    pane.redraw();
  }

  reset(pane) {
    pane.reset();
    this.say(this.words.was_reset);
  }

  join() {
    this.linked = !this.linked;
    this.link.setAttribute("aria-pressed", String(this.linked));
  }

  darken() {
    const dark = this.root.classList.toggle("dark");
    this.darkness.setAttribute("aria-pressed", String(dark));
    this.pane.canvas.focus({ preventScroll: true });
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
    this.pane.canvas.focus({ preventScroll: true });
  }

  tell() {
    this.help.hidden = !this.help.hidden;
    this.keys.setAttribute("aria-pressed", String(!this.help.hidden));
    if (!this.help.hidden) this.say(this.words.keys_told);
  }

  leave(pane) {
    if (pane.unfinished || pane.cross) Object.assign(pane, { unfinished: null, cross: null }).redraw();
    else if (this.root.classList.contains("dark")) this.darken();
    else this.choose(this.firstTool());
  }

  // What it says.

  say(sentence) {
    this.status.textContent = sentence;
  }

  /** A pane was drawn anew: its words, the fields, and what the server is told. */
  changed(pane) {
    const { words } = this;
    const view = pane.shownWindow;
    const place = pane.series.count > 1 ? fill(words.slice_of_count, { slice: pane.index + 1, count: pane.series.count }) : "";
    const bright = pane.grey ? (view ? fill(words.window_told, this.figures(view)) : words.as_in_file) : "";
    const ratio = window.devicePixelRatio || 1;
    const zoom = `${Math.round((100 * pane.scale) / ratio)} %`;
    setText(pane.corner, [place, bright, pane.inverted ? words.inverted : "", zoom].filter(Boolean).join("\n"));
    const marks = pane.marksHere.map((mark) => this.marks.told(pane, mark));
    const told = [pane.kind, place, bright, pane.inverted ? words.inverted : "", ...marks];
    pane.canvas.setAttribute("aria-label", `${told.filter(Boolean).join("; ")}. ${words.press_for_keys}`);
    if (pane.slider) pane.slider.value = pane.index + 1;
    if (pane === this.pane) this.showFields(pane, view);
    this.report();
  }

  showFields(pane, view) {
    if (!this.level) return;
    for (const [one, value] of [[this.level, view?.level], [this.width, view?.width]]) {
      one.input.disabled = !pane.grey;
      const active = this.root.getRootNode().activeElement;
      if (active !== one.input) one.input.value = value === undefined ? "" : Number(value.toPrecision(6));
    }
    this.inverted.setAttribute("aria-pressed", String(pane.inverted));
    this.preset_.value = this.presetOf(pane);
  }

  presetOf(pane) {
    if (!pane.window) return "file";
    const same = ([, one]) => one.level === pane.window.level && one.width === pane.window.width;
    return Object.entries(this.windows).find(same)?.[0] ?? "";
  }

  figures({ level, width }) {
    return { level: this.number(level), width: this.number(width) };
  }

  // To and from the server.

  /** Tell the server what changed, once it stays so for a moment; how it began, the server knows. */
  report() {
    this.reported ??= JSON.stringify(this.view);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.reportNow(), REPORT_AFTER_MS);
  }

  reportNow() {
    const { view } = this;
    const text = JSON.stringify(view);
    if (text === this.reported) return;
    this.reported = text;
    this.send(view);
  }

  get view() {
    return { order: this.order, shown: this.panes.indexOf(this.pane), panes: this.panes.map(viewOf) };
  }

  /** An order of the page: a slice, a window or marks to show, once for each number. */
  take({ orders }) {
    const fresh = orders.filter(({ number }) => number > this.order);
    for (const order of fresh) {
      this.order = order.number;
      const pane = this.panes[order.pane];
      if (order.slice !== null) pane.go(order.slice);
      if (order.window) pane.setWindow(order.window);
      if (order.marks) Object.assign(pane, { marks: order.marks.map((one) => ({ ...one })) }).redraw();
    }
    // The list is left as it is else: somebody may be writing in it.
    if (fresh.length || !this.listed) this.marks.show();
    this.listed = true;
  }

  close() {
    clearTimeout(this.soon);
    this.watch.disconnect();
    for (const pane of this.panes) pane.close();
    this.root.remove();
  }
}

function viewOf(pane) {
  const { index, inverted, marks } = pane;
  const view = pane.shownWindow;
  const measured = marks.map((mark) => ({ ...mark, measure: measure(mark, pane.spacing) }));
  return { slice: index, window: view, inverted, zoom: Number(pane.zoom.toFixed(3)), marks: measured };
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
