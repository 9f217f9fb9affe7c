// The slices of one series, fetched as they are needed and held up to a limit.

// Ours: 300 slices of 512 × 512 in 16 bits, and a little more.
const HELD_BYTES = 160 * 1024 ** 2;
// Ours: what a reader reaches within a moment comes at full speed; while they look, slices for some seconds more
// come a few at a time, so that a class that opens one volume leaves room for the pages of all.
const [AT_ONCE, NEAR] = [6, 16];
const [IN_QUIET, AHEAD, BEHIND] = [2, 60, 20];
const ARRAYS = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array, rgb: Uint8Array };

export class Slices {
  /**
   * @param {{url: string, count: number, kind: string}} series where they are.
   * @param {(index: number) => void} arrived called with the number of each slice that came.
   * @param {(status: number) => void} failed called with the HTTP status, 0 without an answer.
   */
  constructor(series, arrived, failed) {
    Object.assign(this, { series, arrived, failed });
    this.held = new Map();
    this.bytes = 0;
    this.underWay = new Map();
    this.wanted = [];
  }

  /** The slice as typed values, or undefined while it is not here; it is then asked for, with what lies ahead. */
  get(name, ahead = 1) {
    const found = this.held.get(name);
    if (found) {
      this.held.delete(name);
      this.held.set(name, found);
    }
    this.want(name, ahead);
    return found;
  }

  want(name, ahead) {
    const { count } = this.series;
    const index = Number.parseInt(name, 10);
    const rest = String(name).slice(String(index).length);
    const near = [index];
    for (let step = 1; step <= AHEAD; step++) {
      near.push(index + ahead * step);
      if (step % 3 === 0 && step / 3 <= BEHIND) near.push(index - (ahead * step) / 3);
    }
    this.wanted = near.filter((one) => one >= 0 && one < count).map((one) => one + rest);
    for (const [other, control] of this.underWay) if (!this.wanted.includes(other)) control.abort();
    this.next();
  }

  next() {
    for (const [place, name] of this.wanted.entries()) {
      if (this.underWay.size >= (place < NEAR ? AT_ONCE : IN_QUIET)) return;
      if (!this.held.has(name) && !this.underWay.has(name)) this.fetch(name);
    }
  }

  async fetch(name) {
    const control = new AbortController();
    this.underWay.set(name, control);
    let status = 0;
    try {
      const answer = await fetch(`${this.series.url}/${name}`, { signal: control.signal, cache: "no-store" });
      status = answer.status;
      if (!answer.ok) throw new Error(`HTTP ${status}`);
      const kind = name.endsWith("/shown") ? "uint8" : this.series.kind;
      this.keep(name, new ARRAYS[kind](await answer.arrayBuffer()));
      this.underWay.delete(name);
      this.arrived(name);
    } catch (error) {
      this.underWay.delete(name);
      if (error.name === "AbortError") return;
      this.wanted = [];
      this.failed(status);
      return;
    }
    this.next();
  }

  keep(name, values) {
    this.held.set(name, values);
    this.bytes += values.byteLength;
    for (const [oldest, old] of this.held) {
      if (this.bytes <= HELD_BYTES || oldest === name) break;
      this.held.delete(oldest);
      this.bytes -= old.byteLength;
    }
  }

  close() {
    this.wanted = [];
    for (const control of this.underWay.values()) control.abort();
    this.held.clear();
    this.bytes = 0;
  }
}
