/**
 * The scripts of a manager's lists and arrays. KEYS[1] is the list, ARGV[1] the session.
 *
 * @module
 */
import { CELLS, FOUND, LIST } from "./manager_parts.ts";
import { ALL_KINDS } from "./object.ts";
import { KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

/**
 * Changes a list. ARGV 2 is the number of the call; 3 what to do, with the rest:
 *
 * | what | from ARGV 4 on | result |
 * | --- | --- | --- |
 * | `append` | cells | 1 |
 * | `insert` | a position, which is put within the list; a cell | 1 |
 * | `set` | a position; a cell | 1; 0 if there is no such element |
 * | `take` | a position | the cell; 0 if there is none; -1 if the list is empty |
 * | `remove` | a mark | 1; 0 if no element has it |
 * | `clear`, `reverse` | | 1 |
 * | `rebuild` | the number of changes that it must have; `=FROM:TO` for elements that it has, `+CELL` for new ones | 1; 0 if it was changed since |
 */
export const LIST_CHANGE: Script = script(
  "manager.list.change",
  ...[KEYS_OF, ONCE, OBJECT, FOUND, ...ALL_KINDS, CELLS, LIST],
  `
local what = ARGV[3]
-- Memory may be full: what takes something out is allowed then.
if what == 'take' or what == 'remove' or what == 'clear' then
  redis.call('PEXPIRE', session_of(sid), ttl)
end
local changes = {}

function changes.append() append(4) end

function changes.insert()
  local length, at = redis.call('LLEN', LIST), tonumber(ARGV[4])
  if at < 0 then at = math.max(0, at + length) end
  hold(ARGV[5])
  if at >= length then redis.call('RPUSH', LIST, ARGV[5])
  elseif at == 0 then redis.call('LPUSH', LIST, ARGV[5])
  else
    local after = redis.call('LINDEX', LIST, at)
    redis.call('LSET', LIST, at, HOLE)
    redis.call('LINSERT', LIST, 'BEFORE', HOLE, ARGV[5])
    redis.call('LSET', LIST, at + 1, after)
  end
  keep(LIST)
end

function changes.set()
  local at = position(ARGV[4])
  if not at then return 0 end
  local old = redis.call('LINDEX', LIST, at)
  hold(ARGV[5])
  redis.call('LSET', LIST, at, ARGV[5])
  drop(old)
end

function changes.take()
  if redis.call('EXISTS', LIST) == 0 then return -1 end
  local at = position(ARGV[4])
  if not at then return 0 end
  return take(at)
end

function changes.remove()
  local at = find(ARGV[4], 0, redis.call('LLEN', LIST))
  if at < 0 then return 0 end
  take(at)
end

function changes.clear()
  local cells = redis.call('LRANGE', LIST, 0, -1)
  redis.call('DEL', LIST)
  for _, cell in ipairs(cells) do drop(cell) end
end

function changes.reverse()
  local cells, turned = redis.call('LRANGE', LIST, 0, -1), {}
  for i = #cells, 1, -1 do turned[#turned + 1] = cells[i] end
  refill(turned)
end

function changes.rebuild()
  if ARGV[4] ~= (redis.call('HGET', OBJECT, 'ver') or '0') then return 0 end
  local old, new = redis.call('LRANGE', LIST, 0, -1), {}
  for i = 5, #ARGV do
    if string.byte(ARGV[i]) == 43 then new[#new + 1] = string.sub(ARGV[i], 2)
    else
      local from, to = string.match(ARGV[i], '^=(%d+):(%d+)$')
      for at = from + 1, to do new[#new + 1] = old[at] end
    end
  end
  for _, cell in ipairs(new) do hold(cell) end
  refill(new)
  for _, cell in ipairs(old) do drop(cell) end
end

local result = changes[what]() or 1
if result ~= 0 and result ~= -1 then changed() end
return answer(result)
`,
);

/**
 * Reads a list. ARGV 2 is what to read:
 *
 * | what | from ARGV 3 on | result |
 * | --- | --- | --- |
 * | `length` | | the number of elements |
 * | `get` | a position | a cell; 0 if there is none |
 * | `range` | the first and the last position | cells |
 * | `all` | | the number of changes, and the cells |
 * | `find` | a mark; from where; to before where | the position of the first that has it, or -1 |
 * | `count` | a mark | how many have it |
 */
export const LIST_READ: Script = script(
  "manager.list.read",
  ...[KEYS_OF, SESSION, OBJECT, FOUND],
  // What only reads refers to nothing new.
  "local function hold() end local function drop() end",
  LIST,
  `
local what = ARGV[2]
if what == 'length' then return redis.call('LLEN', LIST) end
if what == 'get' then
  local at = position(ARGV[3])
  return at and redis.call('LINDEX', LIST, at) or 0
end
if what == 'range' then return redis.call('LRANGE', LIST, ARGV[3], ARGV[4]) end
if what == 'all' then
  return {redis.call('HGET', OBJECT, 'ver') or '0', redis.call('LRANGE', LIST, 0, -1)}
end
local length = redis.call('LLEN', LIST)
if what == 'find' then
  local function bound(index)
    local at = tonumber(index)
    return math.min(length, at < 0 and math.max(0, at + length) or at)
  end
  return find(ARGV[3], bound(ARGV[4]), bound(ARGV[5]))
end
local count, at = 0, -1
repeat
  at = find(ARGV[3], at + 1, length)
  if at >= 0 then count = count + 1 end
until at < 0
return count
`,
);
