/**
 * A program for the command line: counts lines and words of files, several at a time.
 *
 *     ls *.md | deno run -A examples/count_words.ts --jobs 4 | jq .words
 *
 * The files' names come by stdin, one a line. Only JSON goes to stdout, a line for each file
 * in the order of the names; what is wrong goes to stderr. The exit code is 0, or 1 if some
 * file could not be read, or 2 if the program was called wrongly.
 *
 * The same program in Python: `python/count_words.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util"; // from argparse import ArgumentParser
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool } from "../mod.ts";

interface Count {
  file: string;
  lines?: number;
  words?: number;
  error?: string;
}

/** Counts in a worker; a file that cannot be read is a result as well. */
export function count(file: string): Count {
  try {
    const text = readFileSync(file, "utf8"); // with open(file) as f: text = f.read()
    const words = text.split(/\s+/).filter((word) => word !== "");
    return { file, lines: text.split("\n").length - 1, words: words.length };
  } catch { // except OSError:
    return { file, error: "cannot be read" };
  }
}

/** The lines of stdin, as they come. */
async function* names(): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) { // for line in sys.stdin:
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines.filter((line) => line !== "");
  }
  if (rest !== "") yield rest;
}

/** The number of workers; undefined for the usual one. */
function jobs(): number | undefined {
  const { values } = parseArgs({ options: { jobs: { type: "string" } } });
  if (values.jobs === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(values.jobs)) throw new Error("--jobs: must be 1 or more");
  return Number(values.jobs);
}

async function main(): Promise<number> {
  let workers: number | undefined;
  try {
    workers = jobs();
  } catch (error) {
    console.error(`count_words: ${(error as Error).message}`);
    return 2;
  }
  let failed = 0;
  await using pool = Pool(workers);
  for await (const found of pool.imap(count, names(), { buffersize: 100 })) {
    console.log(JSON.stringify(found));
    if (found.error === undefined) continue;
    console.error(`count_words: ${found.file}: ${found.error}`);
    failed++;
  }
  return failed > 0 ? 1 : 0;
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  process.exitCode = await main(); // sys.exit(main())
}
