/**
 * The modules whose objects most programs send together: queues, locks and the like, and
 * the ends of pipes.
 *
 * @module
 */
import "./connection/pipe.ts";
import "./queues/queue.ts";
import "./queues/simple.ts";
import "./synchronize/barrier.ts";
import "./synchronize/condition.ts";
import "./synchronize/event.ts";
import "./synchronize/lock.ts";
import "./synchronize/semaphore.ts";
