/**
 * Compares our public names with CPython's: names, parameters, members of every class, and
 * what is a promise here. Pure: it takes both as data, and gives problems.
 *
 * @module
 */
import type { Declared, Member, OurApi, Shape } from "./ours.ts";
import {
  compareDeclared,
  compareParameters,
  type Kind,
  type Tell,
} from "./parameters.ts";
import { type PythonModule, type PythonName, withBases } from "./python.ts";

/** Names that are not there, for one reason. */
export interface Absence {
  names: string[];
  group: string;
  why: string;
}

/** What is meant to differ; `scripts/api_absent.json` and `scripts/api_ours.json`. */
export interface Lists {
  /** What is not there, by module; members by their classes, `*` for all. */
  absent: Record<string, Absence[]>;
  /** What we have and CPython does not, by entry point. */
  ours: Record<string, Record<string, string>>;
  /** `pool.Pool.join keyword` and the reason. */
  differs: Record<string, string>;
  /** What gives a promise, by module: `Connection.recv`, `ListProxy.*`. */
  awaited: Record<string, string[]>;
  /** What of it is synchronous nevertheless. */
  known: Record<string, string[]>;
}

/** What CPython has. */
export interface Python {
  modules: Record<string, PythonModule>;
  signatures: Record<string, string[]>;
}

/** How many of a module's names, and of its classes' members, are there. */
export interface Count {
  names: number;
  allNames: number;
  members: number;
  allMembers: number;
}

/** What came out. */
export interface Comparison {
  problems: string[];
  counts: Record<string, Count>;
}

/** Of every class of Python's, or of how Python copies, makes and removes objects. */
const OF_ALL_CLASSES = new Set([
  ...["__class_getitem__", "__del__", "__getstate__", "__setstate__"],
  ...["__reduce__", "__deepcopy__", "__hash__"],
]);

/** What stands for Python's special methods; the first that is there. */
const STANDS_FOR: Record<string, string[]> = {
  __call__: ["()"],
  __enter__: ["__enter__", "[Symbol.dispose]", "[Symbol.asyncDispose]"],
  __exit__: ["__exit__", "[Symbol.dispose]", "[Symbol.asyncDispose]"],
  __getattr__: ["__getattr__", "__getattribute__"],
  __iter__: ["__iter__", "[Symbol.iterator]", "[Symbol.asyncIterator]"],
  __len__: ["__len__", "length"],
  __repr__: ["__repr__", "toString"],
  __str__: ["__str__", "toString"],
};

/** Those that `Symbol` has keep no names of parameters. */
const SPECIAL = /^(__enter__|__exit__|__iter__|__repr__|__str__|__call__)$/;

const TEXT: Member = { calls: [], isAwaited: false, defaults: {}, takesSurplus: false };

/** Types of ours for classes that have no name in CPython. */
const TYPES: Record<string, string> = { "AutoProxy[Queue]": "QueueProxy" };

/** Compares everything. */
export function compare(
  python: Python,
  ours: OurApi,
  declared: Declared[],
  lists: Lists,
): Comparison {
  return new Comparing(python, ours, lists).run(declared);
}

class Comparing {
  readonly #python: Python;
  readonly #ours: OurApi;
  readonly #lists: Lists;
  readonly #problems: string[] = [];
  readonly #used = new Set<unknown>();

  constructor(python: Python, ours: OurApi, lists: Lists) {
    this.#python = python;
    this.#ours = ours;
    this.#lists = lists;
  }

  run(declared: Declared[]): Comparison {
    const counts: Record<string, Count> = {};
    for (const [module, names] of Object.entries(this.#python.modules)) {
      counts[module] = this.#module(module, names);
    }
    this.#surplus();
    for (const one of declared) this.#declared(one);
    this.#leftOver();
    return { problems: this.#problems, counts };
  }

  #module(module: string, names: PythonModule): Count {
    const shapes = this.#ours[entryOf(module)];
    const count: Count = { names: 0, allNames: 0, members: 0, allMembers: 0 };
    for (const [name, theirs] of Object.entries(names)) {
      const shape = shapes?.[TYPES[name] ?? name];
      const isThere = shape !== undefined && (shape.isValue || name in TYPES);
      if (!(name in TYPES)) {
        count.allNames++;
        if (isThere) count.names++;
      }
      if (!this.#expect(module, [name], isThere)) {
        count.allMembers += membersOf(theirs).length;
        continue;
      }
      this.#name(module, name, theirs, shape!, count);
    }
    return count;
  }

  /** Says whether it is there, and whether that is right. */
  #expect(module: string, names: string[], isThere: boolean): boolean {
    const absence = (this.#lists.absent[module] ?? []).find((one) =>
      names.some((name) => one.names.includes(name)) || one.names.includes("*")
    );
    const [name] = names as [string];
    if (absence !== undefined) {
      if (isThere) {
        this.#problem(module, name, "there", "is there, and listed as absent");
      }
      for (const one of [...names, "*"]) this.#used.add(`${module} ${one}`);
    } else if (!isThere) {
      this.#problem(module, name, "absent", "is not there, and not listed as absent");
    }
    return isThere;
  }

  #name(
    module: string,
    name: string,
    theirs: PythonName,
    shape: Shape,
    count: Count,
  ): void {
    if (theirs.kind === "function") {
      const tell = this.#tell(module, [name]);
      compareParameters(theirs.parameters!, shape, tell);
      this.#awaited(module, [name], shape);
    } else if (theirs.kind === "class") {
      this.#class(module, name, theirs, shape, count);
    } else if (theirs.value !== undefined && shape.calls.length > 0) {
      this.#problem(module, name, "order", "is a function, not a constant");
    }
  }

  #class(
    module: string,
    name: string,
    theirs: PythonName,
    shape: Shape,
    count: Count,
  ): void {
    if (theirs.members === undefined) return;
    const classes = withBases(name, theirs);
    this.#bases(module, name, theirs, shape);
    if (!shape.isErrorClass && !(name in TYPES)) {
      const tell = this.#tell(module, classes.map((one) => `${one}()`));
      compareParameters(theirs.parameters!, shape, tell);
      this.#awaited(module, [`${name}()`], shape);
    }
    for (const [member, what] of membersOf(theirs)) {
      count.allMembers++;
      const full = classes.map((one) => `${one}.${member}`);
      const found = findMember(member, shape);
      if (!this.#expect(module, full, found !== undefined)) continue;
      count.members++;
      if (!what.includes("(")) {
        this.#awaited(module, full, found!);
        continue;
      }
      if (found!.calls.length === 0) {
        if (!SPECIAL.test(member) && member !== "__len__") {
          this.#problem(module, full[0]!, "order", "is no function");
        }
        continue;
      }
      if (!SPECIAL.test(member)) {
        const wanted = member.startsWith("__") ? unnamed(what) : what;
        const tell = this.#tell(module, full);
        const takesSurplus = found!.takesSurplus && wanted === what;
        compareParameters(wanted, { ...found!, takesSurplus }, tell);
        this.#awaited(module, full, found!);
      }
    }
  }

  /** A class of ours has the bases that CPython's has, as far as they are here. */
  #bases(module: string, name: string, { bases = [] }: PythonName, shape: Shape): void {
    for (const base of bases) {
      const other = this.#ours[entryOf(module)]?.[base];
      const made = other?.classes[0];
      if (!other?.isValue || made === undefined || shape.classes.includes(made)) {
        continue;
      }
      this.#problem(module, name, "base", `is no subclass of ${base}`);
    }
  }

  #awaited(module: string, names: string[], { calls, isAwaited }: Member): void {
    const isListed = (list: Record<string, string[]>) => {
      const listed = list[module] ?? [];
      const found = names.flatMap((name) => [name, name.replace(/\.\w+$/, ".*")])
        .filter((name) => listed.includes(name));
      for (const name of found) this.#used.add(`${module} ${name} awaited`);
      return found.length > 0;
    };
    const isKnown = isListed(this.#lists.known);
    const wanted = isListed(this.#lists.awaited) && !isKnown;
    const given = calls.length > 0 ? calls.map((call) => call.isAwaited) : [isAwaited];
    if (given.every((one) => one === wanted)) return;
    const text = given.includes(null)
      ? "has a type that does not tell whether it is a promise"
      : wanted
      ? "is synchronous, and listed as awaited"
      : "gives a promise, and is not listed as awaited";
    this.#problem(module, names[0]!, "awaited", text, names);
  }

  /** What we export and CPython does not. */
  #surplus(): void {
    for (const [entry, names] of Object.entries(this.#ours)) {
      const listed = this.#lists.ours[entry] ?? {};
      const theirs = this.#python.modules[moduleOf(entry)] ?? {};
      for (const [name, { isValue, isErrorClass }] of Object.entries(names)) {
        if (!isValue || name in theirs) continue;
        if (listed[name] !== undefined) this.#used.add(`${entry} ${name} ours`);
        else if (!isErrorClass) {
          this.#problems.push(`${entry} ${name}: neither CPython's nor listed in ours`);
        }
      }
    }
  }

  /** What functions say of their parameters at run time, by CPython's full names. */
  #declared(one: Declared): void {
    if (one.isBuiltin) return;
    const { signatures } = this.#python;
    const wanted = signatures[one.label] ??
      signatures[one.label.replace(/\.__init__$/, "")];
    if (wanted === undefined) {
      this.#problem("signature", one.label, "absent", `${one.place}: not CPython's`);
      return;
    }
    const told = wanted.map((text) => {
      const problems: [Kind, string][] = [];
      compareDeclared(one, text, (kind, problem) => problems.push([kind, problem]));
      return problems;
    }).sort((a, b) => a.length - b.length);
    for (const [kind, text] of told[0]!) {
      this.#problem("signature", one.label, kind, text);
    }
  }

  #tell(module: string, names: string[]): Tell {
    return (kind, text) => this.#problem(module, names[0]!, kind, text, names);
  }

  #problem(
    module: string,
    name: string,
    kind: Kind,
    text: string,
    names: string[] = [name],
  ): void {
    const short = shortOf(module);
    const keys = names.map((one) => `${short}${one} ${kind}`);
    const listed = keys.filter((key) => this.#lists.differs[key] !== undefined);
    for (const key of listed) this.#used.add(key);
    if (listed.length === 0) this.#problems.push(`${short}${name} ${kind}: ${text}`);
  }

  /** Everything that is listed must have been needed. */
  #leftOver(): void {
    const check = (key: string, used: string) => {
      if (!this.#used.has(used)) this.#problems.push(`${key}: listed, but not needed`);
    };
    for (const [module, list] of Object.entries(this.#lists.absent)) {
      for (const name of list.flatMap(({ names }) => names)) {
        check(`absent ${module} ${name}`, `${module} ${name}`);
      }
    }
    for (const [entry, names] of Object.entries(this.#lists.ours)) {
      for (const name of Object.keys(names)) {
        check(`ours ${entry} ${name}`, `${entry} ${name} ours`);
      }
    }
    for (const key of Object.keys(this.#lists.differs)) check(`differs ${key}`, key);
    for (const list of [this.#lists.awaited, this.#lists.known]) {
      for (const [module, names] of Object.entries(list)) {
        for (const name of names) {
          check(`awaited ${module} ${name}`, `${module} ${name} awaited`);
        }
      }
    }
  }
}

/** What is called by an operator is not called by the names of its parameters. */
function unnamed(parameters: string): string {
  return parameters.replace(/(, \/)?\)$/, ", /)");
}

/** A class's members that are asked for. */
function membersOf({ members = {} }: PythonName): [string, string][] {
  return Object.entries(members).filter(([name]) => !OF_ALL_CLASSES.has(name));
}

function findMember(name: string, shape: Shape): Member | undefined {
  // Every error has a text of its own.
  if (shape.isErrorClass && /^__(str|repr)__$/.test(name)) return TEXT;
  for (const one of STANDS_FOR[name] ?? [name]) {
    if (one === "()" && shape.calls.length > 0) return shape;
    if (Object.hasOwn(shape.members, one)) return shape.members[one];
  }
  return undefined;
}

/** `multiprocessing.pool` is `./pool`. */
export function entryOf(module: string): string {
  return module === "multiprocessing"
    ? "."
    : `./${module.slice("multiprocessing.".length).replaceAll(".", "/")}`;
}

function moduleOf(entry: string): string {
  return ["multiprocessing", ...entry.split("/").slice(1)].join(".");
}

function shortOf(module: string): string {
  if (module === "multiprocessing") return "";
  return `${module.replace(/^multiprocessing\./, "")}.`;
}
