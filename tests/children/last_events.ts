// A target for last_listeners.ts that does not load Deno's part of Node.

/** Sets the exit code at the last moment. */
export function withEvents(): void {
  if ("Deno" in globalThis) {
    globalThis.addEventListener("unload", () => {
      console.log("unload");
      Deno.exitCode = 6;
    });
    return;
  }
  // deno-lint-ignore no-explicit-any -- Node's types are not at hand here
  const { process } = globalThis as any;
  process.on("exit", () => {
    console.log("unload");
    process.exitCode = 6;
  });
}
