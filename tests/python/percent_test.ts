import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { percent } from "../../src/python/percent.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

/** Template and arguments; both languages read the arguments from JSON. */
const CASES: [template: string, args: unknown[]][] = [
  ["%s %d", ["a", 3]],
  ["%s and %r %5d|%-5s|%05.2f|%x|%%|%c", ["a", "b", 3, "q", 3.14159, 255, "z"]],
  ["%i %u %o %e %g %X %+d|% d|%#x|%#o", [3, 4, 8, 1.5, 1.5, 255, 3, 4, 255, 8]],
  ["%.2s|%10.3s|%-10r|", ["abcdef", "abcdef", "x"]],
  ["%*d|%-*d|%.*f", [5, 3, 5, 3, 2, 1.005]],
  ["%d %d %d", [3.7, -3.7, true]],
  ["%05d|%+05d|%-05d|%05s|%.4d|%08.3f", [-3, 3, 3, "x", 7, -3.14159]],
  ["%g %g %g %g %g %g", [100000, 1000000, 0.0001, 0.00001, 1234567, 0]],
  ["%g %g %.3g %.10g %#g", [1.5e300, 1e100, 1234, 0.1, 1.5]],
  ["%e %.0e %E %.3e", [0, 12345, 1e-10, 1e100]],
  ["%f %.0f %F %f", [1e15, 1.25, 0.1, -0.5]],
  ["%s %s %s %s", [null, true, [1, "a"], 1.5]],
  ["%(name)s has %(count)03d", [{ name: "pool", count: 4 }]],
  ["%s", [{ a: 1 }]],
  ["nothing", [{ a: 1 }]],
  ["%c%c", [65, "é"]],
  ["%.1s|%.2s|%3s|%-3s|%3c|", [
    "\u{1f600}b",
    "a\u{1f600}b",
    "\u{1f600}",
    "\u{1f600}",
    "\u{1f600}",
  ]],
  ["%a %a %5a|%r", ["é\u20ac", ["\u{1f600}", 1], "x", "é"]],
  ["%hd %ld %Ld", [1, 2, 3]],
  ["%x %X %#X", [-255, 3735928559, 255]],
  ["%d", ["x"]],
  ["%x", [1.5]],
  ["%f", ["x"]],
  ["%s %s", [1]],
  ["%s", [1, 2]],
  ["%(a)s", [{ b: 1 }]],
  ["%(a)s", [1]],
  ["%y", [1]],
  ["ends with %", [1]],
  ["%*d", ["x", 1]],
];

/** Its wording changed between versions. */
const WORDING: [RegExp, string] = [/%c requires .*/, "%c requires a character"];

pythonTest("percent fills templates as Python does", async () => {
  const source = `
import json, sys
def fill(template, args):
    one = len(args) == 1 and isinstance(args[0], dict)
    try: return template % (args[0] if one else tuple(args))
    except Exception as e: return "%s: %s" % (type(e).__name__, e)
print(json.dumps([fill(*case) for case in json.loads(sys.argv[1])]))`;
  const ours = CASES.map(([template, args]) => fill(template, args));
  const wanted: string[] = await askPython(source, [CASES]);
  deepStrictEqual(ours, wanted.map((text) => text.replace(...WORDING)));
});

function fill(template: string, args: unknown[]): string {
  try {
    return percent(template, args);
  } catch (error) {
    return String(error).replace(...WORDING);
  }
}

test("percent shows what JSON cannot carry", () => {
  strictEqual(
    percent("%f %g %d", [Infinity, -Infinity, 2n ** 70n]),
    "inf -inf " + 2n ** 70n,
  );
  strictEqual(percent("%05.1f|%F|%G", [NaN, NaN, Infinity]), "00nan|NAN|INF");
  strictEqual(percent("%.1f %g", [-0, -0]), "-0.0 -0");
  strictEqual(percent("%(k)s", [new Map([["k", 1]])]), "1");
  strictEqual(percent("%s", [new Error("boom")]), "boom");
});
