/** Imported first: gives this process the system whose name is its argument. */
import process from "node:process";

const name = process.argv[2]!;
Object.defineProperty(process, "platform", { value: name });
if ("Deno" in globalThis) {
  const os = name === "win32" ? "windows" : name;
  Object.defineProperty(Deno, "build", { value: { ...Deno.build, os } });
}
