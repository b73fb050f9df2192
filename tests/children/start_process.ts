// Starts one child, with the executable that the argument names, and tells what came.
import process from "node:process";
import { Process, set_executable } from "../../mod.ts";
import { work } from "./work.ts";

if (import.meta.main) {
  if (process.argv[2] !== undefined) set_executable(process.argv[2]);
  const p = new Process({ target: work, name: "Child" });
  try {
    await p.start();
    await p.join();
    console.log(`exitcode ${p.exitcode}`);
  } catch (error) {
    console.log(String(error));
    console.log(String(p).replace(/\d+/g, "N"));
  }
}
