/**
 * Builds the npm package in `npm/` by dnt, to be published from there:
 * `deno task npm [version]`, then `cd npm && npm publish`.
 *
 * The only file that imports dnt, which comes from JSR; `scripts/pack.ts` builds a tarball
 * with the same entry points from nothing but Deno itself.
 *
 * @module
 */
// deno-lint-ignore no-import-prefix -- nothing else may depend on JSR being in reach
import { build, emptyDir } from "jsr:@deno/dnt@^0.43.2";
import { bundle } from "./bundle.ts";
import { keepModuleDocs } from "./module_docs.ts";
import {
  completed,
  ENTRY_POINTS,
  PACKAGE_FIELDS,
  readmeOfPackage,
} from "./package_json.ts";
import { config, ROOT } from "./project.ts";

Deno.chdir(ROOT);
await emptyDir("./npm");
await build({
  entryPoints: ENTRY_POINTS,
  outDir: "./npm",
  // The sources ask what runtime they are on and name `Deno` on Deno only.
  shims: { deno: false },
  // Top-level await and `import.meta.url` have no CommonJS twin.
  scriptModule: false,
  declaration: "inline",
  declarationMap: false,
  skipSourceOutput: true,
  // `deno task check` has checked the types, with those of all runtimes at hand.
  typeCheck: false,
  // `deno task test` runs the whole suite on Node, from sources and from the tarball.
  test: false,
  compilerOptions: {
    target: "ES2022",
    lib: ["ESNext", "DOM", "DOM.Iterable"],
  },
  package: { ...PACKAGE_FIELDS, version: Deno.args[0] ?? config.version },
  async postBuild() {
    await bundle(`${ROOT}/npm/esm`);
    await keepModuleDocs(`${ROOT}/npm/esm`);
    const written = JSON.parse(Deno.readTextFileSync("npm/package.json"));
    const all = completed(written, "./esm");
    Deno.writeTextFileSync("npm/package.json", JSON.stringify(all, null, 2));
    // dnt puts one beside the code, too: for `imports` the nearest would count.
    Deno.removeSync("npm/esm/package.json");
    Deno.copyFileSync("LICENSE", "npm/LICENSE");
    const readme = readmeOfPackage(Deno.readTextFileSync("README.md"));
    Deno.writeTextFileSync("npm/README.md", readme);
  },
});
