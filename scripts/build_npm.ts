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
import { BUILT_IN, BUNDLE, bundle } from "./bundle.ts";
import { importsFor } from "./bundle_node.ts";
import { ENTRY_POINTS, PACKAGE_FIELDS } from "./package_json.ts";
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
    const packageJson = JSON.parse(Deno.readTextFileSync("npm/package.json"));
    delete packageJson.dependencies[BUILT_IN];
    Deno.writeTextFileSync("npm/package.json", JSON.stringify(packageJson, null, 2));
    // dnt puts one beside the code, too, and for `imports` the nearest counts.
    const nearest = { type: "module", imports: importsFor(`./${BUNDLE}`) };
    Deno.writeTextFileSync("npm/esm/package.json", JSON.stringify(nearest, null, 2));
    Deno.copyFileSync("LICENSE", "npm/LICENSE");
    Deno.copyFileSync("README.md", "npm/README.md");
  },
});
