/**
 * Runs programs that only look stuck, many times on each runtime, and fails if a deadlock is
 * found in one: `deno task innocents [--times=100] [--only=deno,bun,node24] [--filter=TEXT]
 * [--every=4]`, which takes each fourth of the programs.
 *
 * The programs are those of `tests/helpers/innocents.ts`. The suite runs some of them once;
 * this runs all, each so often, `JOBS` at a time (without it twice as many as processors:
 * they mostly wait). A program that fails otherwise is counted too.
 *
 * @module
 */
import { INNOCENTS } from "../tests/helpers/innocents.ts";
import { layProject } from "./compile_tests.ts";
import { pack } from "./pack.ts";
import { limiter, run } from "./project.ts";
import { findRuntime, type RuntimeId } from "./runtimes.ts";

/** Seconds that one run may take. */
const TIMEOUT = 120;

/** Gives a command an input that stays open for a while, and has a line then. */
const TYPING = ["sh", "-c", '(sleep 4; echo line) | "$@"', "sh"];

const FLAGS: Record<string, string[]> = { deno: ["run", "-A", "--no-check"] };

function option(name: string, fallback: string): string {
  const found = Deno.args.find((arg) => arg.startsWith(`--${name}=`));
  return found?.slice(name.length + 3) ?? fallback;
}

async function main(): Promise<number> {
  const times = Number(option("times", "100"));
  const runtimes = option("only", "deno,bun,node24").split(",") as RuntimeId[];
  const every = Number(option("every", "1"));
  const names = Object.keys(INNOCENTS)
    .filter((name) => name.includes(option("filter", "")))
    .filter((_, i) => i % every === 0);
  const jobs = Number(Deno.env.get("JOBS")) || 2 * navigator.hardwareConcurrency;
  const slot = limiter(jobs);
  const cache = await Deno.makeTempDir();
  const cwd = await Deno.makeTempDir(); // the package as people have it
  await layProject(cwd, await pack(cache));
  let bad = 0;
  for (const runtime of runtimes) {
    const program = await findRuntime(runtime);
    const counts = { passed: 0, alarms: 0, failed: 0 };
    const one = async (name: string) => {
      const command = [program, ...FLAGS[runtime] ?? [], "tests/children/innocents.js"];
      const { output, code, late } = await run([...TYPING, ...command, name], {
        cwd,
        env: { NODE_COMPILE_CACHE: cache, NO_COLOR: "1" },
        timeout: TIMEOUT,
      });
      const isAlarm = output.includes('"isCertain"');
      if (!isAlarm && code === 0 && !late && output.includes("over")) counts.passed++;
      else {
        counts[isAlarm ? "alarms" : "failed"]++;
        console.log(`${runtime}: ${name}: ${isAlarm ? "ALARM" : `exit code ${code}`}`);
        console.log(output.slice(0, 3000));
      }
    };
    const all = Array.from({ length: times }, () => names).flat();
    await Promise.all(all.map((name) => slot(() => one(name))));
    const { passed, alarms, failed } = counts;
    console.log(
      `${runtime}: ${names.length} programs, ${all.length} runs: ` +
        `${passed} without an alarm, ${alarms} with one, ${failed} failed`,
    );
    bad += alarms + failed;
  }
  for (const folder of [cache, cwd]) await Deno.remove(folder, { recursive: true });
  return bad > 0 ? 1 : 0;
}

Deno.exit(await main());
