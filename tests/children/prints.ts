/** Prints in several ways, and says on stderr which of them were noticed. */
import process from "node:process";
import { watchPrints } from "../../src/runtime/output.ts";

let isNoticed = false;
watchPrints(() => void (isNoticed = true));

function notices(print: () => unknown): boolean {
  isNoticed = false;
  print();
  return isNoticed;
}

const said = [
  `log ${notices(() => console.log("a", 1))}`,
  `info ${notices(() => console.info("b"))}`,
  `write ${notices(() => process.stdout.write("c\n"))}`,
  `error ${notices(() => console.error("d"))}`,
];
console.error(said.join(", "));
