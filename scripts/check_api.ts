/**
 * Compares what we export with CPython's public names, of which `scripts/python_api.json`
 * has all: see `scripts/python_api.py`.
 *
 * - Every name, and every member of every class, must be there, or be listed with its
 *   reason in `scripts/api_absent.json`; what is listed there must be absent.
 *   `docs/differences.md` has that list as a table: `--update` writes it.
 * - Parameters must have CPython's names, order and defaults, and what may be a keyword
 *   there must be an option here. What CPython waits in, and what asks another process, must
 *   give a promise, and nothing else may. `scripts/api_ours.json` lists what gives one,
 *   the exceptions with their reasons, and the names that are ours alone.
 * - What we export must be what `scripts/api_report.txt` says: see `api_report.ts`.
 *
 * @module
 */
import absent from "./api_absent.json" with { type: "json" };
import { compare } from "./api/compare.ts";
import { declaredSignatures, ourApi } from "./api/ours.ts";
import { modules, signatures } from "./api/python.ts";
import { checkPage, updatePage } from "./api/page.ts";
import lists from "./api_ours.json" with { type: "json" };
import { checkReport } from "./api_report.ts";

if (Deno.args.includes("--update")) await updatePage();
const { problems, counts } = compare(
  { modules, signatures },
  ourApi(),
  declaredSignatures(),
  { ...lists, absent: absent.modules },
);
problems.push(...await checkPage(), ...checkReport());
for (const problem of problems) console.log(problem);
for (const [module, count] of Object.entries(counts)) {
  const { names, allNames, members, allMembers } = count;
  console.log(
    `${module}: ${names} of ${allNames} names, ${members} of ${allMembers} members`,
  );
}
const all = Object.values(counts);
const sum = (key: "names" | "allNames") => all.reduce((n, count) => n + count[key], 0);
console.log(`${sum("names")} of ${sum("allNames")} names, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
