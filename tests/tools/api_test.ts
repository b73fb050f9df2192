/**
 * The check of public names: that nothing can go, change its parameters or turn from a
 * promise into a value without a problem, and that its table is CPython's.
 *
 * Each test changes one thing after another in what the checker has read of the sources.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import absent from "../../scripts/api_absent.json" with { type: "json" };
import lists from "../../scripts/api_ours.json" with { type: "json" };
import { compare, entryOf, type Lists } from "../../scripts/api/compare.ts";
import {
  type Call,
  declaredSignatures,
  type Member,
  type OurApi,
  ourApi,
  type Shape,
} from "../../scripts/api/ours.ts";
import { modules, type PythonName, signatures } from "../../scripts/api/python.ts";
import { ROOT } from "../../scripts/project.ts";
import { pythonVersions } from "../helpers/python.ts";
import { runCommand } from "../helpers/run.ts";
import { test } from "../suite.ts";

const ours = ourApi();
const declared = declaredSignatures();
const all: Lists = { ...lists, absent: absent.modules };

/** What one is told when this is what we export. */
function problemsOf(api: OurApi, changed = all, said = declared): string[] {
  return compare({ modules, signatures }, api, said, changed).problems;
}

interface Name {
  module: string;
  name: string;
  theirs: PythonName;
  shape: Shape;
}

/** The names that CPython has and we do too. */
const names: Name[] = Object.entries(modules).flatMap(([module, list]) =>
  Object.entries(list).flatMap(([name, theirs]) => {
    const shape = ours[entryOf(module)]?.[name];
    return shape?.isValue ? [{ module, name, theirs, shape }] : [];
  })
);

/** Those and the members of their classes. */
const members = names.flatMap((one) =>
  Object.keys(one.theirs.members ?? {}).filter((member) =>
    !member.startsWith("__") && Object.hasOwn(one.shape.members, member)
  ).map((member) => ({ ...one, member, found: one.shape.members[member]! }))
);

function withShape({ module, name }: Name, shape: Shape | undefined): OurApi {
  const entry = entryOf(module);
  const { [name]: _, ...rest } = ours[entry]!;
  return { ...ours, [entry]: shape === undefined ? rest : { ...rest, [name]: shape } };
}

function withMember(one: typeof members[number], found: Member | undefined): OurApi {
  const { [one.member]: _, ...rest } = one.shape.members;
  const kept = found === undefined ? rest : { ...rest, [one.member]: found };
  return withShape(one, { ...one.shape, members: kept });
}

/** What one is told of a module alone: the lists have more than it needs. */
function toldOf(module: string, api: OurApi): string {
  const python = { modules: { [module]: modules[module]! }, signatures };
  return compare(python, api, [], all).problems.join("\n");
}

const unchanged = new Map(Object.keys(modules).map((one) => [one, toldOf(one, ours)]));

/** The changes of which nobody is told. */
function untold<T extends Name>(
  changed: T[],
  api: (one: T) => OurApi,
  say: (one: T) => string,
) {
  return changed.filter((one) =>
    toldOf(one.module, api(one)) === unchanged.get(one.module)
  ).map(say);
}

const sayName = ({ module, name }: Name) => `${module}.${name}`;
const sayMember = (one: typeof members[number]) => `${sayName(one)}.${one.member}`;

test("the sources and the lists are content with each other", () => {
  deepStrictEqual(problemsOf(ours), []);
  ok(names.length > 120 && members.length > 400, `${names.length} ${members.length}`);
});

test("a name that is taken out is missed", () => {
  deepStrictEqual(untold(names, (one) => withShape(one, undefined), sayName), []);
});

test("a member of any class that is taken out is missed", () => {
  deepStrictEqual(untold(members, (one) => withMember(one, undefined), sayMember), []);
  const proxy = members.find((one) => sayMember(one).endsWith("DictProxy.setdefault"))!;
  deepStrictEqual(problemsOf(withMember(proxy, undefined)), [
    "managers.DictProxy.setdefault absent: is not there, and not listed as absent",
  ]);
});

test("a promise that becomes a value is seen, and the other way round", () => {
  const turned = (member: Member): Member => ({
    ...member,
    calls: member.calls.map((call) => ({ ...call, isAwaited: !call.isAwaited })),
    isAwaited: !member.isAwaited,
  });
  // Of a context, the classes are members, which give no promise by themselves.
  const told = members.filter(({ found }) => found.isAwaited !== null);
  deepStrictEqual(
    untold(told, (one) => withMember(one, turned(one.found)), sayMember),
    [],
  );
});

/** Members of which another order is told: it is not meant to differ, and has an end. */
const ordered = members.filter(({ name, theirs, member }) => {
  const wanted = theirs.members![member]!;
  const isListed = [name, ...theirs.bases ?? []].some((one) =>
    Object.keys(all.differs).some((key) => key.includes(`.${one}.${member} order`))
  );
  return wanted.includes("(") && !/\*\w/.test(wanted) && !isListed;
});

/** Those with other signatures. */
function withCalls(change: (call: Call) => Call | undefined): typeof members {
  return ordered.flatMap((one) => {
    const calls = one.found.calls.map(change);
    if (calls.length === 0 || calls.some((call) => call === undefined)) return [];
    return [{ ...one, found: { ...one.found, calls: calls as Call[] } }];
  });
}

test("a parameter of another name is seen", () => {
  const changed = withCalls((call) => {
    const [first, ...rest] = call.parameters;
    if (first === undefined || first.isRest || first.options !== null) return undefined;
    return { ...call, parameters: [{ ...first, name: "other" }, ...rest] };
  }).filter(({ theirs, member }) => {
    const wanted = theirs.members![member]!;
    return !wanted.includes("/") && !wanted.includes("(*");
  });
  ok(changed.length > 30, String(changed.length));
  deepStrictEqual(untold(changed, (one) => withMember(one, one.found), sayMember), []);
});

test("a parameter more, which must be given, is seen", () => {
  const extra = { name: "extra", isOptional: false, isRest: false, options: null };
  const changed = withCalls((call) => ({
    ...call,
    parameters: [extra, ...call.parameters],
  }));
  ok(changed.length > 200, String(changed.length));
  deepStrictEqual(untold(changed, (one) => withMember(one, one.found), sayMember), []);
});

test("a function that takes surplus arguments is seen", () => {
  const changed = ordered.filter(({ found, member }) =>
    found.calls.length > 0 && !found.takesSurplus && !member.startsWith("__")
  );
  ok(changed.length > 200, String(changed.length));
  const taking = (one: typeof ordered[number]) =>
    withMember(one, { ...one.found, takesSurplus: true });
  deepStrictEqual(untold(changed, taking, sayMember), []);
});

test("a default of another value is seen", () => {
  const untoldOf = declared.filter(({ isBuiltin, label }) =>
    !isBuiltin && !Object.keys(all.differs).some((key) => key.includes(` ${label} `))
  ).flatMap((one) =>
    one.parameters.flatMap(([name, value], i) => {
      const theirs = signatures[one.label]?.some((text) => text.includes(`${name}=`));
      if (!theirs || value === "REQUIRED") return [];
      const parameters = one.parameters.with(i, [name, '"another"']);
      const said = [...declared.filter((other) => other !== one), {
        ...one,
        parameters,
      }];
      return problemsOf(ours, all, said).length === 0 ? [`${one.label} ${name}`] : [];
    })
  );
  deepStrictEqual(untoldOf, []);
});

test("what is listed and not needed is told", () => {
  const told = problemsOf(ours, {
    ...all,
    absent: {
      ...all.absent,
      "multiprocessing.pool": [{ names: ["Pool.map"], group: "N", why: "a test" }],
    },
    ours: { ...all.ours, "./pool": { nothing: "a test" } },
    differs: { ...all.differs, "pool.Pool.map order": "a test" },
    awaited: { ...all.awaited, "multiprocessing.util": ["nothing"] },
  });
  for (
    const text of [
      "pool.Pool.map there: is there, and listed as absent",
      "ours ./pool nothing: listed, but not needed",
      "differs pool.Pool.map order: listed, but not needed",
      "awaited multiprocessing.util nothing: listed, but not needed",
    ]
  ) ok(told.includes(text), `${text}\n${told.join("\n")}`);
});

const python = pythonVersions().find(({ version }) => version === "3.13.0");

test("the table is what CPython tells", async () => {
  const script = `${ROOT}/scripts/python_api.py`;
  const { stdout, stderr } = await runCommand([python!.command, script, "--print"]);
  deepStrictEqual(stderr, "");
  deepStrictEqual(JSON.parse(stdout), {
    "//": "Written by scripts/python_api.py; not by hand.",
    python: "3.13.0",
    modules,
    signatures,
  });
}, { skip: python === undefined && "no CPython 3.13.0 on this machine" });
