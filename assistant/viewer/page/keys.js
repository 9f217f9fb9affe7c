// The keyboard: everything that a mouse does on a picture.

import { POINTS } from "./marks.js";

export const TOOL_KEYS = {
  v: "window", h: "move", s: "scroll", d: "distance", a: "angle", r: "rectangle", e: "ellipse", f: "freehand", p: "arrow",
};

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEPS = { PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };
const MOVE_SHARE = 0.05;
const WINDOW_SHARE = 0.05;
const FAR = 10;

/** Do what a key asks of a pane; whether it asked for anything. */
export function pressed(event, pane, viewer) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const drawing = viewer.tool in POINTS;
  const arrow = ARROWS[event.key];
  if (arrow) return arrowed(arrow, event.shiftKey, drawing, pane, viewer);
  if (event.key in STEPS) return viewer.scroll(pane, STEPS[event.key]) || true;
  if (drawing && pane.cross && event.key === "Enter") return point(pane, viewer);
  if (drawing && event.key === "Enter") return arrowed([0, 0], false, true, pane, viewer);
  const act = ACTS[event.key] ?? ACTS[event.key.toLowerCase()];
  if (act) return act(pane, viewer, event.shiftKey) || true;
  const tool = TOOL_KEYS[event.key.toLowerCase()];
  if (tool && viewer.tools.includes(tool)) return viewer.choose(tool) || true;
  const preset = viewer.presets[Number(event.key) - 1];
  if (preset) return viewer.preset(pane, preset[0]) || true;
  return false;
}

const ACTS = {
  "+": (pane) => pane.zoomTo(pane.zoom * 1.25),
  "=": (pane) => pane.zoomTo(pane.zoom * 1.25),
  "-": (pane) => pane.zoomTo(pane.zoom / 1.25),
  "*": (pane) => pane.actualSize(),
  l: (pane, viewer, down) => change(pane, viewer, "level", down ? -1 : 1),
  w: (pane, viewer, down) => change(pane, viewer, "width", down ? -1 : 1),
  i: (pane, viewer) => viewer.invert(pane),
  x: (pane, viewer) => viewer.reset(pane),
  k: (pane, viewer) => viewer.darken(),
  g: (pane, viewer) => viewer.fill(),
  Backspace: (pane, viewer) => viewer.marks.undo(pane),
  Delete: (pane, viewer) => viewer.marks.undo(pane),
  Escape: (pane, viewer) => viewer.leave(pane),
  "?": (pane, viewer) => viewer.tell(),
};

function arrowed([across, down], far, drawing, pane, viewer) {
  if (drawing) {
    const from = pane.cross ?? pane.inPicture(pane.toPicture([pane.canvas.width / 2, pane.canvas.height / 2]));
    const step = far ? FAR : 1;
    pane.cross = pane.inPicture([from[0] + across * step, from[1] + down * step]);
    const now = pane.unfinished;
    if (now?.keyed) now.points[now.points.length - 1] = pane.cross;
    pane.redraw();
    return true;
  }
  if (far || pane.series.count < 2 || across) {
    const step = Math.min(pane.canvas.width, pane.canvas.height) * MOVE_SHARE;
    pane.move(-across * step, -down * step);
    return true;
  }
  viewer.scroll(pane, down);
  return true;
}

// Enter sets the point under the cross; the last point follows the cross until then.
function point(pane, viewer) {
  const kind = viewer.tool;
  const now = pane.unfinished?.keyed ? pane.unfinished : (pane.unfinished = { kind, keyed: true, points: [pane.cross] });
  const [x, y] = now.points[now.points.length - 2] ?? [NaN, NaN];
  const again = Math.hypot(x - pane.cross[0], y - pane.cross[1]) < 0.5;
  if (now.points.length >= POINTS[kind] || (kind === "freehand" && again)) {
    viewer.marks.add(pane, kind === "freehand" ? now.points.slice(0, -1) : now.points);
  } else {
    now.points.push(pane.cross);
  }
  pane.redraw();
  return true;
}

function change(pane, viewer, what, by) {
  if (!pane.grey) return;
  const { level, width } = pane.someWindow;
  const step = by * Math.max(1, width * WINDOW_SHARE);
  viewer.window(pane, what === "level" ? level + step : level, what === "width" ? width + step : width);
}
