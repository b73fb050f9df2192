/**
 * The modules whose objects most programs send together: queues, locks and the like, the
 * ends of pipes, and shared values.
 *
 * @module
 */
import "../connection/pipe.ts";
import "../queues/joinable.ts";
import "../queues/simple.ts";
import "../sharedctypes/synchronized.ts";
import "../synchronize/barrier.ts";
import "../synchronize/condition.ts";
import "../synchronize/event.ts";
import "../synchronize/lock.ts";
import "../synchronize/semaphore.ts";
