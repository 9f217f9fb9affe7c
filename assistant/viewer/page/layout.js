// What a viewer is made of: its rows of controls, its pictures, what it says below them.

import { button, choice, field, fill, make } from "./controls.js";
import { TOOL_KEYS } from "./keys.js";
import { listen } from "./pointing.js";

/** The root of a viewer; its parts are kept on the viewer by name. */
export function lay(viewer, data) {
  const { words } = viewer;
  viewer.buttons = Object.fromEntries(
    viewer.tools.map((tool) => [tool, button(tool, words[tool], keyOf(tool), () => viewer.choose(tool), "false")]),
  );
  viewer.status = make("p", { role: "status", class: "status" });
  viewer.help = make("p", { class: "help", id: "keys", hidden: true }, words.keys_told);
  const root = make(
    "div",
    { class: "viewer", role: "group", "aria-label": fill(words.viewer_of, { image: data.title }) },
    make("div", { class: "bar", role: "group", "aria-label": words.tools }, ...Object.values(viewer.buttons)),
    make("div", { class: "bar" }, ...viewControls(viewer)),
    make("div", { class: "panes" }, ...viewer.panes.map((pane) => layPane(viewer, pane))),
    viewer.help,
    viewer.status,
    viewer.marks.element,
    make("p", { class: "note" }, data.note),
  );
  for (const pane of viewer.panes) listen(pane, viewer);
  return root;
}

function viewControls(viewer) {
  const { words } = viewer;
  const act = (icon, key, press, on) => button(icon, words[icon], key, () => press(viewer.pane), on);
  const controls = [];
  if (viewer.panes.some((pane) => pane.grey)) {
    viewer.preset_ = choice(words.preset, viewer.presets, (name) => viewer.preset(viewer.pane, name));
    viewer.level = field(words.level, (level) => viewer.window(viewer.pane, level, viewer.pane.someWindow.width));
    viewer.width = field(words.width, (width) => viewer.window(viewer.pane, viewer.pane.someWindow.level, width));
    viewer.inverted = act("invert", "I", (pane) => viewer.invert(pane), "false");
    controls.push(viewer.preset_, viewer.level.label, viewer.width.label, viewer.inverted);
  }
  controls.push(
    act("smaller", "−", (pane) => pane.zoomTo(pane.zoom / 1.25)),
    act("larger", "+", (pane) => pane.zoomTo(pane.zoom * 1.25)),
    act("actual", "*", (pane) => pane.actualSize()),
    ...(viewer.marking.length ? [act("undo", "⌫", (pane) => viewer.marks.undo(pane))] : []),
    act("reset", "X", (pane) => viewer.reset(pane)),
    (viewer.darkness = act("dark", "K", () => viewer.darken(), "false")),
    act("full", "G", () => viewer.fill()),
    (viewer.keys = act("keys", "?", () => viewer.tell(), "false")),
  );
  if (viewer.panes.length > 1) {
    viewer.link = act("link", "", () => viewer.join(), "true");
    controls.push(viewer.link);
  }
  return controls;
}

function layPane(viewer, pane) {
  const { words } = viewer;
  const { count, title, modality } = pane.series;
  pane.corner = make("p", { class: "corner", "aria-hidden": "true" });
  const picture = make("div", { class: "picture" }, pane.canvas, pane.corner);
  // Not left to the style, which comes by itself, late or never: the canvas takes the size of what it lies in, and
  // where that took the size of the canvas both would grow without end and hold up the page.
  Object.assign(picture.style, { position: "relative", overflow: "hidden" });
  Object.assign(pane.canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
  const parts = [picture];
  if (count > 1) {
    pane.slider = make("input", {
      type: "range", min: 1, max: count, value: pane.index + 1,
      "aria-label": fill(words.slice_of, { image: title, count }),
      oninput: () => viewer.scroll(pane, pane.slider.valueAsNumber - 1 - pane.index),
    });
    parts.push(pane.slider);
  }
  pane.kind = [title, modality].filter(Boolean).join(", ");
  return make("div", { class: "pane" }, ...parts);
}

function keyOf(tool) {
  return Object.entries(TOOL_KEYS).find(([, one]) => one === tool)[0].toUpperCase();
}
