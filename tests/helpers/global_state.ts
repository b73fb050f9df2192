/** Snapshots of a process's globals, to see whether anything has changed them. */

/** Objects whose properties are not compared, as they come and go by themselves. */
const SKIPPED = new Set([
  "navigator",
  "performance",
  "crypto",
  "subtle", // Bun makes its accessor anew at times
  "localStorage",
  "process",
  "PerformanceObserver",
  "_stdout",
  "_stderr",
]);

/** The identity of each property of all global functions and objects, by its path. */
export function snapshot(): Map<string, unknown> {
  void DOMException; // Node makes it when it is first asked for
  const found = new Map<string, unknown>();
  const seen = new Set<unknown>();
  const look = (path: string, object: object, depth: number) => {
    if (seen.has(object)) return;
    seen.add(object);
    found.set(`${path} is of`, Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const here = `${path}.${String(key)}`;
      if (SKIPPED.has(String(key)) || /undici|internal/.test(String(key))) continue;
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, key)!;
      if (get === undefined && set === undefined) found.set(here, value);
      else {
        found.set(`get ${here}`, get);
        found.set(`set ${here}`, set);
      }
      const isObject = typeof value === "object" && value !== null ||
        typeof value === "function";
      if (isObject && depth < 3) look(here, value as object, depth + 1);
    }
  };
  look("globalThis", globalThis, 0);
  return found;
}

/** The paths at which two snapshots differ. */
export function differences(
  before: Map<string, unknown>,
  after: Map<string, unknown>,
): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) =>
    before.has(path) !== after.has(path) ||
    !Object.is(before.get(path), after.get(path))
  );
}
