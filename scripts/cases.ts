/**
 * CPython's own cases, counted: each method of its `test/_test_multiprocessing.py`, with each
 * kind of objects that it runs with there, is a test of that name in `tests/cpython`, or is
 * listed with its reason in `tests/cpython/not_applicable.json`.
 *
 * `scripts/cpython_cases.json` is CPython's account of its methods
 * (`python3.13 scripts/cpython_cases.py` writes it). `docs/cpython_cases.md` is the table;
 * `deno run -A scripts/cases.ts --update` writes it, and without the option this checks that
 * it is current. That each case has passed is for the run of the tests to say: `test_all.ts`
 * hands their names to {@linkcode missingCases}.
 *
 * A test's name begins with class and method, as in `_TestLock.test_lock (threads)`. Without
 * a kind it is that of the class, if it has one only, else `processes`. What follows is one's
 * own: a case may be several tests.
 *
 * @module
 */
import notApplicable from "../tests/cpython/not_applicable.json" with { type: "json" };
import table from "./cpython_cases.json" with { type: "json" };
import type { Case } from "./junit.ts";
import { ROOT, run } from "./project.ts";

/** The document with the table. */
const PATH = `${ROOT}/docs/cpython_cases.md`;

/** One method with one kind; classes without kinds have none. */
interface CPythonCase {
  /** Class and method. */
  name: string;
  kind: string | undefined;
}

/** CPython's version, and its cases: class, method, kinds. */
export interface Table {
  python: string;
  cases: Record<string, Record<string, string[]>>;
}

/** Cases with the reasons why they do not apply. */
export type Reasons = Record<string, string>;

const theirs = table as Table;
const { "//": _, ...reasons } = notApplicable;

/** Every method of a table with each of its kinds. */
function casesOf({ cases }: Table): CPythonCase[] {
  return Object.entries(cases).flatMap(([group, methods]) =>
    Object.entries(methods).flatMap(([method, kinds]): CPythonCase[] => {
      const name = `${group}.${method}`;
      return kinds.length === 0 ? [{ name, kind: undefined }] : kinds.map((kind) => {
        return { name, kind };
      });
    })
  );
}

const full = ({ name, kind }: CPythonCase) =>
  kind === undefined ? name : `${name} (${kind})`;

const TITLE = /^(\w+)\.(test\w*)(?: \((processes|manager|threads)\))?/;

/** The case that a test's name says it is; undefined for a test of ours. */
function caseOf({ cases }: Table, title: string): CPythonCase | undefined {
  const [, group = "", method = "", said] = TITLE.exec(title) ?? [];
  const kinds = cases[group]?.[method];
  if (kinds === undefined) return undefined;
  const kind = kinds.length === 0
    ? undefined
    : said ?? (kinds.length === 1 ? kinds[0] : "processes");
  return { name: `${group}.${method}`, kind };
}

/** What is wrong with the tests that ran: CPython's cases without one, and wrong reasons. */
export function missingCases(
  ran: readonly Case[],
  all: Table = theirs,
  excused: Reasons = reasons,
): string[] {
  const found = new Set<string>();
  for (const { name } of ran) {
    const one = caseOf(all, name);
    if (one !== undefined) found.add(full(one)).add(one.name);
  }
  const known = casesOf(all);
  const problems = known.filter((one) =>
    !found.has(full(one)) && !(one.name in excused)
  )
    .map((one) => `CPython's case ${full(one)} has no test, and no reason for that`);
  for (const name of Object.keys(excused)) {
    if (!known.some((one) => one.name === name)) {
      problems.push(`${name} is said not to apply, but CPython has no such case`);
    } else if (found.has(name)) {
      problems.push(`${name} is said not to apply, but is there`);
    }
  }
  return problems;
}

/** A line for each of CPython's cases: what became of it in a run. */
export function listCases(
  ran: readonly Case[],
  all: Table = theirs,
  excused: Reasons = reasons,
): string[] {
  const results = new Map<string, Case["result"]>();
  for (const { name, result } of ran) {
    const one = caseOf(all, name);
    if (one === undefined) continue;
    const before = results.get(full(one));
    if (before === undefined || before === "passed") results.set(full(one), result);
  }
  return casesOf(all).map((one) => {
    const reason = excused[one.name];
    const result = results.get(full(one)) ?? (reason ? "not applicable" : "MISSING");
    return `${result.padEnd(14)} ${full(one)}${reason ? `: ${reason}` : ""}`;
  });
}

/** How many methods apply, and how many runs of them that are, with all their kinds. */
export function describeCases(all: Table = theirs, excused: Reasons = reasons): string {
  const known = casesOf(all);
  const methods = new Set(known.map(({ name }) => name));
  const applying = [...methods].filter((name) => !(name in excused));
  const runs = known.filter(({ name }) => !(name in excused));
  const kinds = Object.groupBy(runs, ({ kind }) => kind ?? "");
  const parts = ["processes", "manager", "threads", ""].map((kind) => {
    return `${kinds[kind]?.length ?? 0} ${
      kind === "" ? "without a kind" : `with ${kind}`
    }`;
  });
  return `Of the ${methods.size} cases of CPython ${all.python}, ` +
    `${applying.length} apply and pass, and ${
      methods.size - applying.length
    } do not apply. ` +
    `With each kind of objects these are ${runs.length} runs: ${parts.join(", ")}.`;
}

/** The document. */
async function document(): Promise<string> {
  const lines = Object.entries(theirs.cases).flatMap(([group, methods]) => [
    `\n## ${group}\n\n| case | |\n| --- | --- |`,
    ...Object.entries(methods).map(([method, kinds]) => {
      const reason = (reasons as Reasons)[`${group}.${method}`];
      const passes = kinds.length === 0 ? "pass" : `pass: ${kinds.join(", ")}`;
      const result = reason === undefined ? passes : `not applicable: ${reason}`;
      return `| \`${method}\` | ${result} |`;
    }),
  ]);
  const text = `# CPython's own cases

${describeCases()} \`processes\` are the package's own objects, \`manager\` the proxies of
a manager's, \`threads\` those of \`multiprocessing.dummy\`.

The tests are in \`tests/cpython\`, written afresh under CPython's names. What had to be
changed is said at the top of each file. A run of the tests fails if a case is missing.

<!-- written by \`deno run -A scripts/cases.ts --update\` -->
${lines.join("\n")}
`;
  const folder = await Deno.makeTempDir({ prefix: "pystd-cases-" });
  try {
    const path = `${folder}/cases.md`;
    await Deno.writeTextFile(path, text);
    const command = [Deno.execPath(), "fmt", "--quiet", "--line-width=88", path];
    const { code, output } = await run(command, { cwd: folder });
    if (code !== 0) throw new Error(output);
    return await Deno.readTextFile(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const text = await document();
  console.log(describeCases());
  if (Deno.args.includes("--update")) await Deno.writeTextFile(PATH, text);
  else if (await Deno.readTextFile(PATH).catch(() => "") !== text) {
    console.log("docs/cpython_cases.md is not current: run scripts/cases.ts --update");
    Deno.exit(1);
  }
}
