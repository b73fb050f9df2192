/** What another process may do between two accesses to memory that it shares. */
const NAMES = ["load", "store", "compareExchange"] as const;

/** Calls `call`; meanwhile `before` is called before each access by `Atomics`. */
export function beforeAtomics(before: () => void, call: () => void): void {
  const own = NAMES.map((name) => [name, Atomics[name]] as const);
  for (const [name, access] of own) {
    const watched = (...args: unknown[]) => {
      before();
      return (access as (...args: unknown[]) => unknown)(...args);
    };
    Object.assign(Atomics, { [name]: watched });
  }
  try {
    call();
  } finally {
    for (const [name, access] of own) Object.assign(Atomics, { [name]: access });
  }
}
