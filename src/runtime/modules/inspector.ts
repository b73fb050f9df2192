/**
 * Functions and scripts by V8's inspector, on Node and Deno. A session is opened for each
 * question and closed after it: nothing keeps listening.
 *
 * @module
 */
import type { Location } from "../types.ts";
import { fileUrl } from "../paths.ts";

/** The part of `inspector.Session` that is used. */
interface Session {
  connect(): void;
  disconnect(): void;
  post(
    method: string,
    params: object | undefined,
    callback: (error: unknown, result: unknown) => void,
  ): void;
  on(event: string, listener: (message: { params: Script }) => void): void;
}

/** `node:inspector`. */
export interface InspectorModule {
  Session: new () => Session;
}

interface Script {
  scriptId: string;
  url: string;
  isModule?: boolean;
}

interface RemoteObject {
  type: string;
  objectId?: string;
  description?: string;
  value?: { scriptId: string; lineNumber: number };
}

interface Property {
  name: string;
  value?: RemoteObject;
}

interface Properties {
  result: Property[];
  internalProperties?: Property[];
}

/**
 * The global by which the inspector's expressions reach our objects during a question. It is
 * set among the process's own globals, where it asks for the function, and among those of
 * this package, which differ where a tool loads modules in contexts of their own.
 */
const KEY = "@pystd/multiprocessing inspector";

class Inspector {
  readonly #session: Session;
  readonly scripts = new Map<string, string>();
  /** The URLs of modules, without the texts that a tool runs under a module's name. */
  readonly modules = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
    session.on("Debugger.scriptParsed", ({ params }) => {
      this.scripts.set(params.scriptId, params.url);
      if (params.isModule) this.modules.add(params.url);
    });
  }

  /** Asks. Node answers before this returns, Deno some milliseconds later. */
  ask<T>(method: string, params?: object): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, result) => {
        if (error) reject(error);
        else resolve(result as T);
      });
    });
  }

  properties(objectId: string): Promise<Properties> {
    return this.ask("Runtime.getProperties", { objectId, ownProperties: true });
  }
}

/** Asks something; undefined where the inspector may not be used. */
async function inspect<T>(
  module: InspectorModule,
  question: (inspector: Inspector) => Promise<T>,
): Promise<T | undefined> {
  let session: Session;
  try {
    session = new module.Session();
    session.connect();
  } catch {
    return undefined;
  }
  const inspector = new Inspector(session);
  try {
    await inspector.ask("Debugger.enable");
    const answer = await question(inspector);
    await inspector.ask("Debugger.disable");
    return answer;
  } catch {
    return undefined; // an answer of another shape than that of today's V8
  } finally {
    session.disconnect();
  }
}

/** The URLs of all ES modules, and of all other scripts. */
export function scriptUrls(
  module: InspectorModule,
): Promise<{ modules: Set<string>; scripts: Set<string> } | undefined> {
  // deno-lint-ignore require-await -- a question gives a promise
  return inspect(module, async ({ modules, scripts }) => ({
    modules,
    scripts: new Set(scripts.values()),
  }));
}

/**
 * The place where a function was made, and the functions that its module binds.
 *
 * @param isLoadedScript Whether a module that is no ES module has been loaded.
 * @param main The process's own globals.
 */
export function locateFunction(
  module: InspectorModule,
  fn: object,
  isLoadedScript: (url: string) => boolean,
  main: object = globalThis,
): Promise<Location | undefined> {
  return inspect(module, async (inspector) => {
    const shared: { fn: object; found?: Map<string, unknown> } = { fn };
    for (const globals of [main, globalThis]) {
      Object.defineProperty(globals, KEY, { value: shared, configurable: true });
    }
    try {
      const place = await locate(inspector, shared);
      return place &&
        { ...place, isLoaded: place.isLoaded || isLoadedScript(place.url) };
    } finally {
      for (const globals of [main, globalThis]) Reflect.deleteProperty(globals, KEY);
    }
  });
}

async function locate(
  inspector: Inspector,
  shared: { found?: Map<string, unknown> },
): Promise<Location | undefined> {
  const { result } = await inspector.ask<{ result: RemoteObject }>("Runtime.evaluate", {
    expression: `globalThis[${JSON.stringify(KEY)}].fn`,
  });
  const { internalProperties = [] } = await inspector.properties(result.objectId!);
  const internal = (name: string) =>
    internalProperties.find((property) => property.name === name)?.value;
  const place = internal("[[FunctionLocation]]")?.value;
  const url = place && inspector.scripts.get(place.scriptId);
  if (place === undefined || !url) return undefined;
  const { scriptSource: source } = await inspector.ask<{ scriptSource: string }>(
    "Debugger.getScriptSource",
    { scriptId: place.scriptId },
  );
  const isLoaded = inspector.modules.has(url);
  const location = { url: asUrl(url), line: place.lineNumber + 1, source, isLoaded };
  const scopes = internal("[[Scopes]]")?.objectId;
  const bindings = scopes && await moduleBindings(inspector, scopes, shared);
  return bindings ? { ...location, bindings } : location;
}

/** The functions that a module binds at its top level, by their local names. */
async function moduleBindings(
  inspector: Inspector,
  scopesId: string,
  shared: { found?: Map<string, unknown> },
): Promise<Map<string, unknown> | undefined> {
  const scopes = await inspector.properties(scopesId);
  const scope = scopes.result.find(({ value }) => value?.description === "Module");
  if (scope?.value?.objectId === undefined) return undefined;
  const found = shared.found = new Map<string, unknown>();
  for (
    const { name, value } of (await inspector.properties(scope.value.objectId)).result
  ) {
    if (value?.type !== "function") continue;
    await inspector.ask("Runtime.callFunctionOn", {
      objectId: value.objectId,
      functionDeclaration:
        `function (key, name) { globalThis[key].found.set(name, this); }`,
      arguments: [{ value: KEY }, { value: name }],
    });
  }
  return found;
}

/** CommonJS modules are listed by their paths, of which some begin with a drive or share. */
export function asUrl(place: string): string {
  if (!/^([\\/]|[A-Za-z]:[\\/])/.test(place)) return place;
  return fileUrl(place);
}
