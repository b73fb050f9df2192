/**
 * The scripts of pools. KEYS[1] is the pool, ARGV[1] the session; where there is a number of
 * the call, it is ARGV[2]. What is in a pool stands in pool_parts.ts.
 *
 * Many tasks, and many results, are one argument or reply: an array of byte strings as
 * MessagePack has it, which both ends read at less cost than a list.
 *
 * @module
 */
import { ALL_KINDS } from "./object.ts";
import { ENDING } from "./session.ts";
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { POOL } from "./pool_parts.ts";
import { type Script, script } from "./script.ts";

const OPEN = `
local pool_owner, shut = unpack(redis.call('HMGET', OBJECT, 'owner', 'shut'))
if not pool_owner then
  return redis.error_reply('NOOBJECT there is no such pool any more')
end
`;

const ALWAYS = [KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, GRANTS, POOL, OPEN];
const ONLY_ONCE = [KEYS_OF, ONCE, OBJECT, GRANTS, POOL, OPEN];

/**
 * Adds tasks, for the owner.
 *
 * ARGV 3 the tasks, packed; 4 1 if they come before all others, else 0; from 5 on numbers of
 * functions, each followed by the function, or by an empty text to forget it.
 * Result: 1.
 */
export const SUBMIT: Script = script(
  "pool.submit",
  ...ONLY_ONCE,
  `
local functions = key_of(ID, 'f')
for at = 5, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', functions, ARGV[at])
  else redis.call('HSET', functions, ARGV[at], ARGV[at + 1]) end
end
if #ARGV > 4 then keep(functions) end
local tasks, list = cmsgpack.unpack(ARGV[3]), key_of(ID, 'i')
if ARGV[4] == '1' then put_first(ID, tasks)
elseif #tasks > 0 then
  redis.call('RPUSH', list, unpack(tasks))
  keep(list)
  wake_workers(ID, #tasks)
end
return answer(1)
`,
);

/** A worker of the number ARGV[2] is there. Result: 1; 0 if it was given up. */
export const JOIN_POOL: Script = script(
  "pool.join",
  ...ALWAYS,
  `
if redis.call('HGET', OBJECT, 'x:' .. ARGV[2]) then return 0 end
if redis.call('SADD', key_of(ID, 'm'), sid) == 0 then return 1 end
keep(key_of(ID, 'm'))
redis.call('HSET', OBJECT, 'c:' .. sid, 0, 'd:' .. sid, 0, 'k:' .. sid, 0, 'n:' .. sid, ARGV[2])
append(ID, {'H' .. struct.pack('<I4', tonumber(ARGV[2])) .. sid})
return 1
`,
);

/**
 * What a worker has done, and what it does next.
 *
 * ARGV 2 the number of the call; 3 and 4 how many tasks were done before those whose results
 * are here, and with them; 5 how many it has received, or -1 if it wants none; 6 how many more it would like to have;
 * 7 whether it waits if there are none, 1 or 0; 8 the results, packed.
 * Result: how many it was ever leased; the number of the task before the first that follows;
 * the tasks, packed; 1 if none will come any more, else 0.
 *
 * All are counts of this session, so a call that is repeated does nothing and answers the same.
 * What comes of tasks that are not leased to it any more is refused.
 */
export const EXCHANGE: Script = script(
  "pool.exchange",
  ...ALWAYS,
  `
local had, done, last, waits = unpack(redis.call('HMGET', OBJECT,
  'c:' .. sid, 'd:' .. sid, 'k:' .. sid, 'w:' .. sid))
if not had then return redis.error_reply('NOMEMBER the worker was given up') end
had, done = tonumber(had), tonumber(done)
local number, from, to = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local received, room = tonumber(ARGV[5]), tonumber(ARGV[6])
local leases = tasks_of(ID, sid)
if number < tonumber(last) then return {had, had, '', 0} end
if waits then
  redis.call('HDEL', OBJECT, 'w:' .. sid)
  redis.call('LREM', key_of(ID, 'w'), 0, sid)
end
local count = math.min(to, had) - done
if count > 0 then
  if from == done and count == to - from then append(ID, {ARGV[8]})
  else
    local results, new = cmsgpack.unpack(ARGV[8]), {}
    for at = 1, count do new[at] = results[done - from + at] end
    append(ID, {cmsgpack.pack(new)})
  end
  redis.call('LTRIM', leases, count, -1)
  done = done + count
end
local tasks, base, waiting = {}, had, key_of(ID, 'i')
if received < 0 then -- another call asks
elseif received < had then
  base = received
  tasks = redis.call('LRANGE', leases, math.max(0, received - done), -1)
elseif room > 0 then
  local left = redis.call('LLEN', waiting)
  if left > 0 then
    local members = redis.call('SCARD', key_of(ID, 'm'))
    local share = math.max(1, math.ceil((left + had - done) / members) - (had - done))
    tasks = redis.call('LPOP', waiting, math.min(room, share))
    local count, bytes = #tasks, 0
    for at = 1, #tasks do
      local alone = string.byte(tasks[at]) == 33
      bytes = bytes + #tasks[at]
      if (alone and (at > 1 or had > done)) or (at > 1 and bytes > 262144) then
        count = at - 1
        break
      end
      if alone then count = 1; break end
    end
    for at = #tasks, count + 1, -1 do
      redis.call('LPUSH', waiting, tasks[at])
      tasks[at] = nil
    end
    if count > 0 then
      if redis.call('RPUSH', leases, unpack(tasks)) == count then keep(leases) end
      had = had + count
    end
  end
end
local over = shut == '1' and redis.call('EXISTS', waiting) == 0
redis.call('HSET', OBJECT, 'c:' .. sid, had, 'd:' .. sid, done, 'k:' .. sid, number)
if ARGV[7] == '1' and had == done and not over then
  redis.call('HSET', OBJECT, 'w:' .. sid, 1)
  push(key_of(ID, 'w'), sid)
end
return {had, base, #tasks == 0 and '' or cmsgpack.pack(tasks), over and 1 or 0}
`,
);

/** Tells the owner something, ARGV[3]. Result: 1. */
export const TELL: Script = script(
  "pool.tell",
  ...ONLY_ONCE,
  `
append(ID, {ARGV[3]})
return answer(1)
`,
);

/**
 * Gives the owner what there is.
 *
 * ARGV 2 how many messages it has received.
 * Result: that number; the messages behind it, packed. If there are none, it waits.
 */
export const FETCH: Script = script(
  "pool.fetch",
  ...ALWAYS,
  `
local list, received = key_of(ID, 'o'), tonumber(ARGV[2])
local acked = tonumber(redis.call('HGET', OBJECT, 'acked') or 0)
if received < acked then return {acked, ''} end
if received > acked then redis.call('LTRIM', list, received - acked, -1) end
local all, bytes, messages = redis.call('LRANGE', list, 0, 255), 0, {}
for at = 1, #all do
  bytes = bytes + #all[at]
  if at > 1 and bytes > 1048576 then break end
  messages[at] = all[at]
end
redis.call('HSET', OBJECT, 'acked', received, 'idle', #messages == 0 and 1 or 0)
return {received, #messages == 0 and '' or cmsgpack.pack(messages)}
`,
);

/** A function, ARGV[2], for a worker. Result: its bytes, or nothing. */
export const FUNCTION: Script = script(
  "pool.function",
  ...ALWAYS,
  `
return redis.call('HGET', key_of(ID, 'f'), ARGV[2])
`,
);

/**
 * A worker has ended, as its owner knows: the one with the session ARGV[2], which had begun
 * so many tasks, ARGV[3], or -1 if that is not known. Its session ends as well.
 *
 * Result: 1.
 */
export const LOSE: Script = script(
  "pool.lose",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, ...ALL_KINDS, ENDING, OPEN],
  `
local begun = tonumber(ARGV[3])
member_leaves(ID, ARGV[2], begun >= 0 and begun or nil)
end_session(ARGV[2])
return 1
`,
);

/** No tasks will come any more: workers end when they have nothing left. Result: 1. */
export const SHUT_POOL: Script = script(
  "pool.shut",
  ...ALWAYS,
  `
redis.call('HSET', OBJECT, 'shut', 1)
wake_workers(ID, 1e9)
return 1
`,
);

/**
 * Takes out tasks that no worker was leased: ARGV from 3 on are their numbers. The owner is
 * told `X NUMBER` of each.
 *
 * Result: 1.
 */
export const DROP: Script = script(
  "pool.drop",
  ...ONLY_ONCE,
  `
local dropped, left, messages, list = {}, {}, {}, key_of(ID, 'i')
for at = 3, #ARGV do dropped[struct.pack('<I4', tonumber(ARGV[at]))] = true end
for _, task in ipairs(redis.call('LRANGE', list, 0, -1)) do
  local number = string.sub(task, 2, 5)
  if dropped[number] then messages[#messages + 1] = 'X' .. number
  else left[#left + 1] = task end
end
if #messages > 0 then
  redis.call('DEL', list)
  put_first(ID, left)
  append(ID, messages)
end
return answer(1)
`,
);

/** Forgets the tasks that no worker was leased. Result: 1. */
export const CLEAR: Script = script(
  "pool.clear",
  ...ALWAYS,
  `
redis.call('DEL', key_of(ID, 'i'))
return 1
`,
);
