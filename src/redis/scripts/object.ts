/**
 * Scripts for objects of any kind: to make or open one, to leave it, to remove it.
 *
 * Each session has a set of its objects, `s:SID:o`, and each object one of the sessions that
 * have it, `o:ID:u`. An object without a name goes with the last session that has it; one
 * with a name stays until it is removed, or the context is abandoned. A manager's container
 * that refers to an object has it too, as `o:ID`: see manager_parts.ts.
 *
 * @module
 */
import { BARRIER } from "./barrier.ts";
import { EVENT } from "./event.ts";
import { LOCK } from "./lock_parts.ts";
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, SESSION } from "./parts.ts";
import { AGENTS } from "./process_parts.ts";
import { POOL } from "./pool_parts.ts";
import { LEASES, QUEUE } from "./queue_parts.ts";
import { type Script, script } from "./script.ts";

/** Objects of all kinds: what becomes of one when a session leaves it; and its keys. */
export const OBJECTS = `
local PARTS_OF = {
  queue = {'i', 'w', 'p', 'v', 'j', 'a', 't', 'd'},
  semaphore = {'w'}, condition = {'z'}, event = {'w'}, barrier = {'w', 'a'}, value = {},
  agents = {'g', 'n', 'p', 'v', 'x', 'w'},
  pool = {'i', 'm', 'w', 'o', 'f'},
  list = {'i', 'r'}, array = {'i', 'r'}, dict = {'k', 'h', 'n', 'r'},
  set = {'k', 'h', 'n', 'r'}, namespace = {'k', 'h', 'n', 'r'},
}
local function leave_nothing() return 0 end
local LEAVE = {
  queue = queue_leave, semaphore = lock_leave, condition = condition_leave,
  event = event_leave, barrier = barrier_leave, agents = agents_leave, pool = pool_leave,
}

local function keys_of_object(id, kind)
  local keys = {key_of(id), key_of(id, 'u')}
  for _, part in ipairs(PARTS_OF[kind] or {}) do keys[#keys + 1] = key_of(id, part) end
  if kind == 'queue' or kind == 'pool' then
    for _, field in ipairs(redis.call('HKEYS', key_of(id))) do
      local who = string.match(field, '^c:(.*)$')
      if who then keys[#keys + 1] = key_of(id, 'l:' .. who) end
    end
  elseif kind == 'agents' then
    for _, who in ipairs(redis.call('SMEMBERS', key_of(id, 'u'))) do
      keys[#keys + 1] = key_of(id, 'e:' .. who)
      keys[#keys + 1] = key_of(id, 'b:' .. who)
    end
  end
  return keys
end

local let_go

local function destroy(id)
  local kind = redis.call('HGET', P .. 'objects', id)
  if not kind then return end
  for _, who in ipairs(redis.call('SMEMBERS', key_of(id, 'u'))) do
    redis.call('SREM', session_of(who, 'o'), id)
  end
  local inner = redis.call('HKEYS', key_of(id, 'r'))
  redis.call('DEL', unpack(keys_of_object(id, kind)))
  redis.call('HDEL', P .. 'objects', id)
  for _, one in ipairs(inner) do let_go(one, 'o:' .. id) end
end

-- A session, or a container as o:ID, has the object no longer.
let_go = function(id, who)
  redis.call('SREM', key_of(id, 'u'), who)
  local used = redis.call('EXISTS', key_of(id, 'u')) == 1
  if not used and not redis.call('HGET', key_of(id), 'named') then destroy(id) end
end

local function leave(id, who)
  local kind = redis.call('HGET', P .. 'objects', id)
  redis.call('SREM', session_of(who, 'o'), id)
  if not kind then return 0 end
  local is_owner = redis.call('HGET', key_of(id), 'owner') == who
  local lost = (LEAVE[kind] or leave_nothing)(id, who)
  if is_owner then destroy(id) else let_go(id, who) end
  return lost
end
`;

/** All that `OBJECTS` needs, and itself. */
export const ALL_KINDS: string[] = [
  GRANTS,
  QUEUE,
  LEASES,
  LOCK,
  EVENT,
  BARRIER,
  AGENTS,
  POOL,
  OBJECTS,
];

/** How an object comes to be there, and to be had by the session that calls. */
export const OPENING = `
local function kind_or_error(wanted)
  local kind = redis.call('HGET', OBJECT, 'kind')
  if not kind or kind == wanted then return kind end
  return nil, redis.error_reply('KIND it is a ' .. kind .. ', no ' .. wanted)
end
local function make_object(kind, ...)
  redis.call('HSET', OBJECT, 'kind', kind, ...)
  keep(OBJECT)
  redis.call('HSET', P .. 'objects', ID, kind)
  keep(P .. 'objects')
end
local function have_object()
  redis.call('SADD', key_of(ID, 'u'), sid)
  keep(key_of(ID, 'u'))
  redis.call('SADD', session_of(sid, 'o'), ID)
  keep(session_of(sid, 'o'))
end
`;

/**
 * Makes an object, or opens it if it is there.
 *
 * ARGV 2 its kind; 3 whether it is made if need be, 1 or 0; from 4 on its fields and their
 * values.
 * Result: its fields and their values.
 */
export const OPEN: Script = script(
  "object.open",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, OPENING],
  `
local kind, wrong = kind_or_error(ARGV[2])
if wrong then return wrong end
if not kind then
  if ARGV[3] ~= '1' then
    return redis.error_reply('NOOBJECT there is no such ' .. ARGV[2] .. ' any more')
  end
  make_object(ARGV[2], unpack(ARGV, 4))
end
have_object()
return redis.call('HGETALL', OBJECT)
`,
);

/** The session has the object no longer. Result: 1. */
export const LEAVE: Script = script(
  "object.leave",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, ...ALL_KINDS],
  `
leave(ID, sid)
return 1
`,
);

/** Removes the object, whoever has it. Result: 1. */
export const REMOVE: Script = script(
  "object.remove",
  ...[KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, ...ALL_KINDS],
  `
local waits = {}
for _, part in ipairs(PARTS_OF[redis.call('HGET', P .. 'objects', ID) or 'value']) do
  if part == 'w' or part == 'p' or part == 'j' or part == 'z' or part == 'a' then
    local list = key_of(ID, part)
    if redis.call('TYPE', list).ok == 'list' then
      for _, entry in ipairs(redis.call('LRANGE', list, 0, -1)) do waits[#waits + 1] = entry end
    end
  end
end
destroy(ID)
for _, entry in ipairs(waits) do
  local to, wait = string.match(entry, '^(%S+) ?(%S*)')
  if is_alive(to) then grant(to, wait == '' and 'x:' .. ID or wait, 'gone') end
end
return 1
`,
);
