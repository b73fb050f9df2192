/** Another module that cannot be loaded. */
const counts = globalThis as { evaluatedBadly?: number };
counts.evaluatedBadly = (counts.evaluatedBadly ?? 0) + 1;
await null;
throw new Error("no good");
