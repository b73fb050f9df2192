/**
 * Processes on other hosts by `ssh`: two real servers on the loopback interface of this machine.
 */
import process from "node:process";
import { execFileSync } from "node:child_process";
import { withFolder } from "../helpers/folders.ts";
import { noSshd, startSshd } from "../helpers/sshd.ts";
import { testHosts } from "./promises.ts";

/** The `ssh` that this process has started. */
function clients(): number[] {
  const list = execFileSync("ps", ["-o", "pid=,ppid=,comm=", "-A"], {
    encoding: "utf8",
  });
  return list.split("\n").flatMap((line) => {
    const [, pid, ppid, name] = /^\s*(\d+)\s+(\d+)\s+(\S+)/.exec(line) ?? [];
    return Number(ppid) === process.pid && name === "ssh" ? [Number(pid)] : [];
  });
}

testHosts("ssh", {
  use: (test) =>
    withFolder(async (folder) => {
      const first = await startSshd(folder, "first");
      const second = await startSshd(folder, "second");
      try {
        await test([first.host, second.host]);
      } finally {
        await first[Symbol.asyncDispose]();
        await second[Symbol.asyncDispose]();
      }
    }),
  commands: clients,
  sharesFiles: true,
}, { skip: noSshd });
