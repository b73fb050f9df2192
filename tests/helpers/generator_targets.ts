/** Generators that a manager holds, and what they are in Python: see generator_test.ts. */
import { exported, ValueError } from "../../mod.ts";

type Anything = Generator<unknown, unknown, unknown>;

export function* counts(): Anything {
  yield 1;
  yield 2;
  return "ret";
}

export function* silent(): Generator<unknown> {
  yield 1;
}

export function* echoes(): Anything {
  let sent: unknown = "first";
  for (;;) sent = yield [sent];
}

export function* catches(): Anything {
  for (;;) {
    try {
      yield "waiting";
    } catch (error) {
      yield `got ${(error as Error).message}`;
      return 5;
    }
  }
}

export function* cleans(): Anything {
  try {
    yield 1;
  } finally {
    // deno-lint-ignore no-unsafe-finally -- what Python's `close` gives since 3.13
    return "clean";
  }
}

export function* stubborn(): Generator<unknown> {
  try {
    yield 1;
  } finally {
    yield 2;
  }
}

export function* fails(): Anything {
  yield 1;
  throw new ValueError("a", 1);
}

export async function* later(): AsyncGenerator<unknown, unknown, unknown> {
  await Promise.resolve();
  try {
    const sent = yield 1;
    yield sent;
  } catch (error) {
    yield (error as Error).message;
  } finally {
    await Promise.resolve();
  }
  return "ret";
}

exported(import.meta, {
  ...{ counts, silent, echoes, catches, cleans, stubborn, fails, later },
});

/** The same in Python, but for the asynchronous one. */
export const IN_PYTHON = `
def counts():
    yield 1
    yield 2
    return "ret"
def silent():
    yield 1
def echoes():
    sent = "first"
    while True:
        sent = yield [sent]
def catches():
    while True:
        try:
            yield "waiting"
        except Exception as error:
            yield "got " + str(error)
            return 5
def cleans():
    try:
        yield 1
    except BaseException:
        return "clean"
def stubborn():
    try:
        yield 1
    finally:
        yield 2
def fails():
    yield 1
    raise ValueError("a", 1)
`;
