// Uses a key in all ways while everything is logged, and prints whatever it gets hold of.
import process from "node:process";
import { inspect } from "node:util";
import {
  current_process,
  is_main,
  log_to_stderr,
  Process,
  SUBDEBUG,
} from "../../mod.ts";
import { Client, Listener } from "../../src/connection.ts";
import { SyncManager } from "../../src/managers.ts";
import { nothing } from "../security/secret_targets.ts";

async function tell(what: () => unknown): Promise<void> {
  try {
    console.log(inspect(await what(), { showHidden: true, depth: null }));
  } catch (error) {
    console.log(error, String(error), (error as Error).stack);
  }
}

if (is_main(import.meta)) {
  const [, , text] = process.argv;
  const key = new TextEncoder().encode(text);
  log_to_stderr(SUBDEBUG);
  current_process().authkey = key;
  {
    await using manager = new SyncManager({ authkey: key });
    await manager.start();
    const list = await manager.list([1]);
    await tell(() => list);
    await tell(() => manager);
    await tell(() => list._callmethod("nothing"));
    const wrong = new SyncManager({ address: manager.address, authkey: key.slice(1) });
    await tell(() => wrong.connect());
    await tell(() => Client(manager.address!, { authkey: text as never }));
    await tell(() => new SyncManager({ authkey: text as never }));
    await tell(() => list.append(current_process().authkey));
    await tell(() => list.append(current_process()));
    const server = await new SyncManager({ authkey: key }).get_server();
    await tell(() => server);
    server.close();
  }
  {
    using listener = await Listener({ authkey: key });
    const [accepted, refused] = await Promise.allSettled([
      listener.accept(),
      Client(listener.address, { authkey: key.slice(1) }),
    ]);
    await tell(() => [listener, accepted, refused]);
  }
  const p = new Process({ target: nothing, args: [] });
  p.authkey = key;
  await tell(() => p.start());
  await tell(() => p.join());
  await tell(() => p);
}
