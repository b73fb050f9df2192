/** Tests of src/runtime/private_dir.ts: real folders, and those of another user if we may. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import * as fs from "node:fs";
import { spawn } from "node:child_process";
import process from "node:process";
import {
  isPrivateDir,
  isSafePlace,
  makePrivateDir,
  makerHasEnded,
  makerOf,
  ownDir,
  privateName,
} from "../../src/runtime/private_dir.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { NOBODY, withFolder } from "../helpers/folders.ts";
import { runProgram } from "../helpers/run.ts";
import { runtimeName, test, testsWith } from "../suite.ts";

const isSuperuser = process.getuid?.() === 0;
const asTwo = { skip: !isSuperuser && "only the superuser can make another's folder" };
const LINUX = testsWith({ skip: process.platform !== "linux" && "there is no /proc" });

/** Tests that have a folder of their own. */
const FOLDER = testsWith<string>({}, withFolder);

/** The same, of the folder for caches. */
const CACHES = testsWith<string>(
  { skip: runtimeName === "deno" && "Deno keeps its caches itself" },
  withFolder,
);

/** Makers, at a path, of what must not be taken for a private folder. */
const HOSTILE: Record<string, (path: string) => void> = {
  "a link to a private folder": (path) => {
    fs.mkdirSync(`${path}-target`, 0o700);
    fs.symlinkSync(`${path}-target`, path);
  },
  "a link to nothing": (path) => fs.symlinkSync(`${path}-nowhere`, path),
  "a file": (path) => fs.writeFileSync(path, "", { mode: 0o700 }),
};
for (let mode = 0; mode <= 0o777; mode += mode % 8 === 7 ? 1 : 7) {
  if (mode === 0o700) continue;
  HOSTILE[`mode ${mode.toString(8)}`] = (path) => {
    fs.mkdirSync(path);
    fs.chmodSync(path, mode);
  };
}
if (isSuperuser) {
  HOSTILE["another user's folder"] = (path) => {
    fs.mkdirSync(path, 0o700);
    fs.chownSync(path, NOBODY, NOBODY);
  };
}

test("privateName: each is another one, and fits a socket's path", () => {
  const names = Array.from({ length: 1000 }, () => privateName());
  strictEqual(new Set(names).size, 1000);
  for (const name of names) match(name, /^pymp-[0-9a-z-]{12,48}$/);
  match(privateName("x-"), /^x-[0-9a-z-]+$/);
});

LINUX.test("makerOf: a name tells its maker, also with what Deno puts behind it", () => {
  const name = privateName();
  strictEqual(makerOf(name)?.pid, process.pid);
  deepStrictEqual(makerOf(name + "a1B2"), makerOf(name));
  for (const other of ["", "pymp-", "pymp-0123456789ab", "tmp-1-2-3-0123456789ab"]) {
    strictEqual(makerOf(other), undefined);
    strictEqual(makerHasEnded(other), false);
  }
});

LINUX.test(
  "makerHasEnded: of the dead only, here, and whoever has their number now",
  async () => {
    const own = privateName();
    strictEqual(makerHasEnded(own), false);
    const { stdout } = await runProgram("tests/children/private_name.ts");
    strictEqual(makerHasEnded(stdout.trim()), true);
    const [, place, pid, start, random] = own.split("-") as string[];
    // Our number, but another start: that process has ended.
    strictEqual(
      makerHasEnded(["pymp", place, pid, `${start}0`, random].join("-")),
      true,
    );
    // Another machine's or container's processes cannot be seen from here.
    strictEqual(
      makerHasEnded(["pymp", `${place}0`, "zzzz", "1", random].join("-")),
      false,
    );
    strictEqual(makerHasEnded(["pymp", place, "zzzzz", "1", random].join("-")), true);
  },
);

FOLDER.test(
  "makePrivateDir: makes a new one for this user only, whatever the mask",
  (folder) => {
    for (const mask of [0, 0o022, 0o077]) {
      const before = process.umask(mask);
      try {
        makePrivateDir(`${folder}/${mask}`);
      } finally {
        process.umask(before);
      }
      strictEqual(fs.statSync(`${folder}/${mask}`).mode & 0o777, 0o700);
      ok(isPrivateDir(`${folder}/${mask}`));
    }
  },
);

FOLDER.test(
  "makePrivateDir takes nothing else that is there, and isPrivateDir is false",
  (folder) => {
    for (const [what, make] of Object.entries(HOSTILE)) {
      const path = `${folder}/${privateName()}`;
      make(path);
      throws(() => makePrivateDir(path));
      strictEqual(isPrivateDir(path), false, what);
    }
    strictEqual(fs.existsSync(`${folder}/nowhere`), false);
    strictEqual(isPrivateDir(`${folder}/none`), false);
  },
);

FOLDER.test(
  "isSafePlace: who else may write there must not be able to take ours away",
  (folder) => {
    for (let mode = 0; mode <= 0o1777; mode++) {
      fs.chmodSync(folder, mode);
      const isSafe = (mode & 0o022) === 0 || (mode & 0o1000) !== 0;
      strictEqual(isSafePlace(folder), isSafe, mode.toString(8));
    }
    fs.chmodSync(folder, 0o700);
    strictEqual(isSafePlace(`${folder}/none`), false);
  },
);

CACHES.test("ownDir: is made once, and used again", (folder) => {
  const path = ownDir(folder, "own");
  strictEqual(path, `${folder}/own`);
  fs.writeFileSync(`${path}/file`, "");
  strictEqual(ownDir(folder, "own"), path);
  ok(fs.existsSync(`${path}/file`));
  fs.chmodSync(path, 0o750); // it is looked at each time
  strictEqual(ownDir(folder, "own"), undefined);
});

CACHES.test("ownDir: what others have put there is not used, nor changed", (folder) => {
  for (const [what, make] of Object.entries(HOSTILE)) {
    const name = privateName();
    make(`${folder}/${name}`);
    const before = fs.lstatSync(`${folder}/${name}`).mode;
    strictEqual(ownDir(folder, name), undefined, what);
    strictEqual(fs.lstatSync(`${folder}/${name}`).mode, before);
  }
});

CACHES.test(
  "ownDir: not where others can change what it lies in, however far up",
  (folder) => {
    const [outer, inner] = [`${folder}/outer`, `${folder}/outer/inner`];
    fs.mkdirSync(inner, { recursive: true });
    for (const path of [outer, inner]) {
      for (const mode of [0o777, 0o770, 0o702]) {
        fs.chmodSync(path, mode);
        strictEqual(ownDir(inner, "own"), undefined);
      }
      fs.chmodSync(path, 0o700);
    }
    fs.chmodSync(outer, 0o1777);
    strictEqual(ownDir(inner, "own"), `${inner}/own`);
  },
);

CACHES.test("ownDir: not where what it lies in is another user's", (folder) => {
  fs.mkdirSync(`${folder}/theirs/inner`, { recursive: true });
  fs.chownSync(`${folder}/theirs`, NOBODY, NOBODY);
  strictEqual(ownDir(`${folder}/theirs/inner`, "own"), undefined);
}, asTwo);

LINUX.test("makerHasEnded: one that has only not been waited for has ended", async () => {
  // By then the shell has become a program that waits for no child.
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"]);
  try {
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once("data", (text) => resolve(Number(text)));
    });
    const fields = () => fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    while (fields()[2] !== "Z") await nextTurn();
    const start = Number(fields()[21]).toString(36);
    const [, place, , , random] = privateName().split("-") as string[];
    const name = ["pymp", place, pid.toString(36), start, random].join("-");
    strictEqual(makerHasEnded(name), true);
  } finally {
    const ended = new Promise((resolve) => parent.once("close", resolve));
    parent.kill("SIGKILL");
    await ended;
  }
});
