import { is_main, Pool } from "../../mod.ts";

/** Runs somebody else's code, in a process that can compute and nothing else. */
export function run(code: string): unknown {
  return new Function(`return ${code}`)();
}

const CODES = [
  "6 * 7",
  'Deno.readTextFileSync("/etc/passwd")',
  'fetch("https://example.com/?secret")',
  'new Deno.Command("sh").outputSync()',
  "Deno.env.toObject()",
  "(() => { while (true); })()",
];

if (is_main(import.meta)) {
  await using pool = Pool(2, { permissions: "none" });
  for (const code of CODES) {
    try {
      console.log(code, "gives", await pool.apply(run, [code], { timeout: 1 }));
    } catch (error) {
      console.log(code, "fails:", (error as Error).name);
    }
  }
}
