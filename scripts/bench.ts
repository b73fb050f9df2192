/**
 * Speed on each runtime against CPython's, measured one after the other in the same run:
 * `deno task bench [deno] [bun] [node24]`. Rates depend on the machine; the ratios are
 * what to look at. `python3` on the `PATH` is the measure; `PYTHON` names another.
 * Deno and Bun run the TypeScript sources, Node the package installed from its tarball, as
 * its users do: to strip the types anew in each process would take longer than all else.
 *
 * @module
 */
import { compile, layProject } from "./compile_tests.ts";
import { installPackages } from "./node_modules.ts";
import { pack } from "./pack.ts";
import { mustRun, ROOT, run } from "./project.ts";
import { findRuntime, type RuntimeId } from "./runtimes.ts";

/** The cases, as the programs call them, and what the table calls them. */
const CASES = {
  childToRoot: "queue, child to root (items/s)",
  rootToChild: "queue, root to child (items/s)",
  childToChild: "queue, child to child (items/s)",
  roundTrip: "two queues, round trip (turns/s)",
  startAndJoin: "process, start and join (1/s)",
  dictSet: "managed dict, set (calls/s)",
  dictGet: "managed dict, get (calls/s)",
  dictSetInFlight: "managed dict, set, 100 in flight (calls/s)",
  dictGetInFlight: "managed dict, get, 100 in flight (calls/s)",
  listAppend: "managed list, append (calls/s)",
  managedQueue: "managed queue, put and get (calls/s)",
  socketRoundTrip: "Listener and Client, round trip (turns/s)",
  socketThroughput: "Client to Listener, 100 bytes (messages/s)",
};

/** The programs that measure; their Python twins are beside them. */
const PROGRAMS = ["queues", "managers"];

/** What one program prints. */
type Rates = Record<string, number>;

const chosen = (["deno", "bun", "node24"] as const).filter((id) =>
  Deno.args.length === 0 || Deno.args.includes(id)
);
await installPackages();
const python = await measurePython();
const rates: [string, Rates][] = [];
for (const id of chosen) rates.push([id, await measure(id)]);
printTable(python, rates);

async function measurePython(): Promise<{ version: string; rates: Rates } | undefined> {
  const command = Deno.env.get("PYTHON") ?? "python3";
  try {
    const { code, stdout } = await run([command, "--version"]);
    if (code !== 0) return undefined;
    const rates = await merge((name) => mustRun([command, `scripts/bench/${name}.py`]));
    return { version: stdout.trim(), rates };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function measure(id: RuntimeId): Promise<Rates> {
  const program = await findRuntime(id);
  if (id === "node24") return await measureInstalled(program);
  const flags = id === "deno" ? ["run", "-A", "--no-check"] : [];
  return await merge((name) =>
    mustRun([program, ...flags, `scripts/bench/${name}.ts`])
  );
}

/** What all programs print. */
async function merge(run: (program: string) => Promise<string>): Promise<Rates> {
  const rates: Rates = {};
  for (const name of PROGRAMS) Object.assign(rates, JSON.parse(await run(name)));
  return rates;
}

async function measureInstalled(program: string): Promise<Rates> {
  const folder = await Deno.makeTempDir({ prefix: "pystd-bench-" });
  try {
    await layProject(folder, await pack(folder));
    await Deno.mkdir(`${folder}/scripts/bench`, { recursive: true });
    return await merge(async (name) => {
      const path = `scripts/bench/${name}.ts`;
      const code = compile(await Deno.readTextFile(`${ROOT}/${path}`), path);
      await Deno.writeTextFile(`${folder}/scripts/bench/${name}.js`, code);
      return await mustRun([program, `scripts/bench/${name}.js`], { cwd: folder });
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function printTable(
  python: { version: string; rates: Rates } | undefined,
  rates: [string, Rates][],
): void {
  const head = ["", ...rates.map(([id]) => id)];
  if (python !== undefined) head.splice(1, 0, python.version);
  const rows = Object.entries(CASES).map(([name, title]) => {
    const base = python?.rates[name];
    const cells = rates.map(([, measured]) => cell(measured[name]!, base));
    return [title, ...(base === undefined ? [] : [cell(base, undefined)]), ...cells];
  });
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length))
  );
  for (const row of [head, ...rows]) {
    const [first, ...others] = row.map((text, column) =>
      column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)
    );
    console.log([first, ...others].join("  "));
  }
  if (python === undefined) console.log("no python3: nothing to compare with");
}

function cell(rate: number, base: number | undefined): string {
  const digits = rate < 100 ? 1 : 0;
  const text = rate.toLocaleString("en", { maximumFractionDigits: digits });
  return base === undefined ? text : `${text} (${(rate / base).toFixed(2)}×)`;
}
