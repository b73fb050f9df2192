/**
 * Parts of the scripts of a manager's containers, and the one that makes them.
 *
 * What a container holds are cells, `MARK REFS;PAYLOAD`:
 *
 * - `MARK` is what equal values have in common (manager/canonical.ts), for elements of lists;
 * - `REFS` are the numbers of the objects that the payload refers to, with commas between. As
 *   long as a container has a cell that refers to an object, the object stays: it has the
 *   container, as `o:ID`, among those that have it;
 * - `PAYLOAD` is for processes.
 *
 * | key | type | what is in it |
 * | --- | --- | --- |
 * | `o:ID` | hash | `kind`; `ver` the number of changes; `seq` the last place of an entry |
 * | `o:ID:r` | hash | how many cells refer to an object, by its number |
 * | `o:ID:i` | list | the cells of a list or array |
 * | `o:ID:k` | sorted set | the keys of a dict, set or namespace, in the order of their coming |
 * | `o:ID:h` | hash | the cells under these keys |
 * | `o:ID:n` | hash | payloads of keys that do not tell what they stand for |
 *
 * @module
 */
import { ALL_KINDS, OPENING } from "./object.ts";
import { ALLOWED_WHEN_FULL, KEYS_OF, OBJECT, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

/** References from cells to other objects: `hold(cell)` when it comes, `drop(cell)` later. */
export const CELLS = `
local REFS = key_of(ID, 'r')
local function refs_of(cell)
  return string.gmatch(string.match(cell, '^[^ ]* ([^;]*);') or '', '[^,]+')
end
local function hold(cell)
  for id in refs_of(cell) do
    if redis.call('HINCRBY', REFS, id, 1) == 1 and
      redis.call('HEXISTS', P .. 'objects', id) == 1 then
      redis.call('SADD', key_of(id, 'u'), 'o:' .. ID)
      keep(key_of(id, 'u'))
    end
    keep(REFS)
  end
end
local function drop(cell)
  for id in refs_of(cell) do
    if redis.call('HINCRBY', REFS, id, -1) < 1 then
      redis.call('HDEL', REFS, id)
      let_go(id, 'o:' .. ID)
    end
  end
end
local function changed() redis.call('HINCRBY', OBJECT, 'ver', 1) end
`;

/** The container is there: for scripts that read or change it. */
export const FOUND = `
if redis.call('EXISTS', OBJECT) == 0 then
  return redis.error_reply('NOOBJECT there is no such object any more')
end
`;

/** Operations on the cells of a list. A position may count from the end. */
export const LIST = `
local LIST = key_of(ID, 'i')
local HOLE = '\\0'
local function append(first)
  for i = first, #ARGV do
    hold(ARGV[i])
    if redis.call('RPUSH', LIST, ARGV[i]) == 1 then keep(LIST) end
  end
end
local function position(index)
  local length, at = redis.call('LLEN', LIST), tonumber(index)
  if at < 0 then at = at + length end
  if at < 0 or at >= length then return nil end
  return at
end
local function take(at)
  local cell = redis.call('LINDEX', LIST, at)
  if at == 0 then redis.call('LPOP', LIST)
  else
    redis.call('LSET', LIST, at, HOLE)
    redis.call('LREM', LIST, 1, HOLE)
  end
  drop(cell)
  return cell
end
local function find(mark, from, to)
  local want = mark .. ' '
  for start = from, to - 1, 500 do
    local last = math.min(start + 499, to - 1)
    for i, cell in ipairs(redis.call('LRANGE', LIST, start, last)) do
      if string.sub(cell, 1, #want) == want then return start + i - 1 end
    end
  end
  return -1
end
local function refill(cells)
  redis.call('DEL', LIST)
  for first = 1, #cells, 1000 do
    redis.call('RPUSH', LIST, unpack(cells, first, math.min(first + 999, #cells)))
  end
  keep(LIST)
end
`;

/** Operations on the entries of a dict, a set, or a namespace. */
export const ENTRIES = `
local KEYSET, CELLSET, NAMES = key_of(ID, 'k'), key_of(ID, 'h'), key_of(ID, 'n')
local function put(key, name, cell)
  local old = redis.call('HGET', CELLSET, key)
  hold(cell)
  redis.call('HSET', CELLSET, key, cell)
  if old then return drop(old) end
  redis.call('ZADD', KEYSET, text(redis.call('HINCRBY', OBJECT, 'seq', 1)), key)
  if name ~= '' then redis.call('HSET', NAMES, key, name) end
  keep(KEYSET)
  keep(CELLSET)
  keep(NAMES)
end
local function cut(key)
  local old = redis.call('HGET', CELLSET, key)
  if not old then return false end
  redis.call('HDEL', CELLSET, key)
  redis.call('HDEL', NAMES, key)
  redis.call('ZREM', KEYSET, key)
  drop(old)
  return old
end
`;

/**
 * Makes a container with what it holds at the beginning, or opens the one that is there.
 *
 * ARGV 2 its kind; 3 `1` if it has a name, else an empty text; from 4 on its first cells, or a
 * key, its payload or an empty text, and a cell, of each entry.
 * Result: its fields and their values.
 */
export const MAKE: Script = script(
  "manager.make",
  ...[
    KEYS_OF,
    SESSION,
    ALLOWED_WHEN_FULL,
    OBJECT,
    OPENING,
    ...ALL_KINDS,
    CELLS,
    LIST,
    ENTRIES,
  ],
  `
local kind, wrong = kind_or_error(ARGV[2])
if wrong then return wrong end
if not kind and ARGV[3] ~= '' then make_object(ARGV[2], 'named', 1)
elseif not kind then make_object(ARGV[2]) end
have_object()
if not kind then
  if ARGV[2] == 'list' or ARGV[2] == 'array' then append(4)
  else
    for i = 4, #ARGV, 3 do put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
  end
end
return redis.call('HGETALL', OBJECT)
`,
);
