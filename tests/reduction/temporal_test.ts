/** Tests of src/reduction/temporal.ts. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { encodeParts, join } from "../../src/codec/codec.ts";
import { Pool } from "../../src/pool.ts";
import { loads } from "../../src/reduction/mod.ts";
import { owned } from "../helpers/values_work.ts";
import { test } from "../suite.ts";

const isThere = "Temporal" in globalThis;
const skip = !isThere && "this runtime has no Temporal";

/** The parts of a duration that are told apart. */
function parts(duration: Temporal.Duration): number[] {
  const { days, hours, seconds, milliseconds, nanoseconds } = duration;
  return [days, hours, seconds, milliseconds, nanoseconds];
}

test("Temporal: objects of each class cross", async () => {
  const zoned = Temporal.ZonedDateTime.from("2026-10-25T02:30+01:00[Europe/Berlin]");
  const values = [
    zoned,
    zoned.toInstant().add({ nanoseconds: 1 }),
    zoned.toPlainDateTime(),
    zoned.toPlainDate().withCalendar("hebrew"),
    zoned.toPlainTime(),
    Temporal.PlainYearMonth.from("2026-02"),
    Temporal.PlainMonthDay.from("02-29"),
  ];
  await using pool = Pool(1);
  const copies = await pool.apply(owned, [values]) as unknown[];
  for (const [i, value] of values.entries()) {
    strictEqual(Object.getPrototypeOf(copies[i]), Object.getPrototypeOf(value));
    strictEqual(String(copies[i]), String(value));
  }
  const duration = Temporal.Duration.from({ milliseconds: 1500, hours: 30 });
  deepStrictEqual(
    parts(await pool.apply(owned, [duration]) as Temporal.Duration),
    parts(duration),
  );
}, { skip });

test("Temporal: what nobody has sent is refused", () => {
  for (
    const head of [["Now", "x"], ["Instant", "x"], ["toString", "x"], [1], 5, [
      "Duration",
      [],
    ]]
  ) {
    if (isThere && String(head) === "Duration,") continue; // none is longer
    const payload = join(encodeParts([{}], { reduce: () => ({ kind: 8, head }) }));
    const reduced = join(
      encodeParts(new (class {})(), { reduce: () => ({ kind: 8, head }) }),
    );
    deepStrictEqual(loads(payload), [{}]);
    throws(() => loads(reduced), { name: "UnpicklingError" });
  }
});
