// Does with its stdio, by the runtime's adapter alone, what its argument says.
import { runtime } from "../../src/runtime/mod.ts";

const [mode] = runtime.args();

if (mode === "echo") {
  const buffer = new Uint8Array(100);
  const length = runtime.readStdinSync(buffer);
  runtime.writeStdoutSync(buffer.subarray(0, length));
  runtime.becomeChild(); // must not disturb our own reading
  runtime.keepAlive(true);
  runtime.readStdin(
    (chunk) => runtime.writeStdoutSync(chunk),
    () => runtime.keepAlive(false),
  );
} else if (mode === "exit") {
  runtime.setExitCode(3);
} else if (mode === "drained") {
  let turns = 0;
  runtime.onExit(() => runtime.writeStdoutSync(new TextEncoder().encode("exit")));
  runtime.onDrained(() => {
    if (turns++ === 0) { // new work: drained once more
      runtime.keepAlive(true);
      setTimeout(() => runtime.keepAlive(false), 1);
    }
    runtime.writeStdoutSync(new TextEncoder().encode("drained "));
  });
  runtime.readStdin(() => {}, () => {}); // keeps nothing alive
} else {
  runtime.keepAlive(true);
  runtime.writeStdoutSync(new TextEncoder().encode("ready"));
}
