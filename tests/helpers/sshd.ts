/**
 * A real `sshd` of this machine, for tests: it listens on the loopback interface only, with keys
 * of its own, and is gone after the test.
 *
 * @module
 */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import process from "node:process";
import type { Host } from "../../src/process.ts";

/** Where Debian, Fedora and macOS have it; it must be started by its whole path. */
const SSHD = ["/usr/sbin/sshd", "/usr/bin/sshd"].find((path) => existsSync(path));

/** Where root's sshd wants an empty folder, which the system's service makes. */
const SEPARATION = "/run/sshd";

/** Why there can be none here; undefined if there can. */
export const noSshd: string | undefined = reason();

function reason(): string | undefined {
  if (SSHD === undefined) return "no sshd: apt-get install openssh-server";
  if (!existsSync("/usr/bin/ssh")) return "no ssh";
  if (userInfo().uid !== 0) return undefined;
  try {
    mkdirSync(SEPARATION, { recursive: true });
    return undefined;
  } catch {
    return `no ${SEPARATION}`;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A host that is reached by ssh: its variable WHERE is its name. */
export interface SshHost extends AsyncDisposable {
  readonly host: Host;
}

/** Starts one whose files are in `folder`, which is there. */
export async function startSshd(folder: string, name: string): Promise<SshHost> {
  const port = await freePort();
  const path = (file: string) => `${folder}/${name}-${file}`;
  for (const key of ["host", "user"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path(key)]);
  }
  writeFileSync(path("authorized"), readFileSync(`${path("user")}.pub`));
  chmodSync(path("authorized"), 0o600);
  writeFileSync(
    path("config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${path("host")}`,
      `AuthorizedKeysFile ${path("authorized")}`,
      "AuthenticationMethods publickey",
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
      `SetEnv WHERE=${name}`,
      "",
    ].join("\n"),
  );
  const server = spawn(SSHD!, ["-D", "-e", "-f", path("config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => server.on("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let text = "";
    server.stderr.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (/Server listening/.test(text)) resolve();
    });
    void ended.then(() => reject(new Error(`sshd has ended: ${text}`)));
  });
  const options = {
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: "/dev/null",
    LogLevel: "ERROR",
    BatchMode: "yes",
    IdentitiesOnly: "yes",
  };
  const command = [
    ...["ssh", "-T", "-F", "/dev/null", "-i", path("user"), "-p", String(port)],
    ...Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
    `${execFileSync("id", ["-un"], { encoding: "utf8" }).trim()}@127.0.0.1`,
  ];
  return {
    host: { name, command, executable: process.execPath },
    async [Symbol.asyncDispose]() {
      server.kill();
      await ended;
    },
  };
}
