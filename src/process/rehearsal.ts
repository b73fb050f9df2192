/**
 * The messages of a rehearsal: a process that was started ahead goes the way of its first
 * messages with some that mean nothing, before the real ones come.
 *
 * @module
 */
import { encode } from "../codec/codec.ts";
import { launching } from "../link/launch.ts";
import { loggingState } from "../python/log_calls.ts";
import { dumps } from "../reduction/mod.ts";
import { runtime } from "../runtime/mod.ts";
import { switchedOff } from "../runtime/switches.ts";
import { FrameBatch } from "../wire/frame.ts";
import type { Init, Message, Payload } from "../wire/message.ts";
import { Kind } from "../wire/message.ts";
import { RootStreamDecoder } from "../wire/root_stream.ts";
import type { Work } from "./arguments.ts";
import type { InitConfig } from "./identity.ts";

/** The first messages of a process that calls a function which does nothing. */
export function rehearsalMessages(): [init: Init, boot: Message] {
  const config: InitConfig = {
    name: "",
    identity: [],
    daemon: false,
    ignoresInterrupt: false,
    authkey: new Uint8Array(32),
    parent: { id: 0, pid: 0, name: "" },
    script: runtime.script() ?? null,
    executable: launching.executable,
    startMethod: null,
    ahead: launching.ahead,
    logging: loggingState(),
    without: switchedOff(),
  };
  const work: Work = {
    class: "Process",
    fields: {},
    target: Object.is,
    args: [],
    kwargs: null,
  };
  const batch = new FrameBatch();
  batch.add([Kind.Init, 0, 0, 0, encode(config), ""]);
  batch.add([Kind.Boot, 0, 0, dumps(work) as Payload, []]);
  const messages: Message[] = [];
  new RootStreamDecoder((message) => messages.push(message)).push(batch.take());
  return messages as [Init, Message];
}
