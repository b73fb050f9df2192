/**
 * What `pool.ts` measures, of other packages for Node: prints their rates as one line of
 * JSON, `{ package: { case: rate } }`. They are installed into a temporary folder, so
 * nothing else depends on them. Run it with Node 24 or later:
 * `node scripts/bench/peers.ts [package…]`.
 *
 * `piscina` has threads, which share memory with the caller; all others have processes.
 * A case that a package has nothing for is left out.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { median } from "./table.ts";

/** The packages, in the versions that are compared with. */
const PACKAGES = {
  "workerpool": "10.0.3",
  "tinypool": "2.2.0",
  "jest-worker": "30.5.1",
  "multiprocess-pool": "1.4.5",
  "piscina": "5.3.2",
};

/** As in `pool.ts`, but fewer elements, as these take longer for each. */
const CALLS = 10_000;
const BURST = 10_000;
const ELEMENTS = 20_000;
const ELEMENTS_IN_CHUNKS = 100_000;
const LARGE_CALLS = 200;
const LARGE = 1_000_000;
const ROUNDS = 5;

/** Modules that workers load. */
const WORKERS = {
  "functions.cjs": `
    exports.square = (x) => x * x;
    exports.same = (bytes) => bytes;
  `,
  "workerpool.cjs": `require("workerpool").worker(require("./functions.cjs"));`,
  "square.cjs": `module.exports = (x) => x * x;`,
  "same.cjs": `module.exports = (bytes) => bytes;`,
};

/** A pool of some package. */
interface Peer {
  square(x: number): Promise<unknown>;
  same(bytes: Uint8Array): Promise<unknown>;
  /** Where the package has something like `Pool.map` and `Pool.imap_unordered`. */
  map?(elements: number[]): Promise<unknown>;
  mapSingly?(elements: number[]): Promise<unknown>;
  stream?(elements: number[], onResult: () => void): Promise<unknown>;
  end(): unknown;
}

// deno-lint-ignore no-explicit-any -- what packages export, whose types are not here
type Loaded = any;

const folder = mkdtempSync(join(tmpdir(), "peers-"));
const require = createRequire(join(folder, "main.cjs"));
const workers = availableParallelism();

/** A pool that is told the name of a function with each task. */
function runByName(made: Loaded): Peer {
  return {
    square: (x) => made.run(x, { name: "square" }),
    same: (bytes) => made.run(bytes, { name: "same" }),
    end: () => made.destroy(),
  };
}

/** How a pool of each package is made, with processes where it has them. */
const MAKERS: Record<keyof typeof PACKAGES, (loaded: Loaded) => Peer> = {
  "workerpool": ({ pool }) => {
    const made = pool(join(folder, "workerpool.cjs"), {
      workerType: "process",
      maxWorkers: workers,
      minWorkers: "max",
      forkOpts: { serialization: "advanced" },
    });
    return {
      square: (x) => made.exec("square", [x]),
      same: (bytes) => made.exec("same", [bytes]),
      end: () => made.terminate(),
    };
  },
  "tinypool": ({ Tinypool }) => {
    const made = new Tinypool({
      filename: pathToFileURL(join(folder, "functions.cjs")).href,
      runtime: "child_process",
      minThreads: workers,
      maxThreads: workers,
    });
    return runByName(made);
  },
  "jest-worker": ({ Worker }) => {
    const made = new Worker(join(folder, "functions.cjs"), {
      numWorkers: workers,
      enableWorkerThreads: false,
      exposedMethods: ["square", "same"],
    });
    return {
      square: (x) => made.square(x),
      same: (bytes) => made.same(bytes),
      end: () => made.end(),
    };
  },
  "multiprocess-pool": ({ Pool }) => {
    const made = new Pool(workers);
    const square = join(folder, "square.cjs");
    return {
      square: (x) => made.apply(x, square),
      same: (bytes) => made.apply(bytes, join(folder, "same.cjs")),
      map: (elements) => made.map(elements, square),
      mapSingly: (elements) => made.map(elements, square, 1),
      stream: (elements, onResult) =>
        made.map(elements, square, { chunksize: 1, onResult }),
      end: () => made.terminate(),
    };
  },
  "piscina": ({ Piscina }) => {
    const made = new Piscina({
      filename: join(folder, "functions.cjs"),
      minThreads: workers,
      maxThreads: workers,
    });
    return runByName(made);
  },
};

const few = Array.from({ length: ELEMENTS }, (_, i) => i);
const many = Array.from({ length: ELEMENTS_IN_CHUNKS }, (_, i) => i);
const large = new Uint8Array(LARGE).fill(7);

/** The cases: each gives how many items it has done, or null if it cannot be done. */
const CASES: Record<string, (peer: Peer) => Promise<number | null>> = {
  async poolApply(peer) {
    for (let i = 0; i < CALLS; i++) await peer.square(i);
    return CALLS;
  },
  async poolApplyAsync(peer) {
    const results = [];
    for (let i = 0; i < BURST; i++) results.push(peer.square(i));
    await Promise.all(results);
    return BURST;
  },
  async poolMap(peer) {
    if (peer.map === undefined) return null;
    await peer.map(many);
    return ELEMENTS_IN_CHUNKS;
  },
  async poolMapSingly(peer) {
    if (peer.mapSingly !== undefined) await peer.mapSingly(few);
    else await Promise.all(few.map((x) => peer.square(x)));
    return ELEMENTS;
  },
  async poolImapUnordered(peer) {
    let count = 0;
    const onResult = () => void count++;
    if (peer.stream !== undefined) await peer.stream(few, onResult);
    else await Promise.all(few.map((x) => peer.square(x).then(onResult)));
    return count;
  },
  async poolLarge(peer) {
    for (let i = 0; i < LARGE_CALLS; i++) {
      const back = await peer.same(large);
      if (!(back instanceof Uint8Array) || back.length !== LARGE) return null;
    }
    return LARGE_CALLS;
  },
};

async function timed(measure: () => Promise<number | null>): Promise<number | null> {
  const start = performance.now();
  const count = await measure();
  return count === null ? null : count / (performance.now() - start) * 1000;
}

async function medianOf(
  measure: () => Promise<number | null>,
): Promise<number | undefined> {
  const rates: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const rate = await timed(measure);
    if (rate === null) return undefined;
    rates.push(rate);
  }
  return median(rates);
}

async function measurePackage(name: keyof typeof PACKAGES) {
  const loaded = require(name);
  const make = () => MAKERS[name](loaded);
  const rates: Record<string, number> = {};
  const peer = make();
  await Promise.all(few.slice(0, 1000).map((x) => peer.square(x)));
  for (const [row, measure] of Object.entries(CASES)) {
    const rate = await medianOf(() => measure(peer));
    if (rate !== undefined) rates[row] = rate;
  }
  await peer.end();
  rates["poolFirstResult"] = await firstResult(make);
  return rates;
}

/** The same for the time from a new pool to its first result; its end is not counted. */
async function firstResult(make: () => Peer): Promise<number> {
  const rates: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    const peer = make();
    await peer.square(3);
    rates.push(1000 / (performance.now() - start));
    await peer.end();
  }
  return median(rates);
}

try {
  for (const [name, text] of Object.entries(WORKERS)) {
    writeFileSync(join(folder, name), text);
  }
  const chosen = Object.entries(PACKAGES).filter(([name]) =>
    process.argv.length < 3 || process.argv.includes(name)
  );
  const specifiers = chosen.map(([name, version]) => `${name}@${version}`);
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
  execFileSync("npm", ["install", ...flags, ...specifiers], { stdio: "pipe" });
  const results: Record<string, Record<string, number>> = {};
  for (const [name] of chosen) {
    results[name] = await measurePackage(name as keyof typeof PACKAGES);
  }
  console.log(JSON.stringify(results));
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
