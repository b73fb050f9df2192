/**
 * Elements from descriptions, and the change of what stands on the page into what should.
 * Text becomes text nodes and nothing else, so no text of a program is ever read as HTML.
 *
 * @module
 */

/** What may stand in an element; false and null stand for nothing. */
export type Content =
  | Node
  | string
  | number
  | false
  | null
  | readonly Content[];

const SVG = "http://www.w3.org/2000/svg";

/** Attributes; undefined and false leave one out, true is one without a value. */
type Attributes = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** An element of HTML: `tag` or `tag.class.class`. */
export function el(
  tag: string,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElement {
  const [name = "div", ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  return fill(element, attributes, content);
}

/** An element of SVG. */
export function svg(
  tag: string,
  attributes: Attributes = {},
  ...content: Content[]
): SVGElement {
  return fill(
    document.createElementNS(SVG, tag) as SVGElement,
    attributes,
    content,
  );
}

function fill<E extends Element>(
  element: E,
  attributes: Attributes,
  content: Content,
) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, content);
  return element;
}

function append(element: Element, content: Content): void {
  if (content === false || content === null) return;
  if (Array.isArray(content)) content.forEach((one) => append(element, one));
  else element.append(content instanceof Node ? content : String(content));
}

/**
 * Makes `old` equal to `wanted` by as few changes as need be, so that the focus, the
 * selection and the places of scrolling stay; what is drawn on a canvas stays, too.
 */
export function become(old: Element, wanted: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const there = [...old.childNodes];
  const nodes = [...wanted.childNodes];
  nodes.forEach((node, i) => {
    const one = there[i];
    if (one === undefined) old.append(node);
    else if (one.nodeName !== node.nodeName) one.replaceWith(node);
    else if (one instanceof Element) become(one, node as Element);
    else if (one.nodeValue !== node.nodeValue) one.nodeValue = node.nodeValue;
  });
  there.slice(nodes.length).forEach((node) => node.remove());
}
