/**
 * The strongly connected parts of a graph, by Tarjan's algorithm.
 *
 * @module
 */

/** A node while it is looked at. */
interface Visit {
  readonly node: number;
  readonly rest: Iterator<number>;
}

/** Groups of nodes in which each leads to each other. Without recursion: rings may be long. */
export function components(
  nodes: Iterable<number>,
  next: (node: number) => Iterable<number>,
): number[][] {
  const order = new Map<number, number>();
  /** The first node, by order, that is reached from here. */
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const parts: number[][] = [];
  const path: Visit[] = [];
  const lower = (node: number, to: number) => {
    if (to < low.get(node)!) low.set(node, to);
  };
  const enter = (node: number) => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    open.push(node);
    isOpen.add(node);
    path.push({ node, rest: next(node)[Symbol.iterator]() });
  };
  const leave = (node: number) => {
    path.pop();
    const before = path.at(-1);
    if (before !== undefined) lower(before.node, low.get(node)!);
    if (low.get(node) !== order.get(node)) return;
    const part = open.splice(open.lastIndexOf(node));
    for (const one of part) isOpen.delete(one);
    parts.push(part);
  };
  for (const start of nodes) {
    if (!order.has(start)) enter(start);
    for (let visit; (visit = path.at(-1)) !== undefined;) {
      const { done, value } = visit.rest.next();
      if (done) leave(visit.node);
      else if (!order.has(value)) enter(value);
      else if (isOpen.has(value)) lower(visit.node, order.get(value)!);
    }
  }
  return parts;
}
