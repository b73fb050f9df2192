/** Calls of objects of a manager's server as from one client, without a server. */
import "../../mod.ts"; // a wait needs this process's peer
import { callAs, Owner, Waits } from "../../src/managers/protocol/caller.ts";

/** A client's thread. */
export interface Client {
  readonly owner: Owner;
  /** Calls as this client. */
  run<T>(fn: () => T): T;
  /** The client gives up the last call. */
  cancel(): void;
  /** The client is gone: by itself, or because it was killed. */
  end(isClean: boolean): void;
}

/** Makes a client; its name is for warnings. */
export function client(name: string): Client {
  const owner = new Owner(name);
  const waits = new Waits();
  let call = 0;
  return {
    owner,
    run: (fn) => callAs(owner, waits, ++call, fn),
    cancel: () => waits.cancel(call),
    end(isClean) {
      waits.end();
      owner.end(isClean);
    },
  };
}
