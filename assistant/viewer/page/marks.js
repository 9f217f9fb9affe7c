// Marks on slices: how many points each kind takes, what it measures, what is written beside it, how it is drawn.

import { angle, distance } from "./geometry.js";

/** How many points a mark is made of; a freehand line takes as many as are drawn. */
export const POINTS = { distance: 2, angle: 3, rectangle: 2, ellipse: 2, arrow: 2, freehand: Infinity };

// Ours: more corners than these nobody sees, and each is sent to the server.
const MOST_CORNERS = 200;

/** What a mark measures: `{value, unit}` with unit mm, px or °; null for one that only points or surrounds. */
export function measure(mark, spacing) {
  if (mark.kind === "distance") {
    return { value: distance(...mark.points, spacing), unit: spacing ? "mm" : "px" };
  }
  if (mark.kind === "angle") {
    const value = angle(mark.points, spacing);
    return value === null ? null : { value, unit: "°" };
  }
  return null;
}

/** What is written beside a mark: its measure, then its caption. */
export function written(mark, spacing, number, words) {
  const found = measure(mark, spacing);
  const unit = found && (found.unit === "px" ? words.pixels : found.unit);
  const size = found && (unit === "°" ? `${number(found.value)}°` : `${number(found.value)} ${unit}`);
  return [size, mark.caption].filter(Boolean).join(" · ");
}

/** A finished mark: corners to a tenth of a pixel, a long line with fewer of them. */
export function finished(kind, slice, points) {
  const step = Math.ceil(points.length / MOST_CORNERS);
  const kept = points.filter((_, i) => i % step === 0 || i === points.length - 1);
  return { kind, slice, caption: "", tone: "own", points: kept.map((one) => one.map((part) => Math.round(part * 10) / 10)) };
}

/** Whether the points of a mark make one: two that are one point do not, nor two where an area is wanted. */
export function holds(points, fewest = 2) {
  return points.length >= fewest && points.some(([x, y]) => Math.hypot(x - points[0][0], y - points[0][1]) >= 0.5);
}

/**
 * Draw one mark. `place` turns a point of the picture into one of the canvas; of `look`, `px` is the width of a line
 * there, and with `closed` a freehand line surrounds an area.
 */
export function draw(ctx, mark, place, text, { px, colour, dashed = false, closed = false }) {
  const points = mark.points.map(place);
  if (!points.length) return;
  ctx.lineJoin = ctx.lineCap = "round";
  for (const [style, width] of [["rgba(0, 0, 0, 0.75)", 4 * px], [colour, 2 * px]]) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.setLineDash(dashed ? [8 * px, 6 * px] : []);
    trace(ctx, mark.kind, points, 10 * px);
    if (closed && mark.kind === "freehand") ctx.closePath();
    ctx.stroke();
  }
  ctx.setLineDash([]);
  if (text) label(ctx, text, corner(points), px, colour);
}

function trace(ctx, kind, points, head) {
  const [[x, y], end] = [points[0], points[points.length - 1]];
  if (points.length < 2) return void ctx.arc(x, y, head / 3, 0, 2 * Math.PI);
  if (kind === "rectangle") return void ctx.rect(x, y, end[0] - x, end[1] - y);
  if (kind === "ellipse") {
    const [across, down] = [Math.abs(end[0] - x) / 2, Math.abs(end[1] - y) / 2];
    return void ctx.ellipse((x + end[0]) / 2, (y + end[1]) / 2, across, down, 0, 0, 2 * Math.PI);
  }
  ctx.moveTo(x, y);
  for (const [toX, toY] of points.slice(1)) ctx.lineTo(toX, toY);
  if (kind === "arrow") arrowHead(ctx, [x, y], end, head);
  if (kind === "distance") for (const [at, to] of [[points[0], end], [end, points[0]]]) tick(ctx, at, to, head / 2);
}

// The head is where the pointing began: there is what is meant.
function arrowHead(ctx, tip, tail, size) {
  const along = Math.atan2(tail[1] - tip[1], tail[0] - tip[0]);
  for (const turn of [-0.5, 0.5]) {
    ctx.moveTo(...tip);
    ctx.lineTo(tip[0] + size * Math.cos(along + turn), tip[1] + size * Math.sin(along + turn));
  }
}

function tick(ctx, at, to, size) {
  const across = Math.atan2(to[1] - at[1], to[0] - at[0]) + Math.PI / 2;
  const [x, y] = [size * Math.cos(across), size * Math.sin(across)];
  ctx.moveTo(at[0] - x, at[1] - y);
  ctx.lineTo(at[0] + x, at[1] + y);
}

function corner(points) {
  const rightmost = points.reduce((best, one) => (one[0] > best[0] ? one : best));
  return [rightmost[0], rightmost[1]];
}

function label(ctx, text, [x, y], px, colour) {
  ctx.font = `${13 * px}px sans-serif`;
  const wide = ctx.measureText(text).width;
  const left = Math.max(0, Math.min(x + 8 * px, ctx.canvas.width - wide - 4 * px));
  const base = Math.max(14 * px, Math.min(y - 4 * px, ctx.canvas.height - 4 * px));
  ctx.lineWidth = 3 * px;
  ctx.strokeStyle = "rgba(0, 0, 0, 0.85)";
  ctx.strokeText(text, left, base);
  ctx.fillStyle = colour;
  ctx.fillText(text, left, base);
}
