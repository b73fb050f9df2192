/**
 * What a process of a context does first: it makes the context, so that the objects it is sent
 * can be used, then it loads its work and becomes the process that was asked for.
 *
 * @module
 */
import { readReferences } from "../../codec/codec.ts";
import { toHere } from "../../functions/places.ts";
import { isOfUnloaded, loadModule, loads, registerName } from "../../reduction/mod.ts";
import { complain } from "../../link/exit.ts";
import type { Work } from "../../process/arguments.ts";
import { takeWork } from "../../process/current.ts";
import { identity } from "../../process/identity.ts";
import { restoreLoggingState } from "../../python/inherited_log.ts";
import { formatException } from "../../python/traceback.ts";
import { runtime } from "../../runtime/mod.ts";
import { watchParent } from "../../runtime/orphan.ts";
import { listenToAgent } from "./drain.ts";
import { assumeContext, assumeProject, type Inherited } from "./inherited.ts";
import { checkPlaces } from "./references.ts";
import { tellSessions } from "./vouching.ts";

/** The target of these processes. @param work The encoded `Work` of the user's process. */
export async function runWork(inherited: Inherited, work: Uint8Array): Promise<void> {
  const process = await load(inherited, work);
  await process.run();
}

/** What this process was told of that. */
const loadedBy: {
  rules: Pick<Inherited, "modules" | "project"> | undefined;
  isOfAgent: boolean;
} = { rules: undefined, isOfAgent: false };

/** Whether an agent has started this process, and not the program itself. */
export function isOfAgent(): boolean {
  return loadedBy.isOfAgent;
}

async function load(inherited: Inherited, work: Uint8Array) {
  const { options, project, modules, isOfAgent, logging } = inherited;
  loadedBy.rules = { modules, project };
  loadedBy.isOfAgent = logging !== null; // else it has that of its parent
  // As before any other work: modules that start processes lack their guard.
  identity.isBootstrapping = true;
  try {
    if (isOfAgent) {
      watchParent();
      listenToAgent();
    }
    if (logging !== null) restoreLoggingState(logging);
    assumeProject(project);
    if (options !== null) {
      tellSessions(options["name"] as string);
      assumeContext(options);
    }
    if (modules === null) checkPlaces(readReferences(work) ?? [], project);
    for (const module of modules ?? []) await loadModule(module);
    return takeWork(await loads(work, { fromParent: modules === null }) as Work);
  } catch (error) {
    complain(formatException(error) + cureOf(error, modules));
    runtime.exit(1);
  }
}

/** Loads what this process is sent later, by the rules by which its work was loaded. */
export function loadLater(payload: Uint8Array): unknown {
  const { modules, project } = loadedBy.rules!;
  if (modules === null) checkPlaces(readReferences(payload) ?? [], project);
  return loads(payload, { fromParent: modules === null });
}

function cureOf(error: unknown, modules: readonly string[] | null): string {
  if (modules === null || !isOfUnloaded(error)) return "";
  const list = modules.map((module) => `  ${toHere(module)}\n`).join("");
  return `The agent was started with --modules, and these do not load it:\n${list}`;
}

registerName("redis:run", runWork);
