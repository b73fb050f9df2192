/**
 * What the npm package says of itself, for both ways of building it: `deno pack`, which
 * writes few of these fields, and dnt, which writes none of its own accord. The list of
 * entry points comes from `deno.json`, so that the two builds export the same.
 *
 * @module
 */
import { BIN, BUILT_IN, BUNDLE } from "./bundle.ts";
import { importsFor } from "./bundle_node.ts";
import { conditionsOf } from "./bundle_require.ts";
import { config } from "./project.ts";

/** Where the sources are. */
const REPOSITORY = "https://github.com/pystd/multiprocessing";

/** The library that `./progress` loads. */
const BARS = "cli-progress";

/** The libraries of which `./redis` loads one, the preferred first. */
export const CLIENTS = ["@redis/client", "iovalkey", "ioredis"] as const;

/** The versions of a library that `deno.json` allows. */
export function rangeOf(library: string): string {
  return config.imports[library]!.replace(/^npm:.*@/, "");
}

function rangesOf<N extends string>(libraries: readonly N[]): Record<N, string> {
  const pairs = libraries.map((name) => [name, rangeOf(name)] as const);
  return Object.fromEntries(pairs) as Record<N, string>;
}

/** Fields of `package.json` that are the same in both builds. */
export const PACKAGE_FIELDS = {
  name: config.name,
  description: config.description,
  keywords: [
    "multiprocessing",
    "python",
    "process",
    "pool",
    "queue",
    "parallel",
    "ipc",
    "worker",
    "deno",
    "bun",
    "node",
  ],
  author: "The @pystd authors",
  license: config.license,
  homepage: `https://jsr.io/${config.name}`,
  repository: { type: "git", url: `git+${REPOSITORY}.git` },
  bugs: { url: `${REPOSITORY}/issues` },
  type: "module",
  // The entries register what travels, and see whether the process is a child.
  sideEffects: true,
  engines: { node: "^20.16.0 || >=22.3.0" },
  peerDependencies: {
    // Draws progress bars, which few programs have.
    [BARS]: rangeOf(BARS),
    // Maps shared memory on Node before 26, where it is installed.
    koffi: "^3.0.0",
    // Connect to Redis and Valkey, where programs are on many machines.
    ...rangesOf(CLIENTS),
  },
  peerDependenciesMeta: Object.fromEntries(
    [BARS, "koffi", ...CLIENTS].map((name) => [name, { optional: true }]),
  ),
} as const;

/** A `package.json`, as far as it is looked into here. */
export interface PackageJson {
  name: string;
  version: string;
  exports: Record<string, unknown>;
  dependencies?: Record<string, string>;
  [field: string]: unknown;
}

/**
 * A complete `package.json`, made of the one that a build has written.
 *
 * @param folder Where the build has put the modules: `.`, or a folder such as `./esm`.
 * @throws {Error} if the build exports something else than deno.json
 */
export function completed(written: PackageJson, folder: string): PackageJson {
  const wanted = Object.keys(config.exports).join();
  const found = Object.keys(written.exports).join();
  if (wanted !== found) {
    throw new Error(`the build exports ${found}, deno.json ${wanted}`);
  }
  const { name: _name, version, exports: _exports, dependencies = {}, ...rest } =
    written;
  for (const library of [BUILT_IN, ...Object.keys(PACKAGE_FIELDS.peerDependencies)]) {
    delete dependencies[library];
  }
  const { name, ...fields } = PACKAGE_FIELDS;
  return {
    name,
    version,
    ...rest,
    ...Object.keys(dependencies).length > 0 && { dependencies },
    ...fields,
    main: `${folder}/mod.js`,
    types: `${folder}/mod.d.ts`,
    bin: { multiprocessing: `${folder}/${BIN}` },
    exports: exportsIn(folder),
    imports: importsFor(`${folder}/${BUNDLE}`),
  };
}

/**
 * README as the packages have it: its links lead to the repository, as the packages hold
 * neither the other pages nor the pictures.
 */
export function readmeOfPackage(readme: string): string {
  return readme.replaceAll(
    /(!?)(\[[^\]\n]*\])\(([\w./-]+\.\w+)(#[\w-]*)?\)/g,
    (_, picture, words, path, anchor = "") =>
      `${picture}${words}(${REPOSITORY}/${
        picture === "" ? "blob" : "raw"
      }/HEAD/${path}${anchor})`,
  );
}

/** The entries, and the file itself, which tools read. */
function exportsIn(folder: string): Record<string, unknown> {
  const entries = Object.entries(config.exports).map(([name, path]) => {
    const module = path.replace("./", `${folder}/`).replace(/\.ts$/, "");
    const files = { types: `${module}.d.ts`, import: `${module}.js` };
    const isProgram = name === "./child";
    return [
      name,
      isProgram ? { ...files, default: files.import } : conditionsOf(files),
    ];
  });
  return { ...Object.fromEntries(entries), "./package.json": "./package.json" };
}

/**
 * The options of attw. The rule that is left out is about modules that CommonJS gets: attw does
 * not know the condition `node-addons`, by which `require()` gets a script.
 */
export const ATTW_OPTIONS: string[] = [
  ...["--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"],
];

/** Entry points as dnt wants them. */
export const ENTRY_POINTS: { name: string; path: string }[] = Object
  .entries(config.exports)
  .map(([name, path]) => ({ name, path }));
