/** A program without children that has finalizers; with `now` it runs them itself. */
import process from "node:process";
import { _exit_function, Finalize, is_exiting } from "../../src/util.ts";

const said = (text: string) => console.log(text);

const kept = { name: "kept" };
Object.assign(globalThis, { kept }); // not to be collected
new Finalize(null, said, { args: ["priority 0"], exitpriority: 0 });
new Finalize(null, async () => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  said("later");
}, { exitpriority: 5 });
new Finalize(kept, (name: string) => said(`priority 10 ${name}`), {
  args: [kept.name],
  exitpriority: 10,
});
new Finalize(kept, said, { args: ["never"] });

if (process.argv[2] === "now") {
  await _exit_function();
  await _exit_function();
  console.log("exiting", is_exiting());
}
console.log("main ends");
