/**
 * Programs for ctypes objects, made at random, and the same in Python: every step's result
 * or error is one line.
 *
 * @module
 */
import { type CData, copy, RawArray, RawValue, slice } from "../../src/sharedctypes.ts";

/** One step of a program. */
export type Step =
  | [op: "value", code: string, given: Given]
  | [op: "array", code: string, given: Given]
  | [op: "get" | "slice", ...indices: (number | null | string)[]]
  | [op: "set", index: number | string, given: Given]
  | [
    op: "assign",
    start: number | null,
    stop: number | null,
    step: number | null,
    given: Given,
  ]
  | [op: "name", name: "value" | "raw", given: Given]
  | [op: "copy"];

/** A value that both languages have, by what it is. */
export type Given =
  | ["int", string]
  | ["float", string]
  | ["str", string]
  | ["bytes", number[]]
  | ["bool", boolean]
  | ["none"]
  | ["list", Given[]];

/** All typecodes. */
export const CODES = [..."cubBhHiIlLqQfd"];

/** The value in JavaScript. */
function valueOf(given: Given): unknown {
  switch (given[0]) {
    case "int": {
      const number = BigInt(given[1]);
      return Number.isSafeInteger(Number(number)) ? Number(number) : number;
    }
    case "float":
      return Number(given[1].replace("inf", "Infinity").replace("nan", "NaN"));
    case "bytes":
      return Uint8Array.from(given[1]);
    case "list":
      return given[1].map(valueOf);
    case "none":
      return null;
    default:
      return given[1];
  }
}

/** What Python shows, told apart by what it holds and not by its type. */
function show(value: unknown): string {
  if (typeof value === "number") {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, value);
    return Number.isInteger(value) && !Object.is(value, -0)
      ? `n${BigInt(value)}`
      : Number.isNaN(value)
      ? "nan"
      : `x${bytes.getBigUint64(0).toString(16)}`;
  }
  if (typeof value === "bigint") return `n${value}`;
  if (typeof value === "string") {
    return `s${[...value].map((c) => c.codePointAt(0)!.toString(16)).join(",")}`;
  }
  if (value instanceof Uint8Array) return `b${[...value].join(",")}`;
  if (Array.isArray(value)) return `[${value.map(show).join(" ")}]`;
  return String(value);
}

/** Runs a program; one line a step. */
export function run(steps: readonly Step[]): string[] {
  // deno-lint-ignore no-explicit-any -- of any type, and asked for what it may not have
  let object: any;
  return steps.map((step) => {
    try {
      switch (step[0]) {
        case "value":
          object = RawValue(step[1] as "i", valueOf(step[2]) as number);
          return show(object.value);
        case "array":
          object = RawArray(step[1] as "i", valueOf(step[2]) as number);
          return show(object.slice());
        case "get":
          return show(object.__getitem__(step[1]));
        case "slice":
          return show(object.__getitem__(slice(...step.slice(1) as [null, null])));
        case "set":
          object.__setitem__(step[1], valueOf(step[2]));
          return show(object.slice());
        case "assign":
          try {
            object.__setitem__(slice(step[1], step[2], step[3]), valueOf(step[4]));
          } catch (error) {
            return `${show(object.slice())} ${error}`;
          }
          return show(object.slice());
        case "name":
          object[step[1]] = valueOf(step[2]);
          return show("slice" in object ? object.slice() : object.value);
        case "copy":
          object = copy(object as CData);
          return show("slice" in object ? object.slice() : object.value);
      }
    } catch (error) {
      return String(error);
    }
  });
}

/** The same in Python: reads the programs from stdin as JSON, and writes their lines. */
export const PYTHON = `
import json, struct, sys
from multiprocessing.sharedctypes import RawArray, RawValue, copy

def value_of(given):
    kind, *rest = given
    if kind == 'none': return None
    if kind == 'int': return int(rest[0])
    if kind == 'float': return float(rest[0])
    if kind == 'bytes': return bytes(rest[0])
    if kind == 'list': return [value_of(one) for one in rest[0]]
    return rest[0]

def show(value):
    if value is True or value is False: return str(value).lower()
    if isinstance(value, int): return 'n%d' % value
    if isinstance(value, float):
        if value != value: return 'nan'
        if value.is_integer() and str(value) != '-0.0': return 'n%d' % int(value)
        return 'x%x' % struct.unpack('>Q', struct.pack('>d', value))
    if isinstance(value, str): return 's' + ','.join('%x' % ord(c) for c in value)
    if isinstance(value, bytes): return 'b' + ','.join(map(str, value))
    if isinstance(value, list): return '[' + ' '.join(map(show, value)) + ']'
    return str(value)

def text(error): return '%s: %s' % (type(error).__name__, error)

def run(steps):
    lines, obj = [], None
    for op, *args in steps:
        try:
            if op == 'value':
                obj = RawValue(args[0], value_of(args[1])); line = show(obj.value)
            elif op == 'array':
                obj = RawArray(args[0], value_of(args[1])); line = show(obj[:])
            elif op == 'get': line = show(obj[args[0]])
            elif op == 'slice': line = show(obj[slice(*args)])
            elif op == 'set':
                obj[args[0]] = value_of(args[1]); line = show(obj[:])
            elif op == 'assign':
                try:
                    obj[slice(*args[:3])] = value_of(args[3]); line = show(obj[:])
                except Exception as error: line = show(obj[:]) + ' ' + text(error)
            elif op == 'name':
                setattr(obj, args[0], value_of(args[1]))
                line = show(obj[:] if hasattr(obj, '_length_') else obj.value)
            else:
                obj = copy(obj)
                line = show(obj[:] if hasattr(obj, '_length_') else obj.value)
        except Exception as error: line = text(error)
        lines.append(line)
    return lines

json.dump([run(steps) for steps in json.load(sys.stdin)], sys.stdout)
`;

/** Programs at random. */
export function programs(count: number, random: (below: number) => number): Step[][] {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const big = () =>
    (BigInt(random(2 ** 30)) << BigInt(random(40))) * pick([1n, -1n]) +
    pick([0n, 1n, -1n]);
  const character = () =>
    String.fromCodePoint(pick([65 + random(26), 0x20ac, 0x1f600, 0x3b1]));
  const wrong = (): Given =>
    pick<() => Given>([
      () => ["none"],
      () => ["str", pick(["", "x", "xy"])],
      () => ["bytes", [1, 2].slice(random(3))],
      () => ["float", "0.5"],
      () => ["list", []],
      () => ["int", String(10n ** 400n)],
    ])();
  const right = (code: string): Given => {
    if (code === "c") {
      return pick<Given>([["bytes", [random(256)]], ["int", String(random(256))]]);
    }
    if (code === "u") return ["str", character()];
    if ("fd".includes(code)) {
      return pick<() => Given>([
        () => ["float", String((random(2 ** 30) - 2 ** 29 + 0.5) / 2 ** random(60))],
        () => [
          "float",
          pick([
            "1e+300",
            "-1e-310",
            "inf",
            "-inf",
            "nan",
            "-0.0",
            "3.4028235677973366e+38",
          ]),
        ],
        () => ["int", String(big())],
      ])();
    }
    return pick<() => Given>([
      () => ["int", String(big())],
      () => ["int", String(random(600) - 300)],
      () => ["bool", random(2) === 0],
    ])();
  };
  const element = (code: string) => random(8) === 0 ? wrong() : right(code);
  const index = () => pick([random(8), -random(9), random(5) - 2]);
  const bound = () => pick([null, random(10) - 4]);
  const step = () => pick([null, 1, 2, 3, -1, -2, random(12) === 0 ? 0 : 1]);
  const list = (
    code: string,
    length: number,
  ): Given => ["list", Array.from({ length }, () => element(code))];
  const flawless = (
    code: string,
    length: number,
  ): Given => ["list", Array.from({ length }, () => right(code))];
  return Array.from({ length: count }, () => {
    const code = pick(CODES);
    const steps: Step[] = [];
    if (random(3) === 0) {
      steps.push(["value", code, right(code)]);
      for (let n = random(6); n > 0; n--) {
        steps.push(random(5) === 0 ? ["copy"] : ["name", "value", element(code)]);
      }
      steps.push(["value", code, wrong()]);
      return steps;
    }
    const length = random(8);
    steps.push([
      "array",
      code,
      random(3) === 0 ? ["int", String(length)] : flawless(code, length),
    ]);
    for (let n = random(10); n > 0; n--) {
      steps.push(
        pick<() => Step>([
          () => ["get", index()],
          () => ["get", pick<string | null>(["x", null])],
          () => ["slice", bound(), bound(), step()],
          () => ["set", index(), element(code)],
          () => ["assign", bound(), bound(), step(), list(code, random(7))],
          () => ["assign", null, null, pick([null, -1]), list(code, length)],
          () => ["copy"],
          ...(code === "c"
            ? [
              (): Step => [
                "name",
                pick(["value", "raw"]),
                pick([
                  [
                    "bytes",
                    Array.from({ length: random(9) }, () => random(256)),
                  ] as Given,
                  wrong(),
                ]),
              ],
            ]
            : []),
          ...(code === "u"
            ? [
              (): Step => [
                "name",
                "value",
                pick([
                  [
                    "str",
                    Array.from({ length: random(9) }, character).join(""),
                  ] as Given,
                  wrong(),
                ]),
              ],
            ]
            : []),
        ])(),
      );
    }
    steps.push([
      "array",
      code,
      pick([
        list(code, 3),
        ["none"] as Given,
        ["float", "2.5"] as Given,
        ["int", "-1"] as Given,
      ]),
    ]);
    return steps;
  });
}
