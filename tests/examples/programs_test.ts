/**
 * Runs every program of `examples/` and its CPython twin in `examples/python/`, if there is
 * one, and compares what both print with one list of lines: so the two agree with each other,
 * and where there is no Python the port is still held to the same text. Those that share
 * memory are in shared_memory_test.ts.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { outputOf, programPath, runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { TWICE } from "./redis_examples.ts";
import { SHARED } from "./shared_examples.ts";
import { check, type Example, maskPids, range, testExample } from "./support.ts";

const EXAMPLES: Example[] = [
  ...TWICE,
  {
    name: "adder_queue",
    ordered: true,
    lines: [
      "0+0=0",
      "10+1=11",
      "20+4=24",
      "30+9=39",
      "40+16=56",
      "50+25=75",
      "no more pairs: Empty",
    ],
  },
  {
    name: "custom_process",
    lines: [
      "name: Counter-1",
      "daemon: false",
      "pid before start: null",
      "has a pid: true",
      "alive: true",
      "Counter-1 says tick 1",
      "Counter-1 says tick 2",
      "Counter-1 says tick 3",
      "alive: false",
      "exitcode: 0",
    ],
  },
  {
    name: "doc_connection",
    ordered: true,
    lines: ["[1,hello,null]", "thank you", "true", "0 1 2 3 4 0 0 0 0 0"],
  },
  { name: "doc_custom_manager", ordered: true, lines: ["7", "56"] },
  { name: "doc_freeze_support", lines: ["hello world!"] },
  { name: "doc_get_context", lines: ["hello"] },
  {
    name: "doc_listener_client",
    ordered: true,
    lines: ["[2.25,null,junk]", "hello", "8", "[42,1729,0,0,0]"],
  },
  {
    name: "doc_lock",
    lines: range(10).map((i) => `hello world ${i}`),
  },
  {
    name: "doc_mp_pool",
    ordered: true,
    lines: [
      "a pool of 4",
      "<multiprocessing.pool.Pool state=RUN pool_size=4>",
      "by apply_async:",
      ...workedOut(),
      "by imap:",
      ...workedOut(),
      "by imap_unordered,sorted:",
      ...workedOut(),
      "by map,which waits for all:",
      ...workedOut(),
      "errors:",
      "   apply raises ZeroDivisionError",
      "   map raises ZeroDivisionError",
      "   a loop over imap raises ZeroDivisionError",
      "   next raises it at 5",
      "   and goes on up to 10",
      "get and next with a limit:",
      "   SpawnPoolWorker-N says that mul(6,7) is 42",
      ...workedOut().slice(0, 10),
      "callbacks:",
      "   0 1 8 27 64 125 216 343 512 729 1000",
      "many:",
      "   10000",
      "   0 999700029999",
      "the end:",
      "   nothing is left to do: true",
      "   Pool not running",
      "   CLOSE",
    ],
  },
  {
    name: "doc_mp_workers",
    // Which of the four takes a task is chance.
    mask: (text) => text.replace(/Process-[1-4] /g, "Process-N "),
    lines: [
      "answers as they come:",
      ...range(20).map((i) => `   Process-N says that mul(${i},7) is ${i * 7}`),
      ...range(10).map((i) => `   Process-N says that plus(${i},8) is ${i + 8}`),
    ],
  },
  { name: "doc_pipe", lines: ["[42,null,hello]"] },
  { name: "doc_namespace", lines: ["Namespace(x=10,y=hello)"] },
  {
    name: "doc_nested_proxies",
    ordered: true,
    lines: [
      "[0,1,4,9,16,25,36,49,64,81]",
      "16",
      "[4,9,16]",
      "false",
      "hello hello",
      "{a:1,b:2}",
      "{c:3,z:26}",
      "[{}]",
      "[{a:1}]",
    ],
  },
  {
    name: "etl_pipeline",
    lines: [
      "0 item0 0",
      "250 item250 550",
      "500 item500 300",
      "750 item750 150",
      "1000 rows,349200 cents,0 out of order",
      "exit codes 0 0 0 0 0",
    ],
    ordered: true,
  },
  { name: "doc_pool", lines: ["[1,4,9]"] },
  {
    name: "doc_pool_next",
    ordered: true,
    lines: [
      "100",
      "0 1 4 9 16 25 36 49 64 81",
      "0",
      "1",
      "4",
      "TimeoutError true",
    ],
  },
  {
    name: "doc_pool_workers",
    ordered: true,
    lines: [
      "0 1 4 9 16 25 36 49 64 81",
      "their sum: 285",
      "400",
      "another process: true",
      "answers: 4",
      "no answer in time",
      "the pool goes on: 9",
      "the pool is gone,and with it the task that was late",
    ],
  },
  { name: "doc_process", lines: ["hello bob"] },
  {
    name: "doc_process_ids",
    ordered: true,
    mask: maskPids,
    lines: [
      "in the main program",
      "module name: __main__",
      "parent process: A",
      "process id: B",
      "in the child",
      "module name: __mp_main__",
      "parent process: B",
      "process id: C",
      "hello bob",
    ],
  },
  {
    name: "doc_process_methods",
    ordered: true,
    mask: maskPids,
    lines: [
      "<SpawnProcess name=SpawnProcess-1 parent=A initial> false",
      "<SpawnProcess name=SpawnProcess-1 pid=B parent=A started> true",
      "<SpawnProcess name=SpawnProcess-1 pid=B parent=A stopped exitcode=-SIGTERM> false",
      "ended by SIGTERM: true",
    ],
  },
  { name: "doc_process_run", lines: ["1", "1"] },
  { name: "doc_queue", lines: ["[42,null,hello]"] },
  {
    name: "doc_set_start_method",
    ordered: true,
    lines: ["start method: spawn", "hello"],
  },
  {
    name: "doc_wait",
    lines: range(4).flatMap((p) => range(10).map((i) => `[${i},Process-${p + 1}]`)),
  },
  {
    name: "hello_processes",
    lines: ["hello Ada", "hello Grace", "hello Linus", "all said hello"],
  },
  {
    name: "meeting_point",
    lines: [
      ...["hut", "summit"].flatMap((where) => [
        ...["Ada", "Grace", "Guido", "Linus"].map((name) =>
          `${name} is at the ${where}`
        ),
        "all are there: on we go",
        `places at the ${where}: [0,1,2,3]`,
      ]),
      "waiting: 0 of 4",
    ],
  },
  {
    name: "parking_places",
    lines: [
      ...range(6).flatMap((i) => [`car ${i + 1} parks`, `car ${i + 1} leaves`]),
      "never more than two: true",
      "free places: 2",
    ],
  },
  {
    name: "pipe_consumer",
    ordered: true,
    lines: [...range(10).map((i) => `c1 got roll ${i}`), "the main process ends"],
  },
  {
    name: "pipe_list",
    ordered: true,
    lines: [
      "[3,null,hello Ada]",
      "[5,null,hello Grace]",
      "[5,null,hello Linus]",
      "the child has closed its end",
    ],
  },
  {
    name: "manager_dict_list",
    ordered: true,
    lines: ["0 0.25 1 2 2 3 4", "[0,0,1,1,2,2,3,3,4,4]"],
  },
  {
    name: "manager_queue_pool",
    ordered: true,
    lines: ["start", ...[..."dongGe"].map((letter) => `reader got ${letter}`), "end"],
  },
  {
    name: "parameter_search",
    ordered: true,
    lines: [
      "found: rate 0.03,5 layers",
      "others were tried: true",
      "never more than eight ahead: true",
      "the generator is closed: true",
    ],
  },
  {
    name: "forkserver_preload",
    ordered: true,
    lines: [
      "forkserver",
      ...[1, 2, 3].map((n) => `Process-${n}: 78498 primes`),
      "[4,21,143,1061]",
    ],
  },
  {
    name: "queue_basics",
    ordered: true,
    lines: ["full: true", "hello", "{a:1}", "[3,3,3]", "empty: true"],
  },
  {
    name: "queue_full_empty",
    ordered: true,
    lines: [
      "full: false",
      "full: true",
      "still full after a while,it holds 3",
      "full at once,it holds 3",
      "took parcel 1",
      "took parcel 2",
      "took parcel 3",
      "left: 0",
    ],
  },
  {
    name: "three_into_one_queue",
    lines: ["[0,hello]", "[1,hello]", "[2,hello]"],
  },
  {
    name: "three_machines",
    ordered: true,
    lines: [
      ...["hut", "lake", "summit"].map((name) => `${name}: 2 workers`),
      "primes below 30000: 3245",
    ],
  },
  {
    name: "traffic_light",
    lines: [
      ...["first", "second"].flatMap((round) => [
        "red",
        "green",
        ...["a bus", "a lorry", "a taxi"].flatMap((name) => [
          `${name} stops,${round} time`,
          `${name} drives on`,
        ]),
      ]),
      "the road is free",
    ],
  },
  {
    name: "supervisor",
    ordered: true,
    lines: [
      "3 workers have crashed",
      `done: ${range(12).map((i) => i * i).join(" ")}`,
    ],
  },
  {
    name: "work_send_all",
    lines: [
      "received {message:just a test}",
      ...range(20).map((i) => `received round ${i},message ${i}`),
      "exitcodes 0 0 -15",
    ],
  },
  {
    name: "work_send_receive",
    ordered: true,
    lines: ["received {message:just a test}", "exitcodes 0 -15"],
  },
  {
    name: "writer_reader",
    ordered: true,
    lines: [
      "put A",
      "put B",
      "put C",
      "got A",
      "got B",
      "got C",
      "everything is written and read",
    ],
  },
];

/** What Python cannot do. */
const WITHOUT_TWIN: Example[] = [
  {
    name: "http_api",
    ordered: true,
    lines: [
      "quick: 200 6765",
      "in pieces: 200 2 3 5 7 11 13 17 19 23 29",
      "nonsense: 400 RangeError",
      "too slow: 504 TimeoutError",
      "one too many: 503 busy",
      ...[1, 2, 3].map(() => "the client has gone"),
      "afterwards: 200 10946",
    ],
  },
  {
    name: "opentelemetry",
    ordered: true,
    lines: [
      "9",
      "RangeError: 10 is too much",
      "request (internal)",
      "  send square (producer)",
      "    process square (consumer)",
      "      look up (internal)",
      "  send square (producer),failed: 10 is too much",
      "    process square (consumer),failed: 10 is too much",
      "      look up (internal)",
      "1 trace",
    ],
  },
];

for (const example of EXAMPLES) testExample(example);

for (const example of WITHOUT_TWIN) {
  test(`examples/${example.name}.ts prints what it always prints`, async () => {
    check(example, await runProgram(`examples/${example.name}.ts`));
  });
}

test("examples/deadlock.ts says who waits for whose lock", async () => {
  const { stdout, stderr, code } = await runProgram("examples/deadlock.ts");
  // A compiled program has other lines.
  const lines = stdout.replaceAll(/deadlock\.[jt]s:\d+/g, "LINE").trimEnd().split("\n");
  deepStrictEqual(lines, [
    "A deadlock:",
    "A to B waits for Lock “accountB”, at LINE in transfer",
    "   held by B to A, acquired at LINE in transfer",
    "B to A waits for Lock “accountA”, at LINE in transfer",
    "   held by A to B, acquired at LINE in transfer",
    "ended",
  ]);
  ok(stderr.includes("Deadlock: 2 processes wait for locks"), stderr); // the log's warning
  deepStrictEqual(code, 0);
});

test("examples/demo.ts finds the known number of primes", async () => {
  const stdout = await outputOf("examples/demo.ts");
  ok(stdout.includes("\n234,954,223 primes in "), stdout);
  ok(stdout.endsWith("Correct: this is the known number.\n"), stdout);
});

test("every example is in the list of this test", () => {
  const folder = dirname(programPath("examples/demo.ts"));
  const found = readdirSync(folder).filter((file) => /\.[jt]s$/.test(file))
    .map((file) => file.slice(0, -3)).filter((name) =>
      !["deadlock", "demo", "count_words", "invert_picture", "inspect_pipeline"]
        .includes(name) &&
      !/^(doc_remote_|redis_)/.test(name)
    );
  const ours = WITHOUT_TWIN.map(({ name }) => name);
  const listed = [...EXAMPLES, ...SHARED].map(({ name }) => name);
  deepStrictEqual(found.toSorted(), [...listed, ...ours].toSorted());
  if (import.meta.url.endsWith(".ts")) {
    const twins = found.filter((name) => existsSync(join(folder, `python/${name}.py`)));
    deepStrictEqual(twins.toSorted(), listed.toSorted());
  }
});

/** What doc_mp_pool prints of its tasks, each time. */
function workedOut(): string[] {
  const says = "   SpawnPoolWorker-N says that";
  return [
    ...range(10).map((i) => `${says} mul(${i},7) is ${i * 7}`),
    ...range(10).map((i) => `${says} plus(${i},8) is ${i + 8}`),
  ];
}
