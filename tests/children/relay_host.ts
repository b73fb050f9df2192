// Stands for `ssh`: runs a command, and hands its streams on. Where it is killed, the command
// sees that its stdin has ended, and nothing else. Its first argument are variables, as JSON,
// that the command has beside PATH and HOME: the environment does not cross.
import { spawn } from "node:child_process";
import process from "node:process";

const [variables, program, ...args] = process.argv.slice(2);
const { PATH = "", HOME = "" } = process.env;
const command = spawn(program!, args, {
  env: { PATH, HOME, ...JSON.parse(variables!) },
  stdio: ["pipe", "pipe", "pipe"],
  detached: true,
});
command.on("error", (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(255);
});
command.stdin.on("error", () => {});
process.stdin.pipe(command.stdin);
command.stdout.pipe(process.stdout);
command.stderr.pipe(process.stderr);
command.on("close", (code: number | null) => process.exitCode = code ?? 255);
