/**
 * Differences that `docs/differences.md` declares, and that JavaScript or a promise of the package
 * forces. An entry that never fits is a leftover: the task reports it.
 *
 * @module
 */
import type { Code } from "./code.ts";

/** A difference that is meant. */
export interface Declared {
  /** What that page says. */
  reason: string;
  /** The kind of program. */
  kind: RegExp;
  /** The step in Python. */
  step: RegExp;
  /** Its line in CPython, and here. */
  theirs: RegExp;
  ours: RegExp;
}

/** All of them. */
export const DECLARED: readonly Declared[] = [
  {
    reason: "there is no `fork`, which raises what Python raises on Windows",
    kind: /contexts/,
    step: /^mp\.get_context\("fork"\)$/,
    theirs: /ForkContext object/,
    ours: /^ValueError: cannot find context for 'fork'$/,
  },
  {
    reason: "The start methods are `spawn` and `forkserver`",
    kind: /contexts/,
    step: /^mp\.get_all_start_methods\(\)$/,
    theirs: /^\["fork", "spawn", "forkserver"\]$/,
    ours: /^\["spawn", "forkserver"\]$/,
  },
  {
    reason: "A proxy that was sent to another process can give proxies there",
    kind: /managed/,
    step: /./,
    theirs: /^AttributeError: 'NoneType' object has no attribute '_registry'$/,
    ours: /^(?!AttributeError)/,
  },
  {
    reason: "`Barrier(0)` raises",
    kind: /locks/,
    step: /^mp\.Barrier\((0|-1)\)$/,
    theirs: /Barrier at 0x: waiters=0/,
    ours: /^ValueError: parties must be > 0$/,
  },
  {
    reason: "`chunksize` below 1 raises",
    kind: /pools/,
    step: /\.map\(work\.square, \[1, 2\], (0|-1)\)$/,
    theirs: /^\[None, None\]$/,
    ours: /^ValueError: Chunksize must be 1\+, not (0|-1)$/,
  },
];

/** The entry that declares a difference. */
export function declaredFor(
  kind: string,
  { py }: Code,
  theirs: string,
  ours: string,
): Declared | undefined {
  return DECLARED.find((one) =>
    one.kind.test(kind) && one.step.test(py) && one.theirs.test(theirs) &&
    one.ours.test(ours)
  );
}
