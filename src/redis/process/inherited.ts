/**
 * What a process is told of its context by the one that starts it, on the same machine: its
 * settings, and where the program is. It comes by the link to that process, never by the
 * server.
 *
 * @module
 */
import { setPlaces } from "../../functions/places.ts";
import type { LoggingState } from "../../python/log_calls.ts";
import { runtime } from "../../runtime/mod.ts";
import type { Settings } from "../settings.ts";

/** The folder of the program, as paths. */
export interface Project {
  /** On the machine of the program that has begun it all: functions are named by this one. */
  readonly there: string;
  /** On this machine. */
  readonly here: string;
}

/** See above. */
export interface Inherited {
  /** The context's options; null where its client cannot be had by others. */
  readonly options: Readonly<Record<string, unknown>> | null;
  readonly project: Project;
  /** Modules that it imports first; no others are imported for it then. */
  readonly modules: readonly string[] | null;
  /** Whether an agent has started it: it does not outlive that, whatever it does. */
  readonly isOfAgent: boolean;
  readonly logging: LoggingState | null;
}

/** The project of this process, if it was told. */
const own: { project: Project | undefined } = { project: undefined };

/** The folder of this program; by default the current directory. */
export function projectOf(settings: Settings): Project {
  if (own.project !== undefined) return own.project;
  const here = settings.root ?? runtime.cwd();
  return { there: here, here };
}

/** This process belongs to a program whose folder may be elsewhere. */
export function assumeProject(project: Project): void {
  own.project = project;
  if (project.there !== project.here) setPlaces([[project.there, project.here]]);
}

/** What a process on this machine is told. */
export function inheritedFrom(
  settings: Settings,
  project: Project,
  rest: Pick<Inherited, "modules" | "logging" | "isOfAgent">,
): Inherited {
  return { options: settings.source, project, ...rest };
}

/** A context, as far as is needed here. */
interface Named {
  readonly name: string;
}

/** Makes a context; set by the module that has the class. */
export const maker: {
  make: ((options: Readonly<Record<string, unknown>>) => Named) | undefined;
} = { make: undefined };

/** The contexts that were made for this process, by their names. */
const contexts = new Map<string, Named>();

/** The addresses of their servers: the process that has started this one was connected. */
const servers = new Set<unknown>();

/** Whether an inherited context has its server at this address. */
export function isKnownServer(url: unknown): boolean {
  return servers.has(url);
}

/** Makes the context that was inherited; it stays as long as the process. */
export function assumeContext(options: Readonly<Record<string, unknown>>): void {
  servers.add(options["url"]); // before the context asks
  const context = maker.make!(options);
  contexts.set(context.name, context);
}

/** The inherited context of a name. */
export function inheritedContext(name: string): Named | undefined {
  return contexts.get(name);
}
