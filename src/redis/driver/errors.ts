/**
 * Errors of the server and of client libraries as CPython's.
 *
 * @module
 */
import {
  asOSError,
  AuthenticationError,
  ConnectionError,
  ConnectionRefusedError,
  type ErrorCode,
  OSError,
  osError,
  PermissionError,
  ProcessError,
  RuntimeError,
} from "../../python/errors.ts";
import { isError } from "../../runtime/brands.ts";

/** System errors that stand for errors of the server, by the first word of these. */
const BY_WORD: Record<string, ErrorCode> = {
  OOM: "ENOMEM",
  READONLY: "EROFS",
  MISCONF: "EIO",
  CLUSTERDOWN: "EHOSTUNREACH",
  MASTERDOWN: "EHOSTUNREACH",
  MOVED: "EHOSTUNREACH",
  ASK: "EHOSTUNREACH",
  TRYAGAIN: "EAGAIN",
  NOREPLICAS: "EAGAIN",
  BUSY: "EBUSY",
};

/** Errors of connections by what client libraries call them, which have no code. */
const BY_TEXT: readonly [pattern: RegExp, code: ErrorCode][] = [
  [/timeout|timed out/i, "ETIMEDOUT"],
  [/closed|disconnect|offline|writeable|ended/i, "ECONNRESET"],
];

/** The first word of the server's error. */
export function wordOf(error: unknown): string {
  return /^[A-Z]+\b/.exec((error as Error)?.message ?? "")?.[0] ?? "";
}

/** Errors of a server of a cluster which has not the keys now, or not all of them yet. */
const ELSEWHERE = ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"];

/** Whether another server of the cluster has the keys, or will have them soon. */
export function isElsewhere(error: unknown): boolean {
  return ELSEWHERE.includes(wordOf(error));
}

/**
 * What a system says of a host that is starting again, or whose name an orchestrator has taken
 * away meanwhile.
 */
const AWAY: readonly unknown[] = [
  ...["ETIMEDOUT", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"],
  ...["ENOTFOUND", "EAI_NONAME", "EAI_AGAIN"],
];

/** Whether an error means that the server cannot answer yet, or was reached no longer. */
export function isPassing(error: unknown): boolean {
  return wordOf(error) === "LOADING" || isElsewhere(error) ||
    error instanceof ConnectionError ||
    error instanceof OSError && error.errno === 110 ||
    isError(error) && AWAY.includes((innermost(error) as { code?: unknown }).code);
}

/** The error that CPython would raise; with the given one as its cause. */
export function translated(error: unknown): unknown {
  if (!isError(error) || error instanceof OSError || error instanceof ProcessError) {
    return error;
  }
  const cause = { cause: error };
  const word = wordOf(error);
  const { message } = error;
  if (["WRONGPASS", "NOAUTH"].includes(word) || /invalid password/i.test(message)) {
    return new AuthenticationError(message, cause);
  }
  if (word === "NOPERM") return new PermissionError(13, message, cause as never);
  if (/max number of clients/.test(message)) {
    return new ConnectionRefusedError(111, message, cause as never);
  }
  if (Object.hasOwn(BY_WORD, word)) {
    const { errno, strerror } = osError(BY_WORD[word]!);
    return new OSError(errno, `${strerror}: ${withoutScript(message)}`, cause as never);
  }
  const system = asOSError(innermost(error));
  if (system instanceof OSError) return system;
  const [, code] = BY_TEXT.find(([pattern]) => pattern.test(message)) ?? [];
  if (word === "" && code !== undefined) return osError(code, cause);
  return word === "" ? error : new RuntimeError(message, cause);
}

/** Of the server's text, what does not tell in which of our scripts it was. */
function withoutScript(message: string): string {
  return message.replace(/\.?\s*script: [0-9a-f]{40}\b.*$/s, "");
}

/** An `AggregateError` of several addresses stands for the first of them. */
function innermost(error: Error): unknown {
  const { errors, code } = error as Error & { errors?: unknown[]; code?: string };
  return code === undefined && Array.isArray(errors) ? errors[0] : error;
}
