/**
 * Mirrors the class `Connection` of `multiprocessing/connection.py`: objects and bytes,
 * sent and received as whole messages. What carries them is behind transport.ts; here
 * is what the user sees of it, whatever it is.
 *
 * @module
 */
import {
  asTimeout,
  parseArguments,
  REQUIRED,
  signature,
  str,
} from "../arguments.ts";
import {
  BufferTooShort,
  EOFError,
  OSError,
  UnpicklingError,
  ValueError,
} from "../errors.ts";
import { currentPeer } from "../peer.ts";
import {
  type DumpContext,
  dumps,
  dumpsView,
  loads,
  REDUCE_SHARED,
  registerRebuilder,
} from "../reduction.ts";
import type { Payload } from "../wire/message.ts";
import { asOffset, type BytesLike, bytesOf, owned } from "./buffers.ts";
import { giveNumber, takeNumber } from "./descriptors.ts";
import type { Taker, Transport, User, Waitable } from "./transport.ts";
import { WAITABLE } from "./transport.ts";
import { waitFor } from "./wait_for.ts";
