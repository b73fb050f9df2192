/** What workers do with functions of this package. */

export function echo(value: unknown): unknown {
  return value;
}

/** The name of the process that a function gives. */
export function nameOfResult(find: () => { name: string } | null): string | undefined {
  return find()?.name;
}
