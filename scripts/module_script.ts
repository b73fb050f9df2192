/**
 * The modules of the bundle as scripts. Node keeps a script compiled (compile_cache.ts), and
 * a script can be run where `require()` cannot load modules.
 *
 * Each module is written for it by module_parts.ts: its first line has all that only a
 * module can have, its last line the exports, and the code is between them. Only the
 * packages' files for Node have this file, not the code that they run.
 *
 * @module
 */

/** What the code has instead of its URL, of `import()`, and of `import()` of a late chunk. */
export const NAMES = { url: "__url", load: "__import", late: "__late" };

/** What the function that is made of a module has for the modules that this one imports. */
const IMPORTS = "__imports";

/** What stands before the list of exports. */
const EXPORT = "\nexport{";

const IMPORT = /import(?:\{([^}]*)\}from)?("[^"]+");/g;
const LATE = /\(\)=>import\(("[^"]+")\)/g;

/** A module as a script. */
export interface ModuleScript {
  /**
   * The text. Its value is a function with the parameters `imports`, the imported modules'
   * exports in the order of {@linkcode imports}; `url`, the module's; `load`, which does as
   * `import()`; and `late`, functions that load what {@linkcode late} names. It runs the
   * module, and gives `{ main, names }`: its main function, and a function that gives its
   * exports by name.
   */
  text: string;
  /** What the module imports, such as `node:fs`. */
  imports: string[];
  /** What it imports by `import()`. */
  late: string[];
}

/** Makes a script of the module `code`, of which `main` is the main function, if it has one. */
export function asScript(code: string, main?: string): ModuleScript {
  const begin = code.indexOf("\n");
  const end = code.lastIndexOf(EXPORT);
  const [first, body] = [code.slice(0, begin), code.slice(begin, end)];
  const exported = code.slice(end + EXPORT.length, code.lastIndexOf("}"));
  const imports = [...first.matchAll(IMPORT)];
  const patterns = imports.map(([, names], index) =>
    names === undefined ? "" : `const{${renamed(names, "$1:$2")}}=${IMPORTS}[${index}];`
  );
  const parameters = [IMPORTS, NAMES.url, NAMES.load, NAMES.late];
  return {
    text: `(function(${parameters}){"use strict";${patterns.join("")}${body}\n` +
      `return{main:${main},names:()=>({${renamed(exported, "$2:$1")}})}})`,
    imports: imports.map(([, , specifier]) => JSON.parse(specifier!)),
    late: [...first.matchAll(LATE)].map(([, specifier]) => JSON.parse(specifier!)),
  };
}

/** A list of names in which each `one as other` has the form that an object has. */
function renamed(names: string, form: string): string {
  return names.replaceAll(/([\w$]+) as ([\w$]+)/g, form);
}
