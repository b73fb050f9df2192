/**
 * What programs import together, as far as it may arrive from another process: queues,
 * locks and the like, and the ends of pipes.
 *
 * @module
 */
import "./connection/pipe.ts";
import "./queues.ts";
import "./synchronize/barrier.ts";
import "./synchronize/condition.ts";
import "./synchronize/event.ts";
import "./synchronize/lock.ts";
import "./synchronize/semaphore.ts";
