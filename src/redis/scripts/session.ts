/**
 * Scripts for sessions. A session is a process, as the server knows it: what it waits for,
 * holds and was leased. It lives as long as its process renews its lease. All times are the
 * server's.
 *
 * Where a session ends, by itself or because its lease is over, its items go back to their
 * places, its locks are free, and its waits are forgotten, in one step.
 *
 * The time in which the server itself stood still, or nobody reached it, counts for nobody:
 * if it has heard of no session for long, all have one more lease.
 *
 * @module
 */
import { ALLOWED_WHEN_FULL, KEYS_OF, SESSION } from "./parts.ts";
import { ALL_KINDS } from "./object.ts";
import { type Script, script } from "./script.ts";

/**
 * Ends sessions, and removes what is left when there are none: also objects without a name
 * that have each other only, as a list that is in itself.
 */
export const ENDING = `
local function destroy_unreached()
  local reached, line = {}, {}
  local ids = redis.call('HKEYS', P .. 'objects')
  for _, id in ipairs(ids) do
    if redis.call('HEXISTS', key_of(id), 'named') == 1 then line[#line + 1] = id end
  end
  while #line > 0 do
    local id = table.remove(line)
    if not reached[id] then
      reached[id] = true
      for _, inner in ipairs(redis.call('HKEYS', key_of(id, 'r'))) do line[#line + 1] = inner end
    end
  end
  for _, id in ipairs(ids) do
    if not reached[id] then destroy(id) end
  end
end
local function end_session(who)
  local lost = 0
  for _, id in ipairs(redis.call('SMEMBERS', session_of(who, 'o'))) do
    lost = lost + leave(id, who)
  end
  redis.call('DEL', session_of(who), session_of(who, 'o'), session_of(who, 'g'),
    session_of(who, 'n'), session_of(who, 'b'))
  redis.call('ZREM', P .. 'sessions', who)
  if redis.call('EXISTS', P .. 'sessions') == 0 then destroy_unreached() end
  if redis.call('EXISTS', P .. 'sessions', P .. 'objects') == 0 then
    redis.call('DEL', P .. 'meta', P .. 'fence')
  end
  return lost
end
`;

/** Time stood still: see above. */
const GRACE = `
local meta, moment = P .. 'meta', now()
local function hear(lease)
  local beat, grace = unpack(redis.call('HMGET', meta, 'beat', 'grace'))
  if not beat or moment - beat > lease / 2 then
    grace = moment + lease
    redis.call('HSET', meta, 'grace', text(grace))
  end
  redis.call('HSET', meta, 'beat', text(moment))
  keep(meta)
  return tonumber(grace or 0)
end
`;

/**
 * Begins a session. KEYS[1] is the sorted set of sessions.
 *
 * ARGV 1 its name; 2 its lease; 3 after how long all expires if nobody is there; both in
 * milliseconds; from 4 on fields and values that tell of it.
 * Result: 1.
 */
export const BEGIN: Script = script(
  "session.begin",
  KEYS_OF,
  `
local sid, lease, ttl = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local function keep(key) redis.call('PEXPIRE', key, ttl) end
`,
  GRACE,
  `
redis.call('HSET', session_of(sid), 'ttl', ttl, 'born', text(moment), unpack(ARGV, 4))
keep(session_of(sid))
redis.call('ZADD', P .. 'sessions', text(moment + lease), sid)
keep(P .. 'sessions')
hear(lease)
return 1
`,
);

/**
 * Renews the lease of a session; ends one that is dead; puts off the expiry of all from time
 * to time. KEYS[1] is the sorted set of sessions.
 *
 * ARGV 2 its lease in milliseconds; from 3 on other sessions for which this process vouches:
 * their leases are renewed as well, if they have not ended.
 * Result: 1 if there may be more that are dead, else 0; the name of the session that was
 * ended, or an empty text; how many items and locks it had.
 */
export const BEAT: Script = script(
  "session.beat",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, ...ALL_KINDS, ENDING, GRACE],
  `
local lease, sessions = tonumber(ARGV[2]), P .. 'sessions'
redis.call('ZADD', sessions, text(moment + lease), sid)
for at = 3, #ARGV do redis.call('ZADD', sessions, 'XX', text(moment + lease), ARGV[at]) end
if tonumber(redis.call('HGET', meta, 'kept') or 0) < moment - ttl / 4 then
  local keys = {sessions, P .. 'objects', P .. 'fence', meta}
  for _, who in ipairs(redis.call('ZRANGE', sessions, 0, -1)) do
    for _, part in ipairs({false, 'o', 'g', 'n', 'b'}) do
      keys[#keys + 1] = session_of(who, part)
    end
  end
  local objects = redis.call('HGETALL', P .. 'objects')
  for i = 1, #objects, 2 do
    for _, key in ipairs(keys_of_object(objects[i], objects[i + 1])) do keys[#keys + 1] = key end
  end
  for _, key in ipairs(keys) do keep(key) end
  redis.call('HSET', meta, 'kept', text(moment))
end
if hear(lease) > moment then return {0, '', 0} end
local dead = redis.call('ZRANGEBYSCORE', sessions, '-inf', text(moment), 'LIMIT', 0, 2)
if #dead == 0 then return {0, '', 0} end
return {#dead - 1, dead[1], end_session(dead[1])}
`,
);

/**
 * The answer to a call, ARGV[2] its number, has arrived: it need not be remembered. KEYS[1] is
 * the sorted set of sessions. Result: 1.
 */
export const FORGET: Script = script(
  "session.forget",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL],
  `
local key, slot = session_of(sid), ARGV[2] % 1024
local remembered = redis.call('HGET', key, slot)
if remembered and string.match(remembered, '^(%d+) ') == ARGV[2] then
  redis.call('HSET', key, slot, ARGV[2] .. ' 0')
end
return 1
`,
);

/** Ends the session. KEYS[1] is the sorted set of sessions. Result: 1. */
export const END: Script = script(
  "session.end",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, ...ALL_KINDS, ENDING],
  `
end_session(sid)
return 1
`,
);

/**
 * What the waits of a session were granted. KEYS[1] is the session's key.
 *
 * ARGV 2 the number of the look: the same look gives the same; one that comes late, by a
 * connection that was lost, gives nothing.
 * Result: names of waits, each followed by what it was granted. A wait `q:ID` is one for
 * items of a queue: it is followed by the number of the item before the first that is new,
 * and by the list of items.
 */
export const LOOK: Script = script(
  "session.look",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL],
  `
local key, new, old = session_of(sid), session_of(sid, 'g'), session_of(sid, 'n')
local number, last = tonumber(ARGV[2]), tonumber(redis.call('HGET', key, 'look') or 0)
if number < last then return {} end
if number > last then
  redis.call('HSET', key, 'look', ARGV[2])
  redis.call('DEL', old, session_of(sid, 'b'))
  if redis.call('EXISTS', new) == 1 then redis.call('RENAME', new, old) end
end
local result, grants = {}, redis.call('HGETALL', old)
for i = 1, #grants, 2 do
  local wait, value = grants[i], grants[i + 1]
  result[#result + 1] = wait
  local id = string.match(wait, '^q:(.*)$')
  if id then
    local items = key_of(id, 'l:' .. sid)
    local left = redis.call('LLEN', items)
    local first = tonumber(redis.call('HGET', key_of(id), 'c:' .. sid) or 0) - left
    local from = math.max(tonumber(value), first)
    result[#result + 1] = text(from)
    result[#result + 1] = redis.call('LRANGE', items, from - first, -1)
  else
    result[#result + 1] = value
  end
end
return result
`,
);

/**
 * Removes the whole context, whoever uses it. KEYS[1] is the sorted set of sessions.
 * Result: 1.
 */
export const UNLINK: Script = script(
  "session.unlink",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, ...ALL_KINDS, ENDING],
  `
for _, id in ipairs(redis.call('HKEYS', P .. 'objects')) do destroy(id) end
for _, who in ipairs(redis.call('ZRANGE', P .. 'sessions', 0, -1)) do end_session(who) end
redis.call('DEL', P .. 'sessions', P .. 'objects', P .. 'meta', P .. 'fence')
return 1
`,
);
