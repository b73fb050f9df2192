/**
 * Calls methods of objects of a manager's server, and of Python's own, and tells what each
 * gave, so that the two can be compared.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BaseProxy } from "../../src/managers.ts";
import { checkArity } from "../../src/managers/types/python_values.ts";
import { methodOf } from "../../src/managers/types/referent.ts";
import { repr } from "../../src/python/repr.ts";
import { PySlice } from "../../src/python/slice.ts";
import { Random } from "../wire/support.ts";
import { runPython } from "./python.ts";
import { stdoutOf } from "./run.ts";

/** A call: a method's name, and its arguments as JSON; slices and sets are objects. */
export type Call = [method: string, ...args: unknown[]];

/** A slice, as an argument. */
export function slice(...parts: (number | null)[]): { slice: (number | null)[] } {
  return { slice: parts };
}

/** A set, as an argument. */
export function set(...items: unknown[]): { set: unknown[] } {
  return { set: items };
}

const PYTHON = `
import array, json, sys
def value(given):
    if isinstance(given, list): return [value(item) for item in given]
    if isinstance(given, dict):
        if 'slice' in given: return slice(*given['slice'])
        if 'set' in given: return set(map(value, given['set']))
        if 'tuple' in given: return tuple(map(value, given['tuple']))
        return {key: value(item) for key, item in given.items()}
    return given
def show(result):
    if isinstance(result, (type({}.keys()), type({}.values()), type({}.items()))):
        result = list(result)
    if type(result).__name__.endswith('iterator'): result = list(result)
    if isinstance(result, tuple): result = list(result)
    if isinstance(result, list):
        result = [list(item) if isinstance(item, tuple) else item for item in result]
    if isinstance(result, set): return 'set ' + repr(sorted(result, key=repr))
    return repr(result)
for line in sys.stdin:
    kind, args, calls = json.loads(line)
    made = {'list': list, 'dict': dict, 'set': set, 'array': array.array}[kind]
    results = []
    try:
        object = made(*value(args))
    except Exception as error:
        results.append('%s: %s' % (type(error).__name__, error))
        calls = []
    for name, *args in calls:
        try:
            result = getattr(object, name)(*value(args))
            results.append(show(result))
        except Exception as error:
            results.append('%s: %s' % (type(error).__name__, error))
        results.append(show(object))
    print(json.dumps(results))
`;

/** The value of an argument here. */
function valueOf(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(valueOf);
  if (typeof given !== "object" || given === null) return given;
  const { slice, set, tuple } = given as Record<string, unknown[]>;
  if (slice !== undefined) return new PySlice(slice[0], slice[1], slice[2]);
  if (set !== undefined) return new Set(set.map(valueOf));
  if (tuple !== undefined) return tuple.map(valueOf);
  const pairs = Object.entries(given).map(([key, item]) => [key, valueOf(item)]);
  return Object.fromEntries(pairs);
}

function show(result: unknown): string {
  const value = result instanceof Object && "_getvalue" in result
    ? (result as { _getvalue(): unknown })._getvalue()
    : result;
  if (value instanceof Set) {
    const texts = [...value].map(repr).toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0);
    return `set [${texts.join(", ")}]`;
  }
  return repr(result ?? null);
}

/** Operators in place: a proxy gives itself. */
const IN_PLACE = /^__i(add|mul|or|and|sub|xor)__$/;

/**
 * Checks that objects behind proxies answer as those of `Class` do, which answer as Python's.
 *
 * @param make Makes an object of these arguments; its proxy.
 */
export async function compareProxies(
  make: (...args: unknown[]) => Promise<BaseProxy>,
  Class: new (...args: never[]) => object,
  stories: readonly Story[],
): Promise<void> {
  for (const story of stories) {
    const [args, calls] = story;
    const given = valueOf(args) as unknown[];
    const [object, proxy] = [new Class(...given as never[]), await make(...given)];
    for (const [name, ...args] of calls) {
      const expected = here(object, [name, ...args]);
      const result = await proxy._callmethod(name, valueOf(args) as unknown[])
        .then(show, told);
      const isSame = IN_PLACE.test(name) && !/^\w+Error: /.test(result);
      strictEqual(
        isSame ? expected : result,
        expected,
        `${name} of ${JSON.stringify(story)}`,
      );
      strictEqual(show(await proxy._getvalue()), show(object), JSON.stringify(story));
    }
  }
}

function told(error: unknown): string {
  const { name, message } = error as Error;
  return `${name}: ${message}`;
}

/** Calls a method of an object here; tells the result. */
function here(object: object, [name, ...args]: Call): string {
  try {
    const method = methodOf(object, name);
    if (method === undefined) throw new Error(`no method ${name}`);
    checkArity(object, name, args.length);
    return show(method.apply(object, valueOf(args) as unknown[]));
  } catch (error) {
    return told(error);
  }
}

/** Makes an object here and calls its methods; tells each result, and what it is then. */
function allHere(
  Class: new (...args: unknown[]) => object,
  args: unknown[],
  calls: Call[],
): string[] {
  let object: object;
  try {
    object = new Class(...valueOf(args) as unknown[]);
  } catch (error) {
    return [told(error)];
  }
  return calls.flatMap((call) => [here(object, call), show(object)]);
}

/** One object, and what it is asked. */
export type Story = [args: unknown[], calls: Call[]];

/** Checks that the objects of `Class` answer as those of Python's type do. */
export async function compareWithPython(
  kind: "list" | "dict" | "set" | "array",
  Class: new (...args: never[]) => object,
  stories: readonly Story[],
): Promise<void> {
  const stdin = stories.map((story) => JSON.stringify([kind, ...story])).join("\n");
  const stdout = stdoutOf(await runPython(PYTHON, [], { stdin }));
  const expected = stdout.trimEnd().split("\n");
  strictEqual(expected.length, stories.length);
  for (const [i, [args, calls]] of stories.entries()) {
    const results = allHere(Class as never, args, calls);
    deepStrictEqual(results, JSON.parse(expected[i]!), JSON.stringify(stories[i]));
  }
}

/** Many stories, each of some random calls of these kinds. */
export function randomStories(
  count: number,
  make: (random: Random) => unknown[],
  calls: readonly ((random: Random) => Call)[],
): Story[] {
  return Array.from({ length: count }, (_, seed) => {
    const random = new Random(seed + 1);
    const args = make(random);
    return [args, Array.from({ length: 8 }, () => random.of(calls)(random))];
  });
}
