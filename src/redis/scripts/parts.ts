/**
 * Parts of most scripts: names of keys, the session that calls, and grants.
 *
 * @module
 */

/**
 * Names of keys. `P` is the prefix of all.
 *
 * | key | type | what is in it |
 * | --- | --- | --- |
 * | `sessions` | sorted set | sessions by the time at which their leases end |
 * | `objects` | hash | kinds of the objects, by their numbers |
 * | `meta` | hash | `beat`: when any session was heard of last; `grace`: until when none is taken for dead; `kept`: when expiries were put off last |
 * | `fence` | string | the last fencing token |
 * | `s:SID` | hash | a session: `ttl`, `look`; in slots 0 to 1023 the last answers, `NUMBER ANSWER` |
 * | `s:SID:o` | set | the objects that it has |
 * | `s:SID:g`, `s:SID:n` | hash | what its waits were granted: not looked at, and looked at last |
 * | `s:SID:b` | list | its bell: one element if there is something to look at |
 * | `o:ID` | hash | an object, with its `kind`; `o:ID:u` the sessions that have it |
 * | `o:ID:…` | | lists of an object: see the scripts of its kind |
 */
export const KEYS_OF = `
local P = string.match(KEYS[1], '^{[^}]*}:')
local function key_of(id, part) return P .. 'o:' .. id .. (part and ':' .. part or '') end
local function session_of(sid, part) return P .. 's:' .. sid .. (part and ':' .. part or '') end
local function text(n) return string.format('%.0f', n) end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`;

/**
 * The session that calls, ARGV[1], is alive; else the script fails with GONE.
 *
 * `keep(key)` has a key expire when the context is abandoned: called by what makes the key.
 */
export const SESSION = `
local sid = ARGV[1]
local ttl = redis.call('HGET', session_of(sid), 'ttl')
if not ttl then return redis.error_reply('GONE the session has ended') end
local function keep(key) redis.call('PEXPIRE', key, ttl) end
`;

/**
 * As SESSION, for scripts that must not run twice: ARGV[2] is the number of the call. What
 * `answer` was given once is the answer again if the call is repeated.
 */
export const ONCE = `
local sid = ARGV[1]
local slot = ARGV[2] % 1024
local ttl, before = unpack(redis.call('HMGET', session_of(sid), 'ttl', slot))
if not ttl then return redis.error_reply('GONE the session has ended') end
if before then
  local number, given = string.match(before, '^(%d+) (.*)$')
  if number == ARGV[2] then return tonumber(given) or given end
  -- It comes late, by a connection that was lost: it was answered long ago.
  if tonumber(number) > tonumber(ARGV[2]) then return 0 end
end
local function keep(key) redis.call('PEXPIRE', key, ttl) end
local function answer(value)
  local given = type(value) == 'number' and text(value) or value
  redis.call('HSET', session_of(sid), slot, ARGV[2] .. ' ' .. given)
  return value
end
`;

/**
 * Memory may be full: the first write of the script is one that is allowed then, and so are
 * all others. For scripts that free memory, or without which nobody could.
 */
export const ALLOWED_WHEN_FULL = `
redis.call('PEXPIRE', session_of(sid), ttl)
`;

/**
 * Grants: `grant(SID, wait, value)` settles a wait, `ring(SID)` wakes a process up. Only
 * who is alive is given something: `is_alive(SID)`. An entry `SID WAIT` of a line is settled by
 * `tell(entry, value)`, all of a line by `tell_all(line, value)`, after which it is empty.
 */
export const GRANTS = `
local function is_alive(to) return redis.call('EXISTS', session_of(to)) == 1 end
local function ring(to)
  local bell = session_of(to, 'b')
  if redis.call('EXISTS', bell) == 1 then return end
  redis.call('RPUSH', bell, 1)
  keep(bell)
end
local function grant(to, wait, value)
  local grants = session_of(to, 'g')
  redis.call('HSET', grants, wait, value)
  keep(grants)
  ring(to)
end
local function push(list, value)
  if redis.call('RPUSH', list, value) == 1 then keep(list) end
end
local function tell(entry, value)
  local to, wait = string.match(entry, '^(%S+) (%S+)')
  if is_alive(to) then grant(to, wait, value) end
end
local function tell_all(line, value)
  for _, entry in ipairs(redis.call('LRANGE', line, 0, -1)) do tell(entry, value) end
  redis.call('DEL', line)
end
`;

/** The object is there: its key is KEYS[1]; its number is `ID`. */
export const OBJECT = `
local OBJECT = KEYS[1]
local ID = string.sub(OBJECT, #P + 3)
`;
