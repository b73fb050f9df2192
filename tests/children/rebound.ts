/**
 * Exports whose bindings get another function, as the module is evaluated and later.
 * Prints what becomes of the former function and of the present one.
 */
import process from "node:process";
import { is_main, Pool } from "../../mod.ts";

export let inline = (): string => "former";
const formerInline = inline;
inline = () => "present";

export let pattern = function (): string {
  return "former";
};
const formerPattern = pattern;
[pattern] = [() => "present"];

let renamed = (): string => "former";
const formerRenamed = renamed;
renamed = () => "present";
export { renamed as alias };

export let later = (): string => "former";

export let stays = (): string => "stays";
if (process.argv.length > 9) stays = () => "never";

async function main(): Promise<void> {
  const pool = Pool(1);
  const print = async (name: string, f: () => string) => {
    const said = await pool.apply(f, []).catch(({ name, message }) =>
      `${name}: ${message.replace(/file:\S*\/|\.[jt]s\b|; if it is.*/g, "")}`
    );
    console.log(name, said);
  };
  await print("inline", formerInline);
  await print("inline", inline);
  await print("pattern", formerPattern);
  await print("pattern", pattern);
  await print("alias", formerRenamed);
  await print("alias", renamed);
  await print("stays", stays);
  const formerLater = later;
  await print("later", formerLater);
  later = () => "present"; // not in the worker
  await print("later", formerLater);
  await print("later", later);
  await pool.terminate();
}

if (is_main(import.meta)) {
  if (process.argv[2] === "top") await main();
  else void main();
}
