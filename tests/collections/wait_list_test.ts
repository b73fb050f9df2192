/** Tests of src/collections/wait_list.ts, also against a plain array. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Place, WaitList } from "../../src/collections/wait_list.ts";
import { test } from "../suite.ts";
import { repeat } from "../wire/support.ts";

test("WaitList: what is taken out of it leaves the others in their order", () => {
  const list = new WaitList<number>();
  const first = list.push(2);
  const places = [3, 4, 5].map((item) => list.push(item));
  deepStrictEqual([...list], [2, 3, 4, 5]);
  strictEqual(list.remove(places[1]!), true);
  strictEqual(list.remove(places[1]!), false);
  deepStrictEqual([...list], [2, 3, 5]);
  list.remove(places[2]!);
  list.remove(first);
  strictEqual(list.first, list.last);
  list.remove(places[0]!);
  strictEqual(list.first, undefined);
  strictEqual(list.last, undefined);
  deepStrictEqual([...list], []);
});

test("WaitList.enter: leaves once, and not when it has been served", () => {
  const list = new WaitList<string>();
  const leave = list.enter("a");
  const leaveLate = list.enter("b");
  strictEqual(leave(), true);
  strictEqual(leave(), false);
  strictEqual(list.shift(), "b");
  strictEqual(leaveLate(), false);
  strictEqual(list.shift(), undefined);
});

test("WaitList: who leaves while others are gone through does not cut them off", () => {
  const list = new WaitList<number>();
  const places = [1, 2, 3].map((item) => list.push(item));
  const seen: number[] = [];
  for (const item of list) {
    seen.push(item);
    list.remove(places[item - 1]!);
  }
  deepStrictEqual(seen, [1, 2, 3]);
  strictEqual(list.length, 0);
});

test("WaitList: does what an array would do", () => {
  repeat(200, (random) => {
    const list = new WaitList<number>();
    let model: number[] = [];
    const places: Place<number>[] = [];
    for (let step = 0; step < 100; step++) {
      switch (random.below(6)) {
        case 0:
        case 1:
          places.push(list.push(step));
          model.push(step);
          break;
        case 2:
          strictEqual(list.shift(), model.shift());
          break;
        case 3: {
          const place = places[random.below(places.length || 1)];
          if (place === undefined) break;
          strictEqual(list.remove(place), model.includes(place.item));
          model = model.filter((item) => item !== place.item);
          break;
        }
        case 4: {
          const place = places[random.below(places.length || 1)];
          if (place === undefined || place.isIn) break;
          list.putBack(place);
          model.unshift(place.item);
          break;
        }
        default: {
          const [few, by] = [random.below(4) === 0, 2 + random.below(3)];
          const fits = (item: number) => few && item % by === 0;
          deepStrictEqual(list.takeAll(fits), model.filter(fits));
          model = model.filter((item) => !fits(item));
        }
      }
      strictEqual(list.length, model.length);
      deepStrictEqual([...list], model);
      strictEqual(list.last?.item, model.at(-1));
    }
    deepStrictEqual(list.takeAll(), model);
    strictEqual(list.first, undefined);
  });
});
