/**
 * Drawings that show no figures: the parts of the package, and a port line by line.
 *
 * @module
 */
import { box, element, line, picture, text } from "./svg.ts";

const MIDDLE = { "text-anchor": "middle" };

/** A box with a name and a few lines below it. */
function room(
  x: number,
  y: number,
  w: number,
  h: number,
  name: string,
  ...more: string[]
) {
  return [
    box(x, y, w, h),
    text(x + w / 2, y + 20, name, "head", MIDDLE),
    ...more.map((words, i) =>
      text(x + w / 2, y + 38 + 16 * i, words, "dim small", MIDDLE)
    ),
  ];
}

/** A line with a head at its end, or at both. */
function arrow(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  isDouble = false,
): string {
  const heads = { "marker-end": "url(#head)" };
  return element("line", {
    ...{ x1, y1, x2, y2, class: "strong", ...heads },
    ...isDouble && { "marker-start": "url(#head)" },
  });
}

const HEAD = element(
  "defs",
  {},
  element(
    "marker",
    {
      ...{ id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4 },
      ...{ markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" },
    },
    element("path", { d: "M0 0 L8 4 L0 8 z", class: "dim" }),
  ),
);

/** The root with its hub, the links to all processes, and what goes beside them. */
export function architecture(): string {
  const title = "The root process, its hub, and the processes that it starts";
  return picture(880, 380, title, [
    HEAD,
    box(20, 16, 840, 150),
    text(40, 40, "root process: the program that was started", "head"),
    ...room(40, 56, 190, 92, "your code", "Process, Queue, Lock,", "Pool, Manager …"),
    ...room(270, 56, 150, 92, "peer", "calls, arguments,", "values as CBOR"),
    ...room(
      ...[480, 56, 360, 92] as const,
      "hub",
      "every queue, lock, pipe and condition:",
      "state machines without I/O",
    ),
    arrow(230, 102, 270, 102, true),
    arrow(420, 102, 480, 102, true),
    ...[0, 1, 2].flatMap((i) => {
      const x = 60 + 280 * i;
      const names = ["child", "worker of a pool", "grandchild"];
      const what = ["your function", "its tasks", "its parent: the child"];
      return [
        ...room(x, 256, 200, 92, names[i]!, what[i]!, "peer", "stdin, stdout: frames"),
        arrow(x + 100, 256, 520 + 110 * i, 150, true),
      ];
    }),
    text(40, 200, "frames over stdin and stdout", "dim small"),
    text(40, 216, "(or sockets, FIFOs, /dev/shm: for speed)", "dim small"),
    line(260, 302, 340, 302),
    text(300, 294, "mapped", "dim small", MIDDLE),
    text(300, 318, "memory", "dim small", MIDDLE),
    text(20, 372, "A death of a process breaks no link between others.", "dim small"),
  ]);
}

const PORT: [python: string, ours: string][] = [
  ["from multiprocessing import Process, Queue", "import { is_main, Process, Queue }"],
  ["", '  from "@pystd/multiprocessing";'],
  ["", ""],
  ["def square(q, xs):", "export async function square(q, xs) {"],
  ["    for x in xs:", "  for (const x of xs)"],
  ["        q.put(x * x)", "    await q.put(x * x);"],
  ["    q.put(None)", "  await q.put(null);"],
  ["", "}"],
  ["if __name__ == '__main__':", "if (is_main(import.meta)) {"],
  ["    q = Queue()", "  const q = Queue();"],
  ["    p = Process(target=square,", "  const p = new Process({ target: square,"],
  ["                args=(q, [1, 2, 3]))", "    args: [q, [1, 2, 3]] });"],
  ["    p.start()", "  p.start();"],
  ["    for y in iter(q.get, None):", "  for (let y; (y = await q.get()) !== null;)"],
  ["        print(y)", "    console.log(y);"],
  ["    p.join()", "  await p.join();"],
  ["", "}"],
];

/** The lines of Python of the picture, and ours, as programs. */
export function portPrograms(): [python: string, ours: string] {
  const side = (i: 0 | 1) => PORT.map((pair) => pair[i]).join("\n") + "\n";
  return [side(0), side(1)];
}

/** A program of Python's, and beside each line ours. */
export function port(): string {
  const height = 50 + 18 * PORT.length;
  return picture(880, height + 8, "A program in Python, and line by line here", [
    box(0, 0, 430, height),
    box(450, 0, 430, height),
    text(16, 26, "Python", "head"),
    text(466, 26, "JavaScript, on Deno, Bun and Node", "head"),
    ...PORT.flatMap(([python, ours], i) => {
      const y = 50 + 18 * i;
      const keep = { "xml:space": "preserve" };
      return [
        ...python === "" ? [] : [text(16, y, python, "code", keep)],
        ...ours === "" ? [] : [text(466, y, ours, "code", keep)],
      ];
    }),
  ]);
}
