// What mouse, pen and fingers do on a picture.

import { POINTS, holds } from "./marks.js";

const WHEEL_STEP = 40;
const ZOOM_STEP = 1.15;

/**
 * @param {object} pane where it happens.
 * @param {object} viewer `tool`, `use(pane)`, `scroll(pane, by)`, `window(pane, level, width)`, `marks.add(pane, points)`.
 */
export function listen(pane, viewer) {
  const { canvas } = pane;
  const fingers = new Map();
  let drag = null;
  let wheeled = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const ratio = canvas.width / box.width;
    return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
  };

  const begin = (event) => {
    viewer.use(pane);
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 2) return void (drag = pinch(fingers, pane));
    if (fingers.size > 2) return;
    const tool = event.button === 1 || event.button === 2 ? "move" : viewer.tool;
    drag = start(tool, at(event));
  };

  const start = (tool, from) => {
    if (!(tool in POINTS)) return { tool, last: from, rest: 0, window: pane.grey && { ...pane.someWindow } };
    const point = pane.inPicture(pane.toPicture(from));
    pane.cross = null;
    if (tool === "angle" && pane.unfinished?.kind === "angle" && pane.unfinished.points.length > 2) {
      pane.unfinished.points[2] = point;
    } else {
      pane.unfinished = { kind: tool, points: [point] };
    }
    pane.redraw();
    return { tool };
  };

  const move = (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, at(event));
    if (drag?.pinch) return void drag.pinch(fingers);
    if (!drag) return;
    const here = at(event);
    if (drag.tool in POINTS) return void drawTo(drag.tool, pane.inPicture(pane.toPicture(here)));
    const [across, down] = [here[0] - drag.last[0], here[1] - drag.last[1]];
    drag.last = here;
    if (drag.tool === "move") pane.move(across, down);
    if (drag.tool === "scroll") scrollBy(down);
    if (drag.tool === "window" && drag.window) turnWindow(across, down);
  };

  const scrollBy = (down) => {
    drag.rest += down;
    const step = Math.max(4, canvas.height / Math.max(pane.series.count, 40));
    const by = Math.trunc(drag.rest / step);
    drag.rest -= by * step;
    if (by) viewer.scroll(pane, by);
  };

  // Across is width, down is level: over the whole canvas one moves by the width that it began with, and more.
  const turnWindow = (across, down) => {
    const share = (2 * Math.max(drag.window.width, 2)) / canvas.width;
    drag.level = (drag.level ?? drag.window.level) - down * share;
    drag.width = (drag.width ?? drag.window.width) + across * share;
    viewer.window(pane, drag.level, drag.width);
  };

  const drawTo = (tool, point) => {
    const { points } = pane.unfinished;
    if (tool === "freehand") points.push(point);
    else points[Math.max(1, tool === "angle" ? points.length - 1 : 1)] = point;
    pane.redraw();
  };

  const end = (event) => {
    fingers.delete(event.pointerId);
    if (fingers.size) return;
    const { tool } = drag ?? {};
    drag = null;
    const now = pane.unfinished;
    if (!(tool in POINTS) || !now) return;
    if (tool === "angle" && now.points.length === 2 && holds(now.points)) now.points.push(now.points[1]);
    else viewer.marks.add(pane, now.points);
  };

  const wheel = (event) => {
    if (!event.ctrlKey && pane.series.count < 2) return;
    event.preventDefault();
    viewer.use(pane);
    if (event.ctrlKey) return void pane.zoomTo(pane.zoom * ZOOM_STEP ** -Math.sign(event.deltaY), at(event));
    wheeled += event.deltaMode === 0 ? event.deltaY : Math.sign(event.deltaY) * WHEEL_STEP;
    const by = Math.trunc(wheeled / WHEEL_STEP);
    wheeled -= by * WHEEL_STEP;
    if (by) viewer.scroll(pane, by);
  };

  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** Two fingers: their distance zooms, their middle moves. */
function pinch(fingers, pane) {
  pane.unfinished = null;
  const look = (given) => {
    const [[a, b], [c, d]] = [...given.values()];
    return { apart: Math.hypot(c - a, d - b), middle: [(a + c) / 2, (b + d) / 2] };
  };
  let before = look(fingers);
  return {
    pinch: (given) => {
      if (given.size !== 2) return;
      const now = look(given);
      pane.move(now.middle[0] - before.middle[0], now.middle[1] - before.middle[1]);
      if (before.apart > 0) pane.zoomTo((pane.zoom * now.apart) / before.apart, now.middle);
      before = now;
    },
  };
}
