/**
 * The parts of pictures: SVG without a background, whose colours fit a light and a dark
 * page, as the reader's system tells.
 *
 * @module
 */

/** Attributes; numbers are rounded. */
export type Attributes = Record<string, string | number>;

/** The colours of text, of what is beside the point, of lines and of areas. */
const STYLE = `
text { font: 13px ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  font-size: 12px; white-space: pre }
.head { font-weight: 600 }
text { fill: #1f2328 }
.dim { fill: #59636e }
.small { font-size: 11px }
.line { stroke: #d1d9e0; fill: none }
.strong { stroke: #59636e; fill: none }
.area { fill: #f6f8fa; stroke: #d1d9e0 }
.one { fill: #1a7f37 } .two { fill: #bc4c00 } .three { fill: #0969da } .four { fill: #8250df }
.bad { fill: #cf222e }
.faint { opacity: 0.85 }
.hollow { fill-opacity: 0.15; stroke-width: 2 }
.one.hollow { stroke: #1a7f37 } .two.hollow { stroke: #bc4c00 }
.three.hollow { stroke: #0969da } .four.hollow { stroke: #8250df }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .dim { fill: #9198a1 }
  .line { stroke: #3d444d }
  .strong { stroke: #9198a1 }
  .area { fill: #151b23; stroke: #3d444d }
  .one { fill: #3fb950 } .two { fill: #f0883e } .three { fill: #4493f8 } .four { fill: #ab7df8 }
  .bad { fill: #f85149 }
  .one.hollow { stroke: #3fb950 } .two.hollow { stroke: #f0883e }
  .three.hollow { stroke: #4493f8 } .four.hollow { stroke: #ab7df8 }
}`;

/** A whole picture; `title` is read to those who do not see it. */
export function picture(
  width: number,
  height: number,
  title: string,
  parts: string[],
): string {
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" };
  const attributes = { xmlns: "http://www.w3.org/2000/svg", ...size };
  const inner = ["", `<title>${escaped(title)}</title>`, `<style>${STYLE}\n</style>`];
  return element("svg", attributes, [...inner, ...parts, ""].join("\n")) + "\n";
}

/** An element; without content it is closed at once. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const list = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === "number"
      ? String(Math.round(value * 10) / 10)
      : value;
    return ` ${key}="${escaped(text)}"`;
  });
  const head = `<${name}${list.join("")}`;
  return content === "" ? `${head}/>` : `${head}>${content}</${name}>`;
}

/** A line of text; `classes` are those of the style. */
export function text(
  x: number,
  y: number,
  content: string,
  classes = "",
  more: Attributes = {},
): string {
  const attributes = { x, y, ...classes && { class: classes }, ...more };
  return element("text", attributes, escaped(content));
}

/** A straight line. */
export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  classes = "line",
): string {
  return element("line", { x1, y1, x2, y2, class: classes });
}

/** A box with round corners. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  classes = "area",
): string {
  return element("rect", { x, y, width, height, rx: 4, class: classes });
}

/**
 * A mark of a series: each has a shape of its own, for those who see no colours; from the
 * fifth on the shapes come again, hollow.
 */
export function mark(series: number, x: number, y: number): string {
  const kind = series % 4;
  const color = ["one", "two", "three", "four"][kind]!;
  const attributes = { class: series < 4 ? `${color} faint` : `${color} hollow` };
  if (kind === 0) return element("circle", { cx: x, cy: y, r: 5, ...attributes });
  if (kind === 1) {
    const side = { width: 9, height: 9 };
    return element("rect", { x: x - 4.5, y: y - 4.5, ...side, ...attributes });
  }
  const points = kind === 2
    ? [[x, y - 6], [x + 6, y + 4.5], [x - 6, y + 4.5]]
    : [[x, y - 6.5], [x + 6.5, y], [x, y + 6.5], [x - 6.5, y]];
  return element("polygon", {
    points: points.map((point) => point.map((n) => n.toFixed(1)).join(",")).join(" "),
    ...attributes,
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
