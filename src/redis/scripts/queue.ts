/**
 * The scripts of queues. KEYS[1] is the queue, ARGV[1] the session; where there is a number
 * of the call, it is ARGV[2]. What is in a queue stands in queue_parts.ts.
 *
 * @module
 */
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { LEASES, QUEUE } from "./queue_parts.ts";
import { type Script, script } from "./script.ts";

const OPEN = `
local q = queue_of(ID, sid)
if not q then return redis.error_reply('NOOBJECT there is no such queue any more') end
`;

const ALWAYS = [
  KEYS_OF,
  SESSION,
  ALLOWED_WHEN_FULL,
  OBJECT,
  GRANTS,
  QUEUE,
  LEASES,
  OPEN,
];
const ONLY_ONCE = [
  KEYS_OF,
  ONCE,
  ALLOWED_WHEN_FULL,
  OBJECT,
  GRANTS,
  QUEUE,
  LEASES,
  OPEN,
];

/**
 * Puts an item.
 *
 * ARGV 3 the payload; 4 the number of the wait for room, or 0 not to wait.
 * Result: 1 it is in; 0 there is no room; 2 it waits, and is granted 1 or, if the queue is
 * shut down meanwhile, -1; -1 the queue was shut down.
 */
export const PUT: Script = script(
  "queue.put",
  ...[KEYS_OF, ONCE, OBJECT, GRANTS, QUEUE, OPEN],
  `
if q.shut > 0 then return answer(-1) end
if q.max > 0 and (redis.call('EXISTS', q.putters) == 1 or size(q) >= q.max) then
  if ARGV[4] == '0' then return answer(0) end
  local entry = sid .. ' ' .. ARGV[4]
  redis.call('HSET', q.bodies, entry, ARGV[3])
  keep(q.bodies)
  push(q.putters, entry)
  return answer(2)
end
add(q, ARGV[3])
serve(q)
return answer(1)
`,
);

/**
 * Puts items, where there is no bound: ARGV from 3 on.
 *
 * Result: 1 they are in; 0 there is a bound; -1 the queue was shut down.
 */
export const PUT_ALL: Script = script(
  "queue.put_all",
  ...[KEYS_OF, ONCE, OBJECT, GRANTS, QUEUE, OPEN],
  `
if q.shut > 0 then return answer(-1) end
if q.max > 0 then return answer(0) end
local count = #ARGV - 2
local last = redis.call('HINCRBY', q.key, 'seq', count)
local items = {}
for at = 1, count do items[at] = text(last - count + at) .. ':0:' .. ARGV[at + 2] end
if redis.call('RPUSH', q.items, unpack(items)) == count then keep(q.items) end
if q.join then redis.call('HINCRBY', q.key, 'todo', count) end
serve(q)
return answer(1)
`,
);

/**
 * Takes items, or waits for them.
 *
 * ARGV 3 up to which the session has taken what it was leased; 4 up to which it has received
 * that; 5 how many it waits for; 6 how many more it would like to have; 7 whether it goes on
 * waiting, 1 or 0.
 * Result: 1 if no item will ever come, else 0; the number of the item before the first that
 * follows; the list of items. If the call is repeated: "again", see AGAIN.
 */
export const GET: Script = script(
  "queue.get",
  ...ONLY_ONCE,
  `
local want, more = tonumber(ARGV[5]), tonumber(ARGV[6])
take_up_to(q, tonumber(ARGV[3]))
if more > 0 then
  redis.call('SADD', key_of(ID, 'a'), sid)
  keep(key_of(ID, 'a'))
end
local known, new = tonumber(ARGV[4]), nil
if redis.call('EXISTS', q.waiting) == 0 then
  local before = q.had
  local items = lease(q, sid, want + more)
  want = want - #items
  -- All that it has not received are those.
  if before == known then new = items end
  if q.max > 0 then admit(q) end
end
local over = want > 0 and is_over(q)
if want > 0 and not over then
  if ARGV[7] == '1' then
    for i = 1, want do push(q.waiting, sid) end
  end
  -- Others have some that they do not wait for.
  if q.out > 0 then
    for _, to in ipairs(redis.call('SMEMBERS', key_of(ID, 'a'))) do
      if to ~= sid and is_alive(to) then grant(to, 'r:' .. ID, 1) end
    end
  end
end
answer('again')
if new then return {over and 1 or 0, known, new} end
return leased(q, known, over)
`,
);

/**
 * What the answer of a GET was that is not known: all items that the session was leased and
 * has not taken.
 *
 * ARGV 2 up to which it has received them.
 * Result: as of GET.
 */
export const AGAIN: Script = script(
  "queue.again",
  ...ALWAYS,
  `
return leased(q, tonumber(ARGV[2]), is_over(q))
`,
);

/** Says up to which the session has taken what it was leased, ARGV[2]. Result: 1. */
export const TAKEN: Script = script(
  "queue.taken",
  ...ALWAYS,
  `
take_up_to(q, tonumber(ARGV[2]))
return 1
`,
);

/**
 * Gives items back that were leased and not taken.
 *
 * ARGV 3 up to which it has taken them; 4 up to which it keeps them.
 * Result: how many have come back.
 */
export const GIVE_BACK: Script = script(
  "queue.give_back",
  ...ONLY_ONCE,
  `
take_up_to(q, tonumber(ARGV[3]))
local count = give_back(q, tonumber(ARGV[4]))
settle(q)
return answer(count)
`,
);

/** Ends the wait for one item. Result: 1; 0 if the item was leased already. */
export const CANCEL_GET: Script = script(
  "queue.cancel_get",
  ...ONLY_ONCE,
  `
return answer(redis.call('LREM', q.waiting, -1, sid))
`,
);

/** Ends the wait ARGV[3] of a put or join. Result: 1; 0 if it was granted already. */
export const CANCEL_WAIT: Script = script(
  "queue.cancel_wait",
  ...ONLY_ONCE,
  `
local entry = sid .. ' ' .. ARGV[3]
local removed = redis.call('LREM', q.putters, 1, entry)
redis.call('HDEL', q.bodies, entry)
return answer(removed + redis.call('LREM', key_of(ID, 'j'), 1, entry))
`,
);

/** Result: how many items are in the queue, not taken. */
export const SIZE: Script = script(
  "queue.size",
  ...ALWAYS,
  `
return size(q)
`,
);

/**
 * A task is done.
 *
 * ARGV 3 up to which the session has taken items; 4 the number of the item, where it counts.
 * Result: 1; 0 if there is none, -1 if this item is not in progress here.
 */
export const TASK_DONE: Script = script(
  "queue.task_done",
  ...ONLY_ONCE,
  `
take_up_to(q, tonumber(ARGV[3]))
if q.ret > 0 then
  local progress = key_of(ID, 't')
  local entry = redis.call('HGET', progress, ARGV[4])
  if not entry or string.match(entry, '^%S+') ~= sid then return answer(-1) end
  redis.call('HDEL', progress, ARGV[4])
end
if tonumber(redis.call('HGET', q.key, 'todo') or 0) < 1 then return answer(0) end
finish(q, 1)
serve(q)
return answer(1)
`,
);

/** Waits, ARGV[3], until all tasks are done. Result: 1 they are; 2 it waits. */
export const JOIN: Script = script(
  "queue.join",
  ...ONLY_ONCE,
  `
if tonumber(redis.call('HGET', q.key, 'todo') or 0) < 1 then return answer(1) end
push(key_of(ID, 'j'), sid .. ' ' .. ARGV[3])
return answer(2)
`,
);

/** Takes out an item that came back too often. Result: `:` and its payload, or nothing. */
export const DEAD_LETTER: Script = script(
  "queue.dead_letter",
  ...ONLY_ONCE,
  `
local item = redis.call('LPOP', key_of(ID, 'd'))
if not item then return answer('') end
finish(q, 1)
return answer(string.match(item, '^%d+:%d+(:.*)$'))
`,
);

/** Shuts the queue down; ARGV[2] is 2 to drop what is in it, else 1. Result: 1. */
export const SHUT_DOWN: Script = script(
  "queue.shut_down",
  ...ALWAYS,
  `
q.shut = math.max(q.shut, tonumber(ARGV[2]))
redis.call('HSET', q.key, 'shut', q.shut)
tell_all(q.putters, -1)
redis.call('DEL', q.bodies)
if q.shut == 2 then
  for _, to in ipairs(redis.call('SMEMBERS', key_of(ID, 'a'))) do
    if is_alive(to) then grant(to, 'r:' .. ID, 1) end
  end
end
serve(q)
return 1
`,
);
