/** Tests of several files that share their options. */
import { runtimeName, testsWith } from "../suite.ts";
import { noSharedFiles } from "./shared_files.ts";

/** The option of tests that open sockets. */
export const LEAKING = { leaks: "sockets are closed in their own time" };

/** Tests that open sockets. */
export const SOCKETS = testsWith(LEAKING);

/** Tests of files in memory. */
export const SHARED_FILES = testsWith({ skip: noSharedFiles });

/** Tests of what programs may do, and of what they are allowed when they are started. */
export const DENO = testsWith({
  skip: runtimeName !== "deno" && "only Deno has these permissions",
});
