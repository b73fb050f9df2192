/**
 * The descriptions of the entries in what is built: compilers drop the comment at a module's
 * head from its types if the first statement behind it goes.
 *
 * @module
 */
import { config, ROOT } from "./project.ts";

/** Puts the head of each entry's source before its types in `folder`, if it is not there. */
export async function keepModuleDocs(folder: string): Promise<void> {
  for (const path of Object.values(config.exports)) {
    const source = await Deno.readTextFile(`${ROOT}/${path}`);
    const head = /^\/\*\*[\s\S]*?\*\/\n/.exec(source)?.[0];
    if (!head?.includes("@module")) throw new Error(`${path} has no description`);
    const types = `${folder}/${path.replace(/\.ts$/, ".d.ts")}`;
    const text = await Deno.readTextFile(types);
    if (!text.includes("@module")) await Deno.writeTextFile(types, head + text);
  }
}
