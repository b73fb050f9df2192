/** A work module whose text the test rewrites, as test runners and tools for coverage do. */

export function square(x) {
  return x * x;
}
export const half = async (x) => {
  return await x / 2;
};
export function* count(n) {
  for (let i = 0; i < n; i++) {
    yield i;
  }
  return n;
}
export class Box {
  constructor(content) {
    this.content = content;
  }
  peek() {
    return this.content;
  }
}

/** Two functions of one name, of which one is the export. */
export const makeDecoy = () =>
  function decoy(x) {
    return -x;
  };
export function decoy(x) {
  return x;
}

/** No export. */
export const secrets = [(x) => x];

export function peekInto(box) {
  return box.peek();
}
export function sum(f, n) {
  return [...f(n)].length;
}
