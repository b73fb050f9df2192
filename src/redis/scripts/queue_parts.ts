/**
 * Parts of the scripts of queues.
 *
 * @module
 */

/**
 * What is in a queue. Fields of `o:ID`: `max` the bound, 0 for none; `seq` the number of the
 * last item; `out` how many items are leased; `shut` 1 or, if items are dropped, 2; `join` 1
 * if tasks are counted, `todo` their number; `ret` how often an item comes back whose taker
 * has died; `c:SID` how many items a session was ever leased, `t:SID` how many of them it has
 * taken.
 *
 * | key | type | what is in it |
 * | --- | --- | --- |
 * | `o:ID:i` | list | items in order, each `SEQ:RETURNS:PAYLOAD` |
 * | `o:ID:l:SID` | list | items that are leased to a session, and not taken |
 * | `o:ID:w` | list | sessions that wait, once for each item that they wait for |
 * | `o:ID:p` | list | puts that wait for room, `SID WAIT`; `o:ID:v` (hash) their payloads |
 * | `o:ID:j` | list | waits of `join`, `SID WAIT` |
 * | `o:ID:a` | set | sessions that lease items which nobody waits for |
 * | `o:ID:t` | hash | items in progress, where they come back: by SEQ, `SID SEQ:RETURNS:PAYLOAD` |
 * | `o:ID:d` | list | items that have come back too often |
 *
 * Items are leased to whom waits as long as there are both; puts are let in as long as there
 * is room.
 */
export const QUEUE = `
local function queue_of(id, who)
  local key = key_of(id)
  local f = redis.call('HMGET', key, 'kind', 'max', 'out', 'shut', 'join', 'ret',
    'c:' .. who, 't:' .. who)
  if not f[1] then return nil end
  return {
    id = id, key = key, items = key_of(id, 'i'), waiting = key_of(id, 'w'),
    putters = key_of(id, 'p'), bodies = key_of(id, 'v'),
    max = tonumber(f[2]), out = tonumber(f[3] or 0), shut = tonumber(f[4] or 0),
    join = f[5], ret = tonumber(f[6] or 0),
    who = who, had = tonumber(f[7] or 0), took = tonumber(f[8] or 0),
  }
end
local function leases_of(q, to) return key_of(q.id, 'l:' .. to) end
local function seq_of(item) return tonumber(string.match(item, '^%d+')) end

local function lease(q, to, count)
  local items = redis.call('LPOP', q.items, count)
  if not items then return {} end
  local key, length = leases_of(q, to), 0
  for at = 1, #items, 1000 do
    length = redis.call('RPUSH', key, unpack(items, at, math.min(at + 999, #items)))
  end
  if length == #items then keep(key) end
  q.out = q.out + #items
  if to == q.who then
    q.had = q.had + #items
    redis.call('HSET', q.key, 'out', q.out, 'c:' .. to, text(q.had))
  else
    redis.call('HSET', q.key, 'out', q.out)
    redis.call('HINCRBY', q.key, 'c:' .. to, #items)
  end
  return items
end

local function add(q, payload)
  local seq = redis.call('HINCRBY', q.key, 'seq', 1)
  push(q.items, text(seq) .. ':0:' .. payload)
  if q.join then redis.call('HINCRBY', q.key, 'todo', 1) end
end

local function size(q) return redis.call('LLEN', q.items) + q.out end

local function finish(q, count)
  if not q.join or count == 0 then return end
  if redis.call('HINCRBY', q.key, 'todo', -count) > 0 then return end
  tell_all(key_of(q.id, 'j'), 1)
end

local function is_over(q)
  return q.shut > 0 and size(q) == 0 and redis.call('EXISTS', key_of(q.id, 't')) == 0
end

local function admit(q)
  while q.max > 0 and size(q) < q.max do
    local entry = redis.call('LPOP', q.putters)
    if not entry then return end
    local to, wait = string.match(entry, '^(%S+) (%S+)')
    local payload = redis.call('HGET', q.bodies, entry)
    redis.call('HDEL', q.bodies, entry)
    if is_alive(to) then
      add(q, payload)
      grant(to, wait, 1)
    end
  end
end

local function serve(q)
  if q.shut == 2 then
    local dropped = redis.call('LLEN', q.items)
    redis.call('DEL', q.items)
    finish(q, dropped)
  end
  if redis.call('EXISTS', q.waiting) == 0 then return end
  while redis.call('EXISTS', q.items) == 1 do
    local to = redis.call('LPOP', q.waiting)
    if not to then break end
    if is_alive(to) then
      local had = redis.call('HGET', q.key, 'c:' .. to) or 0
      lease(q, to, 1)
      redis.call('HSETNX', session_of(to, 'g'), 'q:' .. q.id, had)
      keep(session_of(to, 'g'))
      ring(to)
    end
  end
  if is_over(q) and redis.call('EXISTS', q.waiting) == 1 then
    for _, to in ipairs(redis.call('LRANGE', q.waiting, 0, -1)) do
      if is_alive(to) then grant(to, 's:' .. q.id, 1) end
    end
    redis.call('DEL', q.waiting)
  end
end

local function settle(q)
  if q.max > 0 then admit(q) end
  serve(q)
end
`;

/**
 * Taking and giving back, for the session with which `q` was looked up. `take_up_to(q, n)`: it
 * has taken all up to the n-th item that it was ever leased. `leased(q, n)`: those after the
 * n-th, which it has not taken. `give_back(q, n)`: it does not want those.
 */
export const LEASES = `
local function take_up_to(q, n)
  local count = math.min(n, q.had) - q.took
  if count <= 0 then return 0 end
  local items = redis.call('LPOP', leases_of(q, q.who), count)
  q.out, q.took = q.out - count, q.took + count
  redis.call('HSET', q.key, 'out', q.out, 't:' .. q.who, text(q.took))
  if q.ret > 0 then
    local progress = key_of(q.id, 't')
    for _, item in ipairs(items) do
      redis.call('HSET', progress, text(seq_of(item)), q.who .. ' ' .. item)
    end
    keep(progress)
  end
  -- Only where it matters that there is one less.
  if q.max > 0 or q.shut > 0 then settle(q) end
  return count
end

local function leased(q, from, over)
  from = math.max(from, q.took)
  local items = {}
  if from < q.had then
    items = redis.call('LRANGE', leases_of(q, q.who), from - q.took, -1)
  end
  return {over and 1 or 0, from, items}
end

local function put_back(q, items)
  if #items == 0 then return end
  local last = 0
  for _, item in ipairs(items) do last = math.max(last, seq_of(item)) end
  while true do
    local item = redis.call('LINDEX', q.items, 0)
    if not item or seq_of(item) > last then break end
    items[#items + 1] = redis.call('LPOP', q.items)
  end
  table.sort(items, function(a, b) return seq_of(a) > seq_of(b) end)
  for at = 1, #items, 1000 do
    redis.call('LPUSH', q.items, unpack(items, at, math.min(at + 999, #items)))
  end
  keep(q.items)
end

local function give_back(q, n)
  local count = q.had - math.max(n, q.took)
  if count <= 0 then return 0 end
  local items = redis.call('RPOP', leases_of(q, q.who), count)
  q.out, q.had = q.out - count, q.had - count
  redis.call('HSET', q.key, 'out', q.out, 'c:' .. q.who, text(q.had))
  put_back(q, items)
  return count
end

local function queue_leave(id, who)
  local q = queue_of(id, who)
  if not q then return 0 end
  redis.call('LREM', q.waiting, 0, who)
  redis.call('SREM', key_of(id, 'a'), who)
  local returned = give_back(q, 0)
  redis.call('HDEL', q.key, 'c:' .. who, 't:' .. who)
  if q.ret > 0 then
    local progress, back = key_of(id, 't'), {}
    local all = redis.call('HGETALL', progress)
    for i = 1, #all, 2 do
      local holder, seq, times, payload = string.match(all[i + 1], '^(%S+) (%d+):(%d+):(.*)$')
      if holder == who then
        redis.call('HDEL', progress, all[i])
        local item = seq .. ':' .. text(times + 1) .. ':' .. payload
        if times + 1 <= q.ret then back[#back + 1] = item
        else push(key_of(id, 'd'), item) end
      end
    end
    returned = returned + #back
    put_back(q, back)
  end
  settle(q)
  return returned
end
`;
