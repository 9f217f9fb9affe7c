// Lengths and angles on a picture. Points are [column, row]; [0, 0] is the corner of the first pixel.

/** The distance of two points: in mm where the file gives [row, column] spacing, else in pixels. */
export function distance(one, other, spacing) {
  const [down, across] = spacing ?? [1, 1];
  return Math.hypot((other[0] - one[0]) * across, (other[1] - one[1]) * down);
}

/** The angle at the middle one of three points, in degrees from 0 to 180; null where two of them are one. */
export function angle([one, corner, other], spacing) {
  const [down, across] = spacing ?? [1, 1];
  const arms = [one, other].map(([x, y]) => [(x - corner[0]) * across, (y - corner[1]) * down]);
  if (arms.some(([x, y]) => x === 0 && y === 0)) return null;
  const [[a, b], [c, d]] = arms;
  return (Math.abs(Math.atan2(a * d - b * c, a * c + b * d)) * 180) / Math.PI;
}

/** How high a pixel is drawn for its width: 1 where the file gives no spacing. */
export function aspectOf(spacing) {
  return spacing ? spacing[0] / spacing[1] : 1;
}
