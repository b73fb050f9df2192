/**
 * Contexts, `util`, processes that are threads, what cannot be sent, and the log.
 *
 * @module
 */
import {
  assign,
  call,
  type Code,
  code,
  type Given,
  raised,
  sequence,
  text,
} from "../code.ts";
import { type Dice, FUNCTION, PARAMETERS, type Writer } from "../program.ts";

/** Writes a program about contexts, the process itself and `util`. */
export function contexts(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    if (dice.once(5)) finalizers(writer);
    else writer.show(dice.pick(CONTEXT_STEPS)(dice));
  }
}

const CONTEXT_STEPS: ((dice: Dice) => Code)[] = [
  () => call("mp.get_start_method"),
  () => call("mp.get_start_method", [true]),
  () => call("mp.get_start_method", [], { allow_none: false }),
  () => call("mp.get_start_method", [1, 2]),
  () => call("mp.get_all_start_methods"),
  () => call("mp.get_all_start_methods", [1]),
  () => call("mp.set_start_method", ["spawn"]),
  () => call("mp.set_start_method", ["spawn", true]),
  () => call("mp.set_start_method", ["bogus"]),
  () => call("mp.set_start_method", ["bogus"], { force: true }),
  () => call("mp.set_start_method"),
  () => call(code('mp.get_context("spawn").get_start_method')),
  () => call(code('mp.get_context("forkserver").get_start_method')),
  () => call(code('mp.get_context("forkserver").set_start_method'), ["forkserver"]),
  () =>
    code(
      'mp.get_context("forkserver").Process().name[:18]',
      'new (mp.get_context("forkserver").Process)().name.slice(0, 18)',
    ),
  () => call("mp.set_start_method", ["forkserver", true]),
  () => call(code('mp.get_context("spawn").set_start_method'), ["spawn"]),
  () => call(code('mp.get_context("spawn").get_context'), ["bogus"]),
  (dice) => call("mp.get_context", [dice.pick<Given>(["bogus", "", 5, "Spawn"])]),
  () => call("mp.get_context", ["fork"]),
  () => call("mp.get_context", [], { bogus: 1 }),
  () =>
    code(
      'mp.get_context("spawn") == mp.get_context("spawn")',
      'mp.get_context("spawn") === mp.get_context("spawn")',
    ),
  () =>
    code(
      'mp.get_context("spawn").Process.__name__',
      'mp.get_context("spawn").Process.name',
    ),
  () => call(code('mp.get_context("spawn").cpu_count')),
  () => call("mp.cpu_count"),
  () => call("mp.cpu_count", [1]),
  () => call("mp.freeze_support"),
  () => call("mp.freeze_support", [1]),
  () => call("mp.set_executable", [5]),
  () => call("mp.set_forkserver_preload", [[1]]),
  () => call("mp.set_forkserver_preload", [["x"]]),
  () => call("mp.set_forkserver_preload", ["x"]),
  () => call("mp.allow_connection_pickling"),
  () => code("mp.get_logger().name"),
  () => code("mp.get_logger().level"),
  () => call(code("mp.get_logger().isEnabledFor"), [20]),
  () => call(code("mp.get_logger().getEffectiveLevel")),
  () => code("mp.SUBDEBUG"),
  () => code("mp.SUBWARNING"),
  () => code("util.LOGGER_NAME"),
  () => code("util.DEFAULT_LOGGING_FORMAT"),
  () => call("util.is_exiting"),
  () => call("util.is_exiting", [1]),
  () => call("util.info", ["text"]),
  () => call("util.debug", ["text %s", 1]),
  () => call("util.is_abstract_socket_namespace", ["/tmp/x"]),
  () => call("util.is_abstract_socket_namespace", [""]),
  () => call("util.is_abstract_socket_namespace", [5]),
  () => call("util.is_abstract_socket_namespace", [null]),
  () => call("connection.address_type", [code('("localhost", 5)', '["localhost", 5]')]),
  () => call("connection.address_type", ["/tmp/x"]),
  () => call("connection.address_type", [5]),
  () => call("connection.wait", [[]], { timeout: 0 }),
  () => call("connection.wait"),
  () => call("connection.Client", [5]),
  () => call("connection.Client", ["/tmp/none-of-this-name"]),
  () => call("connection.Client", ["/tmp/none-of-this-name"], { bogus: 1 }),
  () => call("connection.Listener", [5]),
  () => call("connection.Listener", [], { family: "AF_BOGUS" }),
];

/** Finalizers, in the order of their priorities. */
function finalizers(writer: Writer): void {
  const { dice } = writer;
  const calls = writer.make("calls", code("[]"));
  const append = code(`${calls}.append`, `(value) => void ${calls}.push(value)`);
  const made = Array.from({ length: dice.from(1, 5) }, (_, i) => {
    const exitpriority: Given = dice.pick<Given>([null, -5, 0, 5, 10, i]);
    return writer.make(
      "final",
      call(code("util.Finalize", "new util.Finalize"), [null, append], {
        args: [i],
        exitpriority: exitpriority ?? 3,
      }),
    );
  });
  for (const name of made) {
    if (dice.once(3)) {
      writer.show(dice.one(
        () => code(`${name}()`, `${name}.__call__()`),
        () => call(`${name}.cancel`),
        () => call(`${name}.still_active`),
        () => call(`${name}.cancel`, [1]),
      ));
    }
  }
  writer.show(
    call("util._run_finalizers", dice.pick<Given[]>([[0], [5], [null], []])),
    code(calls),
    ...made.map((name) => call(`${name}.still_active`)),
    call("util._run_finalizers"),
    code(calls),
  );
}

/** Writes a program about threads that are called processes. */
export function threadLives(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const queue = writer.make("queue", call("dummy.Queue"));
    const pair = writer.make("pair", call("dummy.Pipe"));
    const event = writer.make("event", call("dummy.Event"));
    const values = dice.values(4);
    const name = dice.pick([undefined, "worker"]);
    const body = writer.body([queue, pair, event], (inner) => {
      inner.show(
        code("dummy.current_process().name"),
        ...values.map((value) => call(`${queue}.put`, [value])),
        call(code(`${pair}[1].recv`)),
        call(code(`${pair}[1].send`), [dice.value()]),
        call(`${event}.wait`, [20]),
        call(`${event}.is_set`),
      );
    });
    const process = writer.make(
      "p",
      code(
        `dummy.Process(target=${FUNCTION}, args=${PARAMETERS}, name="${
          name ?? "thread"
        }")`,
        `new dummy.Process({ target: ${FUNCTION}, args: ${PARAMETERS}, name: "${
          name ?? "thread"
        }" })`,
      ),
      body,
    );
    writer.show(
      ...before(dice, process),
      call(`${process}.start`),
      call(code(`${pair}[0].send`), [dice.value()]),
      call(code(`${pair}[0].recv`)),
      ...values.map(() => call(`${queue}.get`)),
      call(`${process}.is_alive`),
      call(`${process}.join`, [0.01]),
      call(`${process}.start`),
      code(`len(dummy.active_children())`, "dummy.active_children().length"),
      call(`${event}.set`),
      call(`${process}.join`),
      call(`${process}.is_alive`),
      code(`${process}.exitcode`),
      call(`${process}.start`),
      ...before(dice, process),
    );
    data(writer);
  }
}

function before(dice: Dice, name: string): Code[] {
  return Array.from({ length: dice.below(4) }, () =>
    dice.one(
      () => code(`${name}.name`),
      () => code(`${name}.daemon`),
      () => code(`${name}.exitcode`),
      () => assign(name, "name", dice.pick(["other", "x"])),
      () => call(`${name}.join`, [1, 2]),
      () => call(`${name}.start`, [1]),
    ));
}

/** What `dummy.Manager()` gives, which is plain here. */
function data(writer: Writer): void {
  const { dice } = writer;
  const list = writer.make("list", code(`dummy.Manager().list([1, 2])`));
  const ns = writer.make(
    "ns",
    code("dummy.Namespace(x=1)", "dummy.Namespace({ x: 1 })"),
  );
  const value = writer.make("value", call("dummy.Value", ["i", dice.from(0, 9)]));
  writer.show(
    text(ns),
    assign(ns, "y", dice.value(0)),
    text(ns),
    code(`${ns}.y`),
    code(`${value}.value`),
    assign(value, "value", 7),
    text(value),
    call(`${list}.append`, [3]),
    code(`len(dummy.Array("i", [1, 2]))`, `dummy.Array("i", [1, 2]).length`),
    call("dummy.Value"),
    call("dummy.Value", ["i"]),
    call("dummy.Barrier"),
    call("dummy.Pool", [0]),
  );
}

/** Values that cannot be sent, in both languages. */
const UNSENDABLE: Code[] = [
  code("(lambda: 0)", "(() => 0)"),
  code("(i for i in [1])", "[1].values()"),
  code("[1, lambda: 0]", "[1, () => 0]"),
  code('{"a": (lambda: 0)}', "{ a: () => 0 }"),
];

/** Objects that are refused with a text of the package's. */
const REFUSED: Code[] = [
  ..."Lock RLock Event Condition Semaphore BoundedSemaphore Queue JoinableQueue SimpleQueue"
    .split(" ").map((name) => call(`mp.${name}`)),
  code("mp.Barrier(1)"),
  call("mp.Value", ["i", 1]),
  call("mp.Value", ["i", 1], { lock: false }),
  call("mp.Array", ["i", 1]),
  call("mp.Array", ["c", 1]),
  code("mp.current_process().authkey"),
  code("mp.Process()", "new mp.Process()"),
  code("pool.ThreadPool(1)"),
];

/** Writes a program about what cannot be sent. */
export function unsendable(writer: Writer, length: number): void {
  const { dice } = writer;
  const pair = writer.make("pair", call("mp.Pipe"));
  const [mine, theirs] = [`${pair}[0]`, `${pair}[1]`];
  const queue = writer.make("queue", call("mp.SimpleQueue"));
  while (writer.steps.length < length) {
    const refused = dice.pick(REFUSED);
    const bad = dice.pick(UNSENDABLE);
    writer.show(dice.one(
      () => call(code(`${mine}.send`), [refused]),
      () => call(code(`${mine}.send`), [[1, refused]]),
      () => call(`${queue}.put`, [refused]),
      () => raised(call(code(`${mine}.send`), [bad])),
      () => raised(call(`${queue}.put`, [bad])),
      () =>
        raised(code(
          `mp.Process(target=work.echo, args=(${bad.py},)).start()`,
          `new mp.Process({ target: work.echo, args: [${bad.ts}] }).start()`,
        )),
      () =>
        raised(code(
          `mp.Process(target=lambda: 0).start()`,
          `new mp.Process({ target: () => 0 }).start()`,
        )),
    ));
    const value = dice.value();
    writer.show(
      dice.one(
        () =>
          sequence(call(code(`${mine}.send`), [value]), call(code(`${theirs}.recv`))),
        () => sequence(call(`${queue}.put`, [value]), call(`${queue}.get`)),
      ),
      dice.pick([call(code(`${theirs}.poll`)), call(`${queue}.empty`)]),
    );
  }
}

/** Writes a program whose processes log. */
export function logs(writer: Writer, length: number): void {
  const { dice } = writer;
  writer.show(code("[mp.log_to_stderr(20), 1][1]"));
  while (writer.steps.length < length) {
    const end = dice.pick([
      undefined,
      code("3"),
      call("work.leave", [dice.from(0, 9)]),
      call("work.leave", ["text"]),
    ]);
    const body = writer.body([], (inner) => {
      for (let n = dice.below(4); n > 0; n--) inner.show(logged(dice));
    }, end);
    const process = writer.process(body);
    writer.show(
      logged(dice),
      call(`${process}.start`),
      call(`${process}.join`, [20]),
      code(`${process}.exitcode`),
    );
  }
}

function logged(dice: Dice): Code {
  const logger = code("mp.get_logger()");
  return dice.one(
    () => call(`${logger.py}.info`, ["text"]),
    () => call(`${logger.py}.info`, ["%s and %d", "a", dice.from(0, 9)]),
    () => call(`${logger.py}.info`, ["%r %5.2f %x", "a", 2.5, 255]),
    () => call(`${logger.py}.warning`, ["a warning"]),
    () => call(`${logger.py}.error`, ["100%"]),
    () => call(`${logger.py}.critical`, ["%5s|%-5s|", "a", "b"]),
    () => call(`${logger.py}.log`, [25, "between"]),
    () => call(`${logger.py}.log`, [5, "too low"]),
    () => call("util.info", ["by util"]),
    () => call(`${logger.py}.isEnabledFor`, [dice.pick([10, 20, 30])]),
  );
}
