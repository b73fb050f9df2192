/**
 * The scripts of locks, semaphores and conditions. KEYS[1] is the object, ARGV[1] the
 * session, ARGV[2] the number of the call. What is in a lock stands in lock_parts.ts.
 *
 * @module
 */
import { LOCK } from "./lock_parts.ts";
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

const OPEN = `
if redis.call('EXISTS', OBJECT) == 0 then
  return redis.error_reply('NOOBJECT there is no such lock any more')
end
`;

const PARTS = [KEYS_OF, ONCE, ALLOWED_WHEN_FULL, OBJECT, GRANTS, LOCK, OPEN];

/**
 * Takes a permit.
 *
 * ARGV 3 the number of the wait, or 0 not to wait.
 * Result: a token above 0 if it was taken, 1 for a semaphore; 0 if none is free; -1 it waits,
 * and is granted `TOKEN 1`.
 */
export const ACQUIRE: Script = script(
  "lock.acquire",
  ...PARTS,
  `
if tonumber(redis.call('HGET', OBJECT, 'free')) > 0 then
  return answer(take(OBJECT, sid, '-'))
end
if ARGV[3] == '0' then return answer(0) end
push(key_of(ID, 'w'), sid .. ' ' .. ARGV[3] .. ' 1 -')
return answer(-1)
`,
);

/** Gives ARGV[3] permits back. Result: 1; 0 if there would be too many. */
export const RELEASE: Script = script(
  "lock.release",
  ...PARTS,
  `
local count = tonumber(ARGV[3])
local free, max = unpack(redis.call('HMGET', OBJECT, 'free', 'max'))
if not free or tonumber(free) + count > tonumber(max) then return answer(0) end
for i = 1, count do give(ID) end
hand(ID)
return answer(1)
`,
);

/** Ends the wait ARGV[3] for a permit. Result: 1; 0 if it was granted already. */
export const CANCEL_ACQUIRE: Script = script(
  "lock.cancel",
  ...PARTS,
  `
local line = key_of(ID, 'w')
return answer(redis.call('LREM', line, 1, sid .. ' ' .. ARGV[3] .. ' 1 -'))
`,
);

/** Result: the number of free permits. */
export const VALUE: Script = script(
  "lock.value",
  ...[KEYS_OF, SESSION, OBJECT, OPEN],
  `
return tonumber(redis.call('HGET', OBJECT, 'free'))
`,
);

/**
 * Gives a lock up and sleeps, KEYS[1] is the condition.
 *
 * ARGV 3 the number of the wait; 4 how many permits are given up.
 * Result: 2 it sleeps, and is granted `TOKEN FLAG` when it has the lock again, the flag 1 if
 * it was notified, else 0; 0 if the lock was free.
 */
export const SLEEP: Script = script(
  "condition.wait",
  ...PARTS,
  `
local lock = redis.call('HGET', OBJECT, 'of')
for i = 1, tonumber(ARGV[4]) do
  if not give(lock) then return answer(0) end
end
push(key_of(ID, 'z'), sid .. ' ' .. ARGV[3])
hand(lock)
return answer(2)
`,
);

/** Wakes at most ARGV[3] sleepers up, who then wait for the lock. Result: 1. */
export const NOTIFY: Script = script(
  "condition.notify",
  ...PARTS,
  `
local lock = redis.call('HGET', OBJECT, 'of')
wake(ID, lock, tonumber(ARGV[3]))
hand(lock)
return answer(1)
`,
);

/** The time of the sleep ARGV[3] is over: from now on it waits for the lock. Result: 0. */
export const END_SLEEP: Script = script(
  "condition.end_sleep",
  ...PARTS,
  `
local lock = redis.call('HGET', OBJECT, 'of')
local entry = sid .. ' ' .. ARGV[3]
if redis.call('LREM', key_of(ID, 'z'), 1, entry) == 1 then
  push(key_of(lock, 'w'), entry .. ' 0 -')
  hand(lock)
end
return answer(0)
`,
);

/** Result: the number of sleepers. */
export const SLEEPERS: Script = script(
  "condition.sleepers",
  ...[KEYS_OF, SESSION, OBJECT, OPEN],
  `
return redis.call('LLEN', key_of(ID, 'z'))
`,
);
