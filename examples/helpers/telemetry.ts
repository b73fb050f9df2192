/**
 * What a program does once in each of its processes to have spans of its pools' tasks: it
 * listens to the package's channel of tasks, and hands the context of each task on in the
 * task's carrier. See `docs/opentelemetry.md`.
 *
 * @module
 */
import {
  type Context,
  context,
  type ContextManager,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
// In a program of your own: from "@pystd/multiprocessing/pool"
import type { TaskMessage } from "../../src/pool.ts";

/** Keeps the context where the channel can set it, too: in an `AsyncLocalStorage`. */
class Contexts implements ContextManager {
  readonly storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(active, () => fn.apply(thisArg, args));
  }

  bind<T>(active: Context, target: T): T {
    if (typeof target !== "function") return target;
    return ((...args: unknown[]) =>
      this.storage.run(active, () => target(...args))) as T;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

/** The channel. It is held here: Bun loses what listens to a channel that nobody holds. */
const tasks = diagnostics.tracingChannel("pystd.multiprocessing.task");
const spans = new WeakMap<TaskMessage, Span>();

/** Begins the span of a task; gives the context of what the task's function does. */
function begin(message: TaskMessage): Context {
  const { side, func, pool, task, calls, carrier } = message;
  const isOwner = side === "owner";
  const parent = isOwner
    ? context.active()
    : propagation.extract(ROOT_CONTEXT, carrier);
  const span = trace.getTracer("pools").startSpan(
    `${isOwner ? "send" : "process"} ${func}`,
    {
      kind: isOwner ? SpanKind.PRODUCER : SpanKind.CONSUMER,
      attributes: {
        "messaging.system": "pystd.multiprocessing",
        "messaging.operation.type": isOwner ? "send" : "process",
        "messaging.operation.name": func,
        "messaging.destination.name": `pool ${pool}`,
        "messaging.message.id": String(task),
        "messaging.batch.message_count": calls,
      },
    },
    parent,
  );
  spans.set(message, span);
  const inSpan = trace.setSpan(parent, span);
  if (!isOwner) return inSpan;
  propagation.inject(inSpan, carrier);
  return parent;
}

function fail(message: TaskMessage): void {
  const { name, message: text } = message.error as Error;
  spans.get(message)?.setAttribute("error.type", name)
    .setStatus({ code: SpanStatusCode.ERROR, message: text });
}

function end(message: TaskMessage): void {
  const { worker, pid } = message;
  if (pid !== null) spans.get(message)?.setAttribute("process.pid", pid);
  if (worker !== null) spans.get(message)?.setAttribute("thread.name", worker);
  spans.get(message)?.end();
}

/** Has this process export its spans, those of pools' tasks among them. */
export function startTelemetry(exporter: SpanExporter): void {
  const contexts = new Contexts();
  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  tasks.start.bindStore(contexts.storage, (message) => begin(message as TaskMessage));
  tasks.error.subscribe((message) => fail(message as TaskMessage));
  tasks.asyncEnd.subscribe((message) => end(message as TaskMessage));
}
