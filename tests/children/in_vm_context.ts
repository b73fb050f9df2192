/**
 * Runs `in_vm_program.ts`, and the package that it imports, in a `vm` context, as Jest and
 * Vitest's `vm` pools do; the first argument says where the package's main part is evaluated:
 * `within` the context, or `without`, as Node does for the script that it keeps. With a
 * second argument the context has the main realm's Uint8Array, as Jest's has.
 *
 * Node only, with `--experimental-vm-modules`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";

// deno-lint-ignore no-explicit-any -- Node's types of these modules are experimental
const { SourceTextModule, SyntheticModule } = vm as any;
const [core, shared] = process.argv.slice(2);

const context = vm.createContext({
  ...{
    AbortController,
    AbortSignal,
    Buffer,
    console,
    DOMException,
    Event,
    EventTarget,
  },
  ...{ crypto },
  ...{ performance, process, queueMicrotask, setImmediate, setTimeout, clearTimeout },
  ...{ setInterval, clearInterval, clearImmediate, structuredClone, TextDecoder },
  ...{ TextEncoder, URL, URLSearchParams },
  ...(shared ? { ArrayBuffer, Uint8Array } : {}),
});
const modules = new Map<string, Promise<unknown>>();

function resolve(specifier: string, from: string): string {
  if (specifier.startsWith("node:")) return specifier;
  const file = createRequire(from).resolve(specifier);
  const url = pathToFileURL(file).href;
  return core === "within" ? url.replace(/\.node\.js$/, ".js") : url;
}

function load(specifier: string, from: string): Promise<unknown> {
  const url = resolve(specifier, from);
  const known = modules.get(url);
  if (known !== undefined) return known;
  const made = url.startsWith("node:") ? builtin(url) : Promise.resolve(source(url));
  modules.set(url, made);
  return made;
}

async function builtin(url: string): Promise<unknown> {
  const namespace = await import(url);
  const names = Object.keys(namespace);
  const module = new SyntheticModule(names, function (this: typeof module) {
    for (const name of names) this.setExport(name, namespace[name]);
  }, { context, identifier: url });
  return module;
}

function source(url: string): unknown {
  return new SourceTextModule(readFileSync(fileURLToPath(url), "utf8"), {
    context,
    identifier: url,
    initializeImportMeta: (meta: ImportMeta) => meta.url = url,
    importModuleDynamically: (specifier: string) => run(specifier, url),
  });
}

async function run(specifier: string, from: string): Promise<unknown> {
  // deno-lint-ignore no-explicit-any -- as above
  const module = await load(specifier, from) as any;
  if (module.status === "unlinked") {
    await module.link((name: string, { identifier }: { identifier: string }) =>
      load(name, identifier)
    );
  }
  await module.evaluate();
  return module;
}

await run(
  fileURLToPath(new URL("./in_vm_program.ts", import.meta.url)),
  import.meta.url,
);
