// The time that is left: counted here, kept on the server. At its end the page runs again, which commits what is there.

import { fill, make } from "./controls.js";

const TICK_MS = 250;
// Ours: so long before the end the field that is written in is left, so that its words are sent.
const LEAVE_FIELD_MS = 2000;
const TOLD_AT_S = [300, 60, 10];
const clocks = new WeakMap();

export default function show({ data, parentElement, setTriggerValue }) {
  let clock = clocks.get(parentElement);
  if (!clock) {
    clock = new Clock(data.words);
    clocks.set(parentElement, clock);
    parentElement.append(clock.root);
  }
  clock.over = () => setTriggerValue("over", true);
  clock.set(data.seconds);
  return () => {
    clearInterval(clock.ticking);
    clocks.delete(parentElement);
    clock.root.remove();
  };
}

class Clock {
  constructor(words) {
    this.words = words;
    this.face = make("p", { role: "timer", class: "clock" });
    this.said = make("p", { role: "status", class: "unseen" });
    this.root = make("div", { class: "viewer" }, this.face, this.said);
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  set(seconds) {
    this.end = performance.now() + 1000 * seconds;
    this.ended = this.left_ = false;
    this.tick();
  }

  tick() {
    const left = Math.max(0, this.end - performance.now());
    const seconds = Math.ceil(left / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const text = fill(this.words.time_left, { time });
    if (this.face.textContent !== text) {
      this.face.textContent = text;
      if (TOLD_AT_S.includes(seconds)) this.said.textContent = text;
    }
    if (left < LEAVE_FIELD_MS && !this.left_) {
      this.left_ = true;
      if (document.activeElement?.matches("input, textarea")) document.activeElement.blur();
    }
    if (left === 0 && !this.ended) {
      this.ended = true;
      this.over();
    }
  }
}
