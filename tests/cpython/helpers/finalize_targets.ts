/** Targets of test_finalize_test.ts. */
import process from "node:process";
import type { Connection } from "../../../src/connection.ts";
import { _exit_function, Finalize } from "../../../src/util.ts";
import { collectGarbage } from "../../helpers/gc.ts";

/** Registers finalizers that send their names, in every way in which they may run. */
export async function finalize(conn: Connection<string>): Promise<never> {
  const send = (name: string) => conn.send(name);
  const add = (obj: object | null, name: string, exitpriority?: number) =>
    new Finalize(obj, send, {
      args: [name],
      ...(exitpriority !== undefined && { exitpriority }),
    });

  add({}, "a"); // nothing holds the object
  await collectGarbage();

  const b = {};
  const closeB = add(b, "b");
  await closeB.__call__();
  await closeB.__call__(); // it has been called already

  const kept = Array.from({ length: 5 }, () => ({}));
  add(kept[0]!, "c"); // not at the exit
  add(kept[1]!, "d10", 1);
  add(kept[2]!, "d01", 0);
  add(kept[3]!, "d02", 0);
  add(kept[4]!, "d03", 0);
  add(null, "e", -10);
  add(null, "STOP", -100);

  await _exit_function();
  Object.assign(globalThis, { kept, b }); // not collected before
  conn.close();
  process.exit(0);
}
