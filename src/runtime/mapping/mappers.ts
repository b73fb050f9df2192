/**
 * The ways of mapping a file, one for each runtime: the C library's `mmap` and `munmap`,
 * and the runtime's own way to an `ArrayBuffer` over memory that is not its own.
 *
 * @module
 */
import { OWN_FILE } from "../own_program.ts";
import { builtin } from "../posix.ts";

/** An address: what the runtime has for it. */
// deno-lint-ignore no-explicit-any -- a number, a bigint, or an object
export type Address = any;

/** What mapping needs. */
export interface Mapper {
  /** Has `use` called with a file's descriptor, which is closed afterwards. */
  withFile<T>(path: string, use: (fd: number) => T): T;
  /** `mmap`; undefined if it fails. Without an address it may choose one. */
  mmap(
    at: Address | null,
    size: number,
    flags: number,
    fd: number,
  ): Address | undefined;
  /** Memory as a buffer. */
  view(at: Address, size: number): ArrayBuffer;
  /** `munmap`; undefined where the runtime unmaps a buffer that is garbage. */
  readonly munmap: ((at: Address, size: number) => unknown) | undefined;
}

/** `PROT_READ | PROT_WRITE`, which is the same everywhere. */
const READ_WRITE = 3;

/** What the C library may be called, by the system. */
const LIBRARIES: Record<string, string[]> = {
  linux: ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"],
  darwin: ["libSystem.B.dylib"],
};

/** The way of mapping of this runtime, if it has one and may use it. Untested. */
export function findMapper(): Mapper | undefined {
  return "Deno" in globalThis ? onDeno() : elsewhere();
}

function elsewhere(): Mapper | undefined {
  const libraries = LIBRARIES[builtin("node:process").platform];
  if (libraries === undefined) return undefined;
  if ("Bun" in globalThis) return firstOf(libraries, onBun);
  return onNode() ?? firstOf(libraries, withKoffi);
}

/** What comes of the first name that does not make it throw. */
function firstOf<T>(names: string[], open: (name: string) => T): T | undefined {
  for (const name of names) {
    try {
      return open(name);
    } catch {
      // the next one, perhaps
    }
  }
  return undefined;
}

/** An address, unless it is `MAP_FAILED`. */
function checked(at: bigint): bigint | undefined {
  return at > 0n && at < 2n ** 63n ? at : undefined;
}

// --- Deno

const DENO_SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  mmap: {
    parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"],
    result: "pointer",
  },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
} as const;

const OPEN_READ_WRITE = 2;
const CLOSE_ON_EXEC = { linux: 0x80000, darwin: 0x1000000 };

function onDeno(): Mapper | undefined {
  const names = ["ffi", "read", "write"] as const;
  const mayAll = names.every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
  const { os } = Deno.build;
  if (!mayAll || os !== "linux" && os !== "darwin") return undefined;
  const load = firstOf(LIBRARIES[os]!, (name) => {
    const load = () => Deno.dlopen(name, DENO_SYMBOLS);
    load().close();
    return load;
  });
  if (load === undefined) return undefined;
  let library: ReturnType<typeof load> | undefined;
  // It is closed at once, as Deno's tests count a library that stays open as a leak. To open
  // it takes 0.4 ms.
  const functions = () => {
    if (library === undefined) {
      library = load();
      queueMicrotask(() => {
        library?.close();
        library = undefined;
      });
    }
    return library.symbols;
  };
  return {
    withFile(path, use) { // Deno tells no descriptors of its own
      const c = functions();
      const flags = OPEN_READ_WRITE | CLOSE_ON_EXEC[os];
      const fd = c.open(new TextEncoder().encode(`${path}\0`), flags);
      try {
        return use(fd);
      } finally {
        if (fd >= 0) c.close(fd);
      }
    },
    mmap(at, size, flags, fd) {
      const found = functions().mmap(at, BigInt(size), READ_WRITE, flags, fd, 0n);
      return checked(Deno.UnsafePointer.value(found)) && found;
    },
    view: (at, size) => Deno.UnsafePointerView.getArrayBuffer(at, size),
    munmap: (at, size) => functions().munmap(at, BigInt(size)),
  };
}

// --- Bun and Node

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fs = builtin("node:fs");
  const fd: number = fs.openSync(path, "r+");
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function onBun(library: string): Mapper {
  const ffi = builtin("bun:ffi");
  const { symbols: c } = ffi.dlopen(library, {
    mmap: { args: ["ptr", "usize", "i32", "i32", "i32", "i64"], returns: "ptr" },
    munmap: { args: ["ptr", "usize"], returns: "i32" },
  });
  return {
    withFile,
    mmap(at, size, flags, fd) {
      const found = c.mmap(at, size, READ_WRITE, flags, fd, 0);
      return found > 0 && found < Number.MAX_SAFE_INTEGER ? found : undefined;
    },
    // At the end it calls what it is given with the address and the size: `munmap`.
    view: (at, size) => ffi.toArrayBuffer(at, 0, size, size, c.munmap.ptr),
    munmap: undefined,
  };
}

/** By `node:ffi`; undefined where there is none. */
function onNode(): Mapper | undefined {
  const ffi = quietly(() => builtin("node:ffi"));
  if (ffi === undefined) return undefined;
  const { functions: c } = ffi.dlopen(null, {
    mmap: {
      return: "pointer",
      arguments: ["pointer", "uint64", "int32", "int32", "int32", "int64"],
    },
    munmap: { return: "int32", arguments: ["pointer", "uint64"] },
  });
  return {
    withFile,
    mmap: (at, size, flags, fd) =>
      checked(c.mmap(at ?? 0n, BigInt(size), READ_WRITE, flags, fd, 0n)),
    view: (at, size) => ffi.toArrayBuffer(at, size, false),
    munmap: (at, size) => c.munmap(at, BigInt(size)),
  };
}

/** Node warns that the module is experimental; that is why mapping is tried first. */
function quietly<T>(load: () => T): T {
  const process = builtin("node:process");
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** By the package `koffi`. */
function withKoffi(library: string): Mapper {
  const { createRequire } = builtin("node:module");
  const koffi = createRequire(OWN_FILE)("koffi");
  const c = koffi.load(library);
  const mmap = c.func("void *mmap(void *, size_t, int, int, int, int64_t)");
  return {
    withFile,
    mmap(at, size, flags, fd) {
      const found = mmap(at, size, READ_WRITE, flags, fd, 0);
      return checked(koffi.address(found)) && found;
    },
    view: (at, size) => koffi.view(at, size),
    munmap: c.func("int munmap(void *, size_t)"),
  };
}
