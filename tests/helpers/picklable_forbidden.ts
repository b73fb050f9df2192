/** Must never be loaded: it leaves a mark. */
(globalThis as Record<string, unknown>).forbiddenWasLoaded = true;

export function forbidden(): void {}
