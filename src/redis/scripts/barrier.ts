/**
 * The scripts of barriers: the state machine of hub/barrier.ts. KEYS[1] is the barrier,
 * ARGV[1] the session, ARGV[2] the number of the call.
 *
 * Fields of `o:ID`: `parties`; `act` 1 if there is an action, `actor` the wait that runs it
 * now; `broken`; `late:SID WAIT` of a party whose time was over before it could belong to a
 * round. `o:ID:w` (list) has this round's waits, `SID WAIT`, without the actor's; `o:ID:a`
 * (list) those that have come while the action runs.
 *
 * A party is granted its place in the round, `act` if it is to run the action, or `b`.
 *
 * @module
 */
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

/** The machine. */
export const BARRIER = `
local barrier_dismiss

local function barrier_enter(id, entry)
  local key, line = key_of(id), key_of(id, 'w')
  local f = redis.call('HMGET', key, 'broken', 'parties', 'act')
  local late = redis.call('HDEL', key, 'late:' .. entry)
  if f[1] then return tell(entry, 'b') end
  push(line, entry)
  if late == 1 then return barrier_dismiss(id, true) end
  if redis.call('LLEN', line) < tonumber(f[2]) then return end
  if f[3] then
    redis.call('RPOP', line)
    redis.call('HSET', key, 'actor', entry)
    return tell(entry, 'act')
  end
  for at, waiting in ipairs(redis.call('LRANGE', line, 0, -1)) do tell(waiting, at - 1) end
  redis.call('DEL', line)
end

local function barrier_admit(id)
  while redis.call('HEXISTS', key_of(id), 'actor') == 0 do
    local entry = redis.call('LPOP', key_of(id, 'a'))
    if not entry then return end
    barrier_enter(id, entry)
  end
end

barrier_dismiss = function(id, broken)
  local key, line = key_of(id), key_of(id, 'w')
  if broken then redis.call('HSET', key, 'broken', 1)
  else redis.call('HDEL', key, 'broken') end
  redis.call('HDEL', key, 'actor')
  tell_all(line, 'b')
  barrier_admit(id)
end

local function barrier_leave(id, who)
  local key = key_of(id)
  local function mine(entry) return entry and string.match(entry, '^%S+') == who end
  for _, entry in ipairs(redis.call('LRANGE', key_of(id, 'a'), 0, -1)) do
    if mine(entry) then redis.call('HSET', key, 'late:' .. entry, 1) end
  end
  local breaks = mine(redis.call('HGET', key, 'actor'))
  for _, entry in ipairs(redis.call('LRANGE', key_of(id, 'w'), 0, -1)) do
    breaks = breaks or mine(entry)
  end
  if breaks then barrier_dismiss(id, true) end
  return 0
end
`;

const OPEN = `
if redis.call('EXISTS', OBJECT) == 0 then
  return redis.error_reply('NOOBJECT there is no such barrier any more')
end
`;
const PARTS = [KEYS_OF, ONCE, ALLOWED_WHEN_FULL, OBJECT, GRANTS, BARRIER, OPEN];

/** A party, ARGV[3], waits. Result: 2. */
export const WAIT: Script = script(
  "barrier.wait",
  ...PARTS,
  `
local entry = sid .. ' ' .. ARGV[3]
if redis.call('HEXISTS', OBJECT, 'actor') == 1 then push(key_of(ID, 'a'), entry)
else barrier_enter(ID, entry) end
return answer(2)
`,
);

/**
 * The action has ended that the party ARGV[3] has run; ARGV[4] is 1 if it went well.
 * Result: 1; 0 if the barrier was broken meanwhile, or is now.
 */
export const ACTED: Script = script(
  "barrier.acted",
  ...PARTS,
  `
if redis.call('HGET', OBJECT, 'actor') ~= sid .. ' ' .. ARGV[3] then return answer(0) end
if ARGV[4] ~= '1' then
  barrier_dismiss(ID, true)
  return answer(0)
end
redis.call('HDEL', OBJECT, 'actor')
local line = key_of(ID, 'w')
for at, waiting in ipairs(redis.call('LRANGE', line, 0, -1)) do tell(waiting, at - 1) end
redis.call('DEL', line)
barrier_admit(ID)
return answer(1)
`,
);

/** Breaks it, ARGV[3] is 1, or makes it as new. Result: 1. */
export const DISMISS: Script = script(
  "barrier.dismiss",
  ...PARTS,
  `
barrier_dismiss(ID, ARGV[3] == '1')
return answer(1)
`,
);

/** The time of the party ARGV[3] is over. Result: 0; it is granted `b` if it did not pass. */
export const LEAVE: Script = script(
  "barrier.leave",
  ...PARTS,
  `
local entry = sid .. ' ' .. ARGV[3]
local function is_in(line)
  for _, waiting in ipairs(redis.call('LRANGE', line, 0, -1)) do
    if waiting == entry then return true end
  end
end
if is_in(key_of(ID, 'a')) then redis.call('HSET', OBJECT, 'late:' .. entry, 1)
elseif is_in(key_of(ID, 'w')) and redis.call('HEXISTS', OBJECT, 'actor') == 0 then
  barrier_dismiss(ID, true)
end
return answer(0)
`,
);

/** Result: how many wait; 1 if it is broken, else 0. */
export const LOOK: Script = script(
  "barrier.look",
  ...[KEYS_OF, SESSION, OBJECT, OPEN],
  `
local waiting = redis.call('LLEN', key_of(ID, 'w')) + redis.call('HEXISTS', OBJECT, 'actor')
return {waiting, redis.call('HEXISTS', OBJECT, 'broken')}
`,
);
