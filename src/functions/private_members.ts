/**
 * Private members of classes (`#n`, and TypeScript's `accessor`), from the classes' texts:
 * an object that is made without its constructor has none of them, neither fields nor
 * methods, and fails where one is used. Static ones belong to the class.
 *
 * @module
 */
import { type Callable, isCallable, textOf } from "./callable.ts";
import { blank } from "./module_source.ts";

/** The first private member of each class that was looked at; an empty text for none. */
const known = new WeakMap<Callable, string>();

/** The name of a private member that a class gives its instances. */
export function privateMember(type: Callable): string | undefined {
  let found = known.get(type);
  if (found === undefined) {
    found = privateIn(textOf(type)) ?? "";
    known.set(type, found);
  }
  return found === "" ? undefined : found;
}

/** The name of a private member in the text of a class. */
export function privateIn(text: string): string | undefined {
  return /^class\b/.test(text) && /#|\baccessor\b/.test(text)
    ? memberIn(membersOf(blank(text)))
    : undefined;
}

/** The same of a class or of those that it extends, as far as `isEnd`; and which it is. */
export function privateMemberOf(
  prototype: object | null,
  isEnd: (prototype: object) => boolean = () => false,
): { name: string; type: Callable } | undefined {
  for (let at = prototype; at !== null && !isEnd(at); at = Object.getPrototypeOf(at)) {
    const type: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    const name = isCallable(type) ? privateMember(type) : undefined;
    if (name !== undefined) return { name, type: type as Callable };
  }
  return undefined;
}

/** The body of a class, with blanks for what is within brackets. */
function membersOf(code: string): string {
  let depth = 0;
  let start = -1;
  let members = "";
  for (let i = 0; i < code.length; i++) {
    const char = code[i]!;
    if ("([{".includes(char)) {
      if (start < 0 && depth === 0 && char === "{") start = i;
      depth++;
    } else if (")]}".includes(char)) depth--;
    if (start < 0) continue;
    members += depth <= 1 || /\s/.test(char) ? char : " ";
  }
  return members;
}

/** A member, and before it what ends another one, or a line. */
const MEMBER =
  /(?<=[{};]\s*|\n\s*)(static\s+)?(?:(?:async|get|set)\s+)*\*?\s*(?:(#[\p{L}\p{N}_$]+)|accessor[ \t]+(#?[\p{L}_$][\p{L}\p{N}_$]*))/gu;

function memberIn(members: string): string | undefined {
  for (const match of members.matchAll(MEMBER)) {
    const [, isStatic, name, accessor] = match;
    // A line may go on after an operator: `x = a ||\n #n in b`.
    const before = members.slice(0, match.index).trimEnd().at(-1) ?? "";
    if (isStatic === undefined && !"=.?:&|,+-*/<>!~^%".includes(before)) {
      return name ?? accessor;
    }
  }
  return undefined;
}
