/**
 * Compares the parameters of a function with CPython's: which there are and in which order,
 * which may be left out, which may be given by name, and with what default.
 *
 * @module
 */
import type { Call, Declared, Member } from "./ours.ts";
import {
  parseParameters,
  type PythonParameter,
  type PythonParameters,
} from "./python.ts";

/** What can differ; the lists of differences name it. */
export type Kind =
  | "absent"
  | "awaited"
  | "base"
  | "default"
  | "keyword"
  | "optional"
  | "order"
  | "surplus"
  | "there";

/** Takes a difference. */
export type Tell = (kind: Kind, text: string) => void;

/** Parameters that stand for the keyword arguments, whatever else they hold. */
const OPTIONS = /^(options|opts|kwds|init)$/;

/** CPython finds a context by it; ours is always the same. */
const IGNORED = "ctx";

/** Compares all signatures of a function with CPython's one. */
export function compareParameters(
  wanted: string,
  { calls, defaults, takesSurplus }: Member,
  tell: Tell,
): void {
  const names = calls.flatMap(({ parameters }) => parameters.map(({ name }) => name));
  const python = withoutContext(parseParameters(wanted), names);
  if (takesSurplus && !python.isOpen) tell("surplus", "takes surplus arguments");
  const options = new Set(
    calls.flatMap(({ parameters }) => parameters.flatMap((one) => one.options ?? [])),
  );
  const forms = calls.map((call) => formOf(call, python));
  for (const form of forms) compareOrder(form, python, wanted, tell);
  compareCount(forms, python, tell);
  compareOptional(forms, python, tell);
  for (const one of [...python.positional, ...python.keywordOnly]) {
    const canBeNamed = one.default !== undefined && !one.isPositionalOnly;
    const isNamed = options.has(one.name);
    if (canBeNamed && !isNamed) tell("keyword", `has no option ${one.name}`);
    compareDefault(one, defaults[one.name], tell);
  }
  for (const one of python.keywordOnly) {
    if (one.default === undefined && !options.has(one.name)) {
      tell("keyword", `has no option ${one.name}`);
    }
  }
}

/** What CPython has, without the context where ours has none. */
function withoutContext(python: PythonParameters, ours: string[]): PythonParameters {
  const isAsked = ({ name }: PythonParameter) =>
    name !== IGNORED || ours.includes(name);
  return {
    ...python,
    positional: python.positional.filter(isAsked),
    keywordOnly: python.keywordOnly.filter(isAsked),
  };
}

/** One of our signatures, the options taken out. */
interface Form {
  names: { name: string; isOptional: boolean }[];
  /** Whether further arguments follow. */
  isOpen: boolean;
  /** Whether an object can hold what is not given by position. */
  hasOptions: boolean;
}

function formOf({ parameters }: Call, { positional }: PythonParameters): Form {
  const form: Form = { names: [], isOpen: false, hasOptions: false };
  for (const [index, one] of parameters.entries()) {
    const isTheirs = positional[form.names.length]?.name === one.name ||
      positional[form.names.length]?.isPositionalOnly && one.options === null;
    if (one.isRest) form.isOpen = true;
    else if (OPTIONS.test(one.name) && !isTheirs) form.hasOptions = true;
    else form.names.push(one);
    // A union: the options may stand in a parameter's own place.
    if (one.options !== null && index === parameters.length - 1) form.hasOptions = true;
  }
  return form;
}

function compareOrder(
  { names }: Form,
  { positional, isOpen }: PythonParameters,
  wanted: string,
  tell: Tell,
): void {
  const differs = names.some(({ name }, i) => {
    const theirs = positional[i];
    if (theirs === undefined) return !isOpen;
    return !theirs.isPositionalOnly && theirs.name !== name &&
      theirs.name !== name.replace(/^_/, "");
  });
  if (!differs) return;
  tell("order", `(${names.map(({ name }) => name).join(", ")}): CPython has ${wanted}`);
}

function compareCount(
  forms: Form[],
  { positional }: PythonParameters,
  tell: Tell,
): void {
  if (forms.length === 0 || forms.some(({ isOpen }) => isOpen)) return;
  const most = Math.max(...forms.map(({ names }) => names.length));
  const rest = positional.slice(most).map(({ name }) => name);
  if (rest.length > 0) tell("order", `takes no positional ${rest.join(", ")}`);
}

function compareOptional(
  forms: Form[],
  { positional }: PythonParameters,
  tell: Tell,
): void {
  for (const [i, { name, default: value }] of positional.entries()) {
    const without = forms.filter(({ names }) => names[i]?.isOptional ?? true);
    if (value !== undefined && without.length === 0) {
      tell("optional", `wants ${name}, which CPython does not`);
    }
    const needless = without.filter(({ hasOptions, isOpen }) => !hasOptions && !isOpen);
    if (value === undefined && needless.length > 0) {
      tell("optional", `does not want ${name}, which CPython does`);
    }
  }
}

function compareDefault(
  { name, default: theirs }: PythonParameter,
  ours: string | undefined,
  tell: Tell,
): void {
  if (theirs === undefined || ours === undefined) return;
  if (!sameValue(theirs, ours)) {
    tell("default", `${name} is ${ours}: CPython has ${theirs}`);
  }
}

/** JavaScript's texts for Python's. */
const TEXTS: Record<string, RegExp> = {
  "None": /^(null|undefined)$/,
  "True": /^true$/,
  "False": /^false$/,
  "()": /^(\[\]|NO_ARGS|NONE|null)$/,
  "{}": /^(\{\}|null)$/,
};

function sameValue(theirs: string, ours: string): boolean {
  const pattern = TEXTS[theirs];
  if (pattern !== undefined) return pattern.test(ours);
  if (/^-?[\d.]/.test(theirs)) return Number(theirs) === Number(ours);
  return theirs.replace(/^'(.*)'$/, '"$1"') === ours;
}

/** Compares what a function tells of its parameters at run time. */
export function compareDeclared(
  { parameters, keywordOnly }: Declared,
  wanted: string,
  tell: Tell,
): void {
  const names = parameters.map(([name]) => name);
  const python = withoutContext(parseParameters(wanted), names);
  const all = [...python.positional, ...python.keywordOnly];
  const theirs = all.map(({ name }) => name).join(", ");
  // What can only be given by name may be ours alone.
  const ours = parameters.map(([name]) => name)
    .filter((name) =>
      !keywordOnly.includes(name) || all.some((one) => one.name === name)
    )
    .join(", ");
  if (theirs !== ours) tell("order", `declares (${ours}): CPython has ${wanted}`);
  for (const [name, value] of parameters) {
    const one = all.find((other) => other.name === name);
    if (one === undefined) continue;
    const isRequired = value === "REQUIRED";
    if (isRequired !== (one.default === undefined)) {
      tell("optional", `declares ${name} as ${value}: CPython has ${wanted}`);
    } else if (!isRequired && !sameValue(one.default!, value)) {
      tell("default", `declares ${name} as ${value}: CPython has ${one.default}`);
    }
    const isKeyword = keywordOnly.includes(name);
    if (isKeyword !== python.keywordOnly.includes(one)) {
      tell("keyword", `${name} is keyword-only in one of both`);
    }
  }
}
