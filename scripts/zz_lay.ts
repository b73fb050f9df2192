import { compile, layProject } from "./compile_tests.ts";
import { pack } from "./pack.ts";
import { filesUnder, ROOT } from "./project.ts";
const out = Deno.args[0]!;
await Deno.mkdir(`${out}/scripts/bench`, { recursive: true });
await layProject(out, await pack(out + "/tgz"));
for (const path of filesUnder("scripts/bench", ".ts")) {
  await Deno.writeTextFile(
    `${out}/${path.replace(/\.ts$/, ".js")}`,
    compile(await Deno.readTextFile(`${ROOT}/${path}`), path),
  );
}
