/**
 * Processes on other hosts, by a command that hands streams on as `ssh` does, but starts what it
 * is told on this machine.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import type { Host } from "../../src/process.ts";
import { programCommand } from "../helpers/run.ts";
import { testHosts } from "./promises.ts";

/** A host of that name. */
export function relayHost(name: string): Host {
  const command = programCommand("tests/children/relay_host.ts", {
    args: [JSON.stringify({ WHERE: name })],
  });
  return { name, command, executable: process.execPath };
}

/** The processes whose parent this one is, and which relay. */
function relays(): number[] {
  const list = execFileSync("ps", ["-o", "pid=,ppid=,args=", "-A"], {
    encoding: "utf8",
  });
  return list.split("\n").flatMap((line) => {
    const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const isRelay = Number(ppid) === process.pid && /relay_host/.test(args ?? "");
    return isRelay ? [Number(pid)] : [];
  });
}

testHosts("relay", {
  use: (test) => test([relayHost("first"), relayHost("second")]),
  commands: relays,
  sharesFiles: true,
});
