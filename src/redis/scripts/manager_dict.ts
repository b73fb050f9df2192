/**
 * The scripts of a manager's dicts, sets and namespaces: entries, each with a key, the payload
 * of the key or an empty text, and a cell. KEYS[1] is the object, ARGV[1] the session.
 *
 * @module
 */
import { CELLS, ENTRIES, FOUND } from "./manager_parts.ts";
import { ALL_KINDS } from "./object.ts";
import { KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

/**
 * Changes entries. ARGV 2 is the number of the call; 3 what to do, with the rest:
 *
 * | what | from ARGV 4 on | result |
 * | --- | --- | --- |
 * | `put` | entries | 1 |
 * | `add` | entries: only those are put whose keys are new | how many were |
 * | `default` | an entry, which is put if the key is new | the cell that is there then |
 * | `replace` | an entry; the cell that must be there, or an empty text | 1; 0 if it is another |
 * | `take` | a key | its cell; 0 if there is none |
 * | `first`, `last` | | an entry that is taken out: the lengths of its key and the key's payload, and `KEY NAME CELL` without spaces; 0 if there is none |
 * | `cut` | keys, which are taken out | 1 |
 * | `keep` | keys: the others are taken out | 1 |
 * | `toggle` | entries: those whose keys are there are taken out, the others put | 1 |
 * | `clear` | | 1 |
 */
export const DICT_CHANGE: Script = script(
  "manager.dict.change",
  ...[KEYS_OF, ONCE, OBJECT, FOUND, ...ALL_KINDS, CELLS, ENTRIES],
  `
local what = ARGV[3]
-- Memory may be full: what takes something out is allowed then.
if what ~= 'put' and what ~= 'add' and what ~= 'default' and what ~= 'replace' then
  redis.call('PEXPIRE', session_of(sid), ttl)
end
local function has(key) return redis.call('HEXISTS', CELLSET, key) == 1 end
local changes = {}

function changes.put()
  for i = 4, #ARGV, 3 do put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
end

function changes.add()
  local count = 0
  for i = 4, #ARGV, 3 do
    if not has(ARGV[i]) then
      put(ARGV[i], ARGV[i + 1], ARGV[i + 2])
      count = count + 1
    end
  end
  return count
end

function changes.default()
  local cell = redis.call('HGET', CELLSET, ARGV[4])
  if cell then return cell end
  put(ARGV[4], ARGV[5], ARGV[6])
  return ARGV[6]
end

function changes.replace()
  if (redis.call('HGET', CELLSET, ARGV[4]) or '') ~= ARGV[7] then return 0 end
  put(ARGV[4], ARGV[5], ARGV[6])
end

function changes.take() return cut(ARGV[4]) or 0 end

local function take_end(command)
  local key = redis.call(command, KEYSET, 0, 0)[1]
  if not key then return 0 end
  local name = redis.call('HGET', NAMES, key) or ''
  return #key .. ' ' .. #name .. ' ' .. key .. name .. cut(key)
end
function changes.first() return take_end('ZRANGE') end
function changes.last() return take_end('ZREVRANGE') end

function changes.cut()
  for i = 4, #ARGV do cut(ARGV[i]) end
end

function changes.keep()
  local kept = {}
  for i = 4, #ARGV do kept[ARGV[i]] = true end
  for _, key in ipairs(redis.call('HKEYS', CELLSET)) do
    if not kept[key] then cut(key) end
  end
end

function changes.toggle()
  for i = 4, #ARGV, 3 do
    if not cut(ARGV[i]) then put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
  end
end

function changes.clear()
  local cells = redis.call('HVALS', CELLSET)
  redis.call('DEL', KEYSET, CELLSET, NAMES)
  for _, cell in ipairs(cells) do drop(cell) end
end

return answer(changes[what]() or 1)
`,
);

/**
 * Reads entries. ARGV 2 is what to read:
 *
 * | what | from ARGV 3 on | result |
 * | --- | --- | --- |
 * | `length` | | the number of entries |
 * | `get` | a key | its cell; 0 if there is none |
 * | `has` | a key | 1 or 0 |
 * | `all` | | of each entry its key, payload or an empty text, and cell, in order |
 * | `keys` | | the same without the cells |
 * | `next` | the number of entries that there must be; a place | the next place, and its entry; 0 if there is none; -1 if the number is another |
 */
export const DICT_READ: Script = script(
  "manager.dict.read",
  ...[KEYS_OF, SESSION, OBJECT, FOUND],
  `
local KEYSET, CELLSET, NAMES = key_of(ID, 'k'), key_of(ID, 'h'), key_of(ID, 'n')
local what, result = ARGV[2], {}
if what == 'length' then return redis.call('ZCARD', KEYSET) end
if what == 'get' then return redis.call('HGET', CELLSET, ARGV[3]) or 0 end
if what == 'has' then return redis.call('HEXISTS', CELLSET, ARGV[3]) end
if what == 'next' then
  if redis.call('ZCARD', KEYSET) ~= tonumber(ARGV[3]) then return -1 end
  local found = redis.call('ZRANGEBYSCORE', KEYSET, '(' .. ARGV[4], '+inf', 'WITHSCORES',
    'LIMIT', 0, 1)
  if #found == 0 then return 0 end
  local key = found[1]
  return {found[2], key, redis.call('HGET', NAMES, key) or '', redis.call('HGET', CELLSET, key)}
end
local has_names = redis.call('EXISTS', NAMES) == 1
for _, key in ipairs(redis.call('ZRANGE', KEYSET, 0, -1)) do
  result[#result + 1] = key
  result[#result + 1] = has_names and redis.call('HGET', NAMES, key) or ''
  if what == 'all' then result[#result + 1] = redis.call('HGET', CELLSET, key) end
end
return result
`,
);
