import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Pool, Process, set_executable } from "../../mod.ts";
import { launching } from "../../src/link/launch.ts";
import { asHost, asWeight } from "../../src/process/hosts.ts";
import { test } from "../suite.ts";

test("a name is a host of ssh, which asks nobody anything", () => {
  const { command, ...rest } = asHost("user@worker1", "host");
  deepStrictEqual([command[0], command.slice(-2)], ["ssh", ["--", "user@worker1"]]);
  strictEqual(command.includes("BatchMode=yes"), true);
  deepStrictEqual(rest, {
    name: "user@worker1",
    executable: null,
    folders: [],
    cwd: null,
    quote: true,
  });
});

test("a command, and a whole description", () => {
  const command = ["docker", "run", "-i", "--rm", "denoland/deno"];
  deepStrictEqual(asHost(command, "host"), {
    name: "denoland/deno",
    command,
    executable: null,
    folders: [],
    cwd: null,
    quote: false,
  });
  const given = {
    name: "box",
    command: ["sudo", "/usr/bin/ssh", "-T", "w"],
    executable: "/opt/node",
    folders: { "/a/": "/b", "/a/long": "/c/", "file:///d%20e": "/f" },
    cwd: "/b/x",
    weight: 2,
  };
  deepStrictEqual(asHost(given, "host"), {
    name: "box",
    command: given.command,
    executable: "/opt/node",
    folders: [["/a/long", "/c/"], ["/d e", "/f"], ["/a", "/b"]],
    cwd: "/b/x",
    quote: true,
  });
  strictEqual(asHost({ ...given, quote: false }, "host").quote, false);
  strictEqual(asWeight(given, "host"), 2);
  strictEqual(asWeight("name", "host"), 1);
});

test("what is malformed raises at the call", () => {
  const table: [unknown, string, RegExp][] = [
    [1, "TypeError", /^host must be a name, a command or an object, not int$/],
    ["", "ValueError", /^host must be a host's name, not ''$/],
    ["-oProxyCommand=x", "ValueError", /^host must be a host's name, not '-oProxy/],
    ["a b", "ValueError", /^host must be a host's name, not 'a b'$/],
    [[], "ValueError", /^host.command must name a program$/],
    [[""], "ValueError", /^host.command must name a program$/],
    [["ssh", 1], "TypeError", /^host.command\[1\] must be a string, not int$/],
    [["ssh", null], "TypeError", /^host.command\[1\] must be a string$/],
    [["a\0"], "ValueError", /^embedded null byte$/],
    [{}, "TypeError", /^host.command must be a list, not NoneType$/],
    [{ command: "ssh" }, "TypeError", /^host.command must be a list, not str$/],
    [{ command: ["x"], nam: "x" }, "TypeError", /^host got an unexpected field 'nam'$/],
    [{ command: ["x"], name: 1 }, "TypeError", /^host.name must be a string, not int$/],
    [
      { command: ["x"], quote: 1 },
      "TypeError",
      /^host.quote must be a boolean, not int$/,
    ],
    [{ command: ["x"], cwd: 1 }, "TypeError", /^host.cwd must be a string, not int$/],
    [{ command: ["x"], folders: [] }, "TypeError", /^host.folders must be an object/],
    [{ command: ["x"], folders: { a: "/b" } }, "ValueError", /absolute paths: 'a'$/],
    [
      { command: ["x"], folders: { "/a": "b" } },
      "ValueError",
      /absolute paths: '\/a'$/,
    ],
    [
      { command: ["x"], folders: { "/a": 1 } },
      "TypeError",
      /must be a string, not int$/,
    ],
    [{ command: ["x"], weight: "1" }, "TypeError", /^host.weight must be a number/],
    [
      { command: ["x"], weight: 0 },
      "ValueError",
      /^host.weight must be greater than 0$/,
    ],
  ];
  for (const [host, name, message] of table) {
    throws(() => new Process({ host: host as never }), { name, message });
  }
  throws(() => Pool({ hosts: [] }), { message: "hosts must not be empty" });
  throws(() => Pool({ hosts: ["a"], host: "a" }), {
    message: "a pool has either host or hosts",
  });
  throws(() => Pool({ hosts: ["a", ""] }), { message: /^hosts\[1\] must be a host's/ });
  throws(() => Pool({ hosts: 1 as never }), {
    message: "'int' object is not iterable",
  });
});

test("what a host cannot have raises at start()", () => {
  const host = ["true"];
  throws(() => new Process({ host, permissions: "none" }).start(), {
    name: "NotImplementedError",
    message:
      /^(the permissions of a process on true cannot be limited|(Bun|Node) .* limit .*)$/,
  });
  throws(() => new Process({ host, inspect: true }).start(), {
    name: "ValueError",
    message: "no debugger can be listened to on true",
  });
});

test("set_executable takes a host, which a program replaces", () => {
  try {
    set_executable(["docker", "run", "-i", "image"]);
    deepStrictEqual(
      [launching.executable, launching.host?.name],
      [null, "image"],
    );
    set_executable("/usr/bin/node");
    deepStrictEqual([launching.executable, launching.host], ["/usr/bin/node", null]);
    set_executable({ command: ["ssh", "w"] });
    deepStrictEqual([launching.executable, launching.host?.quote], [null, true]);
    throws(() => set_executable([""]), {
      message: "executable.command must name a program",
    });
    for (const none of [[], {}]) {
      throws(() => set_executable(none as never), { name: "TypeError" });
    }
  } finally {
    set_executable(null);
  }
  deepStrictEqual([launching.executable, launching.host], [null, null]);
});
