/**
 * Spans of OpenTelemetry across processes: a request, the calls that it makes of a pool, and
 * what the workers do for them, all in one trace. `helpers/telemetry.ts` listens to the
 * package's channel of tasks; a program of yours would give it an exporter that sends spans
 * to a collector, in the place of those here, which keep them.
 *
 * There is no such program in Python.
 * @module
 */
import { SpanKind, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool, SimpleQueue } from "../mod.ts";
import { startTelemetry } from "./helpers/telemetry.ts";

/** What is shown of a span. */
interface Shown {
  name: string;
  kind: string;
  id: string;
  parent: string | undefined;
  trace: string;
  error: string;
}

function shown(span: ReadableSpan): Shown {
  const { spanId: id, traceId } = span.spanContext();
  return {
    name: span.name,
    kind: SpanKind[span.kind].toLowerCase(),
    id,
    parent: span.parentSpanContext?.spanId,
    trace: traceId,
    error: span.status.message === undefined ? "" : `, failed: ${span.status.message}`,
  };
}

/** Runs in each worker: its spans go to the main process, which prints them. */
export function startWorker(queue: SimpleQueue<Shown>): void {
  startTelemetry({
    export(spans, done) {
      Promise.all(spans.map((span) => queue.put(shown(span))))
        .then(() => done({ code: 0 }), (error) => done({ code: 1, error }));
    },
    shutdown: () => Promise.resolve(),
  });
}

/** A span that a worker's own code makes lies in that of its task. */
export async function square(x: number): Promise<number> {
  const span = trace.getTracer("work").startSpan("look up");
  await Promise.resolve();
  span.end();
  if (x > 9) throw new RangeError(`${x} is too much`);
  return x * x;
}

async function main(): Promise<void> {
  const own = new InMemorySpanExporter();
  startTelemetry(own);
  const queue = SimpleQueue<Shown>();
  await using pool = Pool(1, startWorker, [queue]);
  await trace.getTracer("main").startActiveSpan("request", async (request) => {
    console.log(await pool.apply(square, [3]));
    await pool.apply(square, [10]).catch((error) => console.log(String(error)));
    request.end();
  });
  const spans = own.getFinishedSpans().map(shown);
  while (!await queue.empty()) spans.push(await queue.get());
  print(spans, undefined, "");
  console.log(`${new Set(spans.map((span) => span.trace)).size} trace`);
}

/** Prints spans below those that they belong to. */
function print(spans: Shown[], parent: string | undefined, indent: string): void {
  for (const span of spans) {
    if (span.parent !== parent) continue;
    console.log(`${indent}${span.name} (${span.kind})${span.error}`);
    print(spans, span.id, `${indent}  `);
  }
}

if (is_main(import.meta)) await main();
