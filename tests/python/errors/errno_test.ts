import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openSync } from "node:fs";
import process from "node:process";
import {
  asOSError,
  type ErrorCode,
  FileNotFoundError,
  osError,
} from "../../../src/python/errors.ts";
import { pythonTest, runPython } from "../../helpers/python.ts";
import { test } from "../../suite.ts";

const CODES: ErrorCode[] = [
  ...["EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "E2BIG", "ENOEXEC", "EBADF"] as const,
  ...["ECHILD", "EAGAIN", "ENOMEM", "EACCES", "EFAULT", "EBUSY", "EEXIST"] as const,
  ...["EXDEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ETXTBSY"] as const,
  ...["EFBIG", "ENOSPC", "EROFS", "EPIPE", "ENAMETOOLONG", "ENOSYS", "ELOOP"] as const,
  ...["ENOTEMPTY", "EPROTO", "EMSGSIZE", "EADDRINUSE", "EADDRNOTAVAIL"] as const,
  ...["ENETUNREACH", "ECONNABORTED", "ECONNRESET", "ENOBUFS", "ENOTCONN"] as const,
  ...["ESHUTDOWN", "ECONNREFUSED", "EHOSTUNREACH", "EALREADY"] as const,
  ...["EINPROGRESS", "ETIMEDOUT"] as const,
];

const SOURCE = `
import errno, json, os, sys
made = [(code, getattr(errno, code)) for code in json.loads(sys.argv[1])]
errors = [OSError(number, os.strerror(number)) for _, number in made]
# The built-in TimeoutError has no counterpart here.
names = [type(e).__name__.replace("TimeoutError", "OSError") for e in errors]
print(json.dumps([[name, str(e)] for name, e in zip(names, errors)]))`;

pythonTest("osError's numbers, texts and classes are Linux's", async () => {
  if (process.platform !== "linux") return;
  const { stdout } = await runPython(SOURCE, [JSON.stringify(CODES)]);
  const ours = CODES.map((code) => osError(code)).map((e) => [e.name, e.message]);
  deepStrictEqual(ours, JSON.parse(stdout));
});

test("osError takes files and a cause", () => {
  const cause = new Error("below");
  const error = osError("EXDEV", { filename: "a", filename2: "b", cause });
  strictEqual(error.message, "[Errno 18] Invalid cross-device link: 'a' -> 'b'");
  strictEqual(error.cause, cause);
  ok(!Object.keys(error).includes("cause"));
});

test("asOSError translates what a runtime throws", () => {
  let caught: unknown;
  try {
    openSync("/no/such/file", "r");
  } catch (error) {
    caught = asOSError(error, "/no/such/file");
  }
  ok(caught instanceof FileNotFoundError);
  strictEqual(caught.message, "[Errno 2] No such file or directory: '/no/such/file'");
  ok(caught.cause instanceof Error);
});

test("asOSError leaves everything else as it is", () => {
  const others = ["text", null, new Error("x"), osError("EPIPE")];
  for (const other of others) strictEqual(asOSError(other), other);
  const unknown = Object.assign(new Error("x"), { code: "toString" });
  strictEqual(asOSError(unknown), unknown);
});
