// Has long byte strings go to a child and back; prints how many came back whole, and that
// there was nothing but the stream for them.
import { Pipe, Process } from "../../mod.ts";
import { offerChannel } from "../../src/link/shared_channel.ts";
import { echo, SENTINEL } from "../cpython/helpers/connection_targets.ts";
import { areLongBytes, longBytes } from "../helpers/long_targets.ts";

if (import.meta.main) {
  const [mine, yours] = Pipe();
  const p = new Process({ target: echo, args: [yours] });
  await p.start();
  let whole = 0;
  for (let n = 0; n < 3; n++) {
    await mine.send_bytes(longBytes(1_000_000, n));
    if (areLongBytes(await mine.recv_bytes(), 1_000_000, n)) whole++;
  }
  console.log(
    `${whole} came back, ${offerChannel() === undefined ? "no" : "a"} bypass`,
  );
  await mine.send_bytes(SENTINEL);
  await p.join();
}
