// Buttons, fields and lists around the pictures, made once; words come from the page.

const ICONS = {
  window: "M12 3a9 9 0 1 0 0 18ZM12 3a9 9 0 0 1 0 18",
  move: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
  scroll: "M6 4h12M4 8h16v8H4ZM6 20h12",
  distance: "M4 20 20 4M2 18l4 4M18 2l4 4",
  angle: "M4 20h17M4 20 16 5M11 11a9 9 0 0 1 3 9",
  rectangle: "M4 6h16v12H4Z",
  ellipse: "M12 6c5 0 9 2.700 9 6s-4 6-9 6-9-2.700-9-6 4-6 9-6Z",
  freehand: "M4 17c2-9 6-12 8-8s-4 9 0 9 5-8 8-6",
  arrow: "M4 4 20 20M4 4v8M4 4h8",
  invert: "M4 4h16v16H4ZM4 4h8v16H4Z",
  smaller: "M5 12h14",
  larger: "M5 12h14M12 5v14",
  actual: "M6 7l2-1v12M12 9v.1M12 15v.1M16 7l2-1v12",
  reset: "M5 12a7 7 0 1 0 2-5M7 3v4h4",
  undo: "M4 9h11a5 5 0 0 1 0 10H9M4 9l4-4M4 9l4 4",
  dark: "M19 14A8 8 0 1 1 10 5a6.500 6.500 0 0 0 9 9Z",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  keys: "M3 7h18v10H3ZM7 11h.1M12 11h.1M17 11h.1M8 14h8",
  link: "M9 12h6M10 8H8a4 4 0 0 0 0 8h2M14 8h2a4 4 0 0 1 0 8h-2",
};

/** An element with attributes, `on…` handlers and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A button with a drawn icon; its words are its name and its tooltip. */
export function button(icon, words, key, press, pressed) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", ICONS[icon]);
  picture.append(line);
  const name = key ? `${words} (${key})` : words;
  return make(
    "button",
    { type: "button", "aria-label": words, title: name, onclick: press, "aria-pressed": pressed, "data-act": icon },
    picture,
  );
}

/** A field for a number, with its name before it. */
export function field(words, change) {
  const input = make("input", { type: "number", step: "any", onchange: () => change(input.valueAsNumber) });
  return { input, label: make("label", {}, `${words} `, input) };
}

/** A choice; `options` are [value, words]. */
export function choice(words, options, change) {
  const select = make(
    "select",
    { "aria-label": words, title: words, onchange: () => change(select.value) },
    ...options.map(([value, text]) => make("option", { value }, text)),
  );
  return select;
}

/** A sentence with its {fields} filled in. */
export function fill(sentence, fields) {
  return sentence.replace(/\{([a-z_]+)\}/g, (whole, name) => fields[name] ?? whole);
}
