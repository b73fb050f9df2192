/**
 * The kinds of shared objects, by the `type` field of `Create`. Pure.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";
import { ObjectType, type SharedObject, type Surroundings } from "./object.ts";
import { QueueState } from "./queue.ts";

/** Makes a shared object's state machine. @throws {ProtocolError} if there is no such kind */
export function createObject(
  id: number,
  type: number,
  args: readonly number[],
  out: Surroundings,
): SharedObject {
  switch (type) {
    case ObjectType.Queue:
      return new QueueState(id, args[0] ?? 0, out);
    default:
      throw new ProtocolError(`no type of object ${type}`);
  }
}
