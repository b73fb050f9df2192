/**
 * The kinds of shared objects, by the `type` field of `Create`. Pure.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { BarrierState } from "./barrier.ts";
import { ConditionState } from "./condition.ts";
import { EventState } from "./event.ts";
import { ObjectType, type SharedObject, type Surroundings } from "./object.ts";
import { PipeEndState } from "./pipe.ts";
import { QueueState } from "./queue.ts";
import { SemaphoreState } from "./semaphore.ts";

/**
 * Makes a shared object's state machine.
 *
 * @param find Another object of the process that makes this one.
 * @throws {ProtocolError} if there is no such kind, or it cannot be made of `args`
 */
export function createObject(
  id: number,
  type: number,
  args: readonly number[],
  out: Surroundings,
  find: (id: number) => SharedObject | undefined,
): SharedObject {
  switch (type) {
    case ObjectType.Queue:
      return new QueueState(id, args[0] ?? 0, out);
    case ObjectType.Semaphore:
      return new SemaphoreState(id, args, out);
    case ObjectType.Condition:
      return new ConditionState(id, find(args[0] ?? 0), out);
    case ObjectType.Event:
      return new EventState(id, out);
    case ObjectType.Barrier:
      return new BarrierState(id, args, out);
    case ObjectType.PipeEnd:
      return new PipeEndState(id, args, find(args[0] ?? 0), out);
    default:
      throw new ProtocolError(`no type of object ${type}`);
  }
}
