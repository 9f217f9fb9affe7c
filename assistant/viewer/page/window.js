// From values to grey, as the standard computes it and pydicom does, in the same order of operations.
// Source: DICOM PS3.3 sections C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT).

const LEVELS = 255;

/** The whole number nearest to a value of 0 or more, halves to the even one, as numpy rounds. */
export function rounded(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/**
 * How bright one value is, 0 to 255.
 * @param {number} value after the modality LUT.
 * @param {{level: number, width: number, function: string}} window LINEAR is defined from width 1 on; below,
 *   LINEAR_EXACT is used.
 * @param {boolean} inverted low values are white.
 */
export function greyOf(value, window, inverted) {
  const grey = rounded(shareOf(value, window) * LEVELS);
  return inverted ? LEVELS - grey : grey;
}

function shareOf(value, { level, width, function: kind }) {
  if (Number.isNaN(value)) return 0;
  if (kind === "SIGMOID") return 1 / (1 + Math.exp((-4 * (value - level)) / width));
  const linear = kind === "LINEAR" && width >= 1;
  const center = linear ? level - 0.5 : level;
  const span = linear ? width - 1 : width;
  if (value <= center - span / 2) return 0;
  if (value > center + span / 2) return 1;
  return (value - center) / span + 0.5;
}

/**
 * Fill a picture with grey.
 * @param {Uint8Array|Int16Array|Float32Array} values of one slice.
 * @param {object} window as for `greyOf`.
 * @param {boolean} inverted as for `greyOf`.
 * @param {Uint32Array} picture as many opaque pixels, written in place.
 */
export function paintGrey(values, window, inverted, picture) {
  if (values instanceof Float32Array) {
    for (let i = 0; i < values.length; i++) picture[i] = opaque(greyOf(values[i], window, inverted));
    return;
  }
  const table = tableOf(values, window, inverted);
  const places = values instanceof Int16Array ? new Uint16Array(values.buffer, values.byteOffset, values.length) : values;
  for (let i = 0; i < places.length; i++) picture[i] = table[places[i]];
}

/** Fill a picture with the colours of a slice: red, green, blue of each pixel. */
export function paintColour(bytes, picture) {
  for (let i = 0, j = 0; i < picture.length; i++, j += 3) {
    picture[i] = (0xff000000 | (bytes[j + 2] << 16) | (bytes[j + 1] << 8) | bytes[j]) >>> 0;
  }
}

const tables = new Map();
const KEPT_TABLES = 8;

function tableOf(values, window, inverted) {
  const wide = values instanceof Int16Array;
  const name = [wide, window.level, window.width, window.function, inverted].join();
  const known = tables.get(name);
  if (known) return known;
  const table = new Uint32Array(wide ? 65536 : 256);
  for (let place = 0; place < table.length; place++) {
    const value = wide && place > 32767 ? place - 65536 : place;
    table[place] = opaque(greyOf(value, window, inverted));
  }
  if (tables.size >= KEPT_TABLES) tables.delete(tables.keys().next().value);
  tables.set(name, table);
  return table;
}

function opaque(grey) {
  return (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0;
}

/** A window from the lowest to the highest number of a slice, without the 0.5 % at each end where it has many. */
export function windowOf(values) {
  const step = Math.max(1, Math.floor(values.length / 65536));
  const some = [];
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) some.push(values[i]);
  some.sort((one, other) => one - other);
  const low = some[Math.floor(some.length * 0.005)] ?? 0;
  const high = some[Math.ceil(some.length * 0.995) - 1] ?? 0;
  return { level: (low + high) / 2, width: Math.max(high - low, 1), function: "LINEAR_EXACT" };
}
