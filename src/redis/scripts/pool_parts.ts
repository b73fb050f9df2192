/**
 * Parts of the scripts of pools.
 *
 * @module
 */

/**
 * What is in a pool. Fields of `o:ID`: `owner` the session that has made it; `shut` 1 if no
 * tasks will come; `acked` how many messages the owner has received; `idle` 1 if the owner waits
 * for some; for each worker `c:SID` how many tasks it was ever leased, `d:SID` how many of them
 * are done, `k:SID` the number of its last call, `w:SID` 1 if it waits for tasks, `n:SID` its
 * number; `x:NUMBER` 1 if a worker of that number was given up.
 *
 * | key | type | what is in it |
 * | --- | --- | --- |
 * | `o:ID:i` | list | tasks that wait, in order: a flag, the task's number in 4 bytes, and what only workers read |
 * | `o:ID:l:SID` | list | tasks that are leased to a worker, and not done |
 * | `o:ID:m` | set | the sessions of the workers |
 * | `o:ID:w` | list | workers that wait for tasks |
 * | `o:ID:o` | list | messages for the owner, or several packed as one: results, and what became of workers |
 * | `o:ID:f` | hash | functions, by their numbers |
 *
 * A task with the flag `!` is leased to a worker that has nothing else, and is given nothing
 * else until it is done: the worker may be killed because of it.
 *
 * What a worker was leased when it is gone may have been begun, up to `begun` if that is known:
 * the owner is told `L NUMBER SID`, and decides whether it is run again. The rest goes back.
 */
export const POOL = `
local function tasks_of(id, who) return key_of(id, 'l:' .. who) end

local function append(id, messages)
  if #messages == 0 then return end
  local list = key_of(id, 'o')
  for at = 1, #messages, 1000 do
    redis.call('RPUSH', list, unpack(messages, at, math.min(at + 999, #messages)))
  end
  keep(list)
  local owner, idle = unpack(redis.call('HMGET', key_of(id), 'owner', 'idle'))
  if idle == '1' and owner and is_alive(owner) then
    redis.call('HSET', key_of(id), 'idle', 0)
    grant(owner, 'r:' .. id, 1)
  end
end

local function wake_workers(id, count)
  local line = key_of(id, 'w')
  while count > 0 do
    local to = redis.call('LPOP', line)
    if not to then return end
    if is_alive(to) and redis.call('HDEL', key_of(id), 'w:' .. to) == 1 then
      grant(to, 'r:' .. id, 1)
      count = count - 1
    end
  end
end

local function put_first(id, items)
  if #items == 0 then return end
  local list = key_of(id, 'i')
  for at = #items, 1, -1 do redis.call('LPUSH', list, items[at]) end
  keep(list)
  wake_workers(id, #items)
end

local function member_leaves(id, who, begun)
  local key = key_of(id)
  local had, done, number = unpack(redis.call('HMGET', key, 'c:' .. who, 'd:' .. who, 'n:' .. who))
  if not had then return 0 end
  redis.call('SREM', key_of(id, 'm'), who)
  redis.call('LREM', key_of(id, 'w'), 0, who)
  redis.call('HDEL', key, 'c:' .. who, 'd:' .. who, 'k:' .. who, 'w:' .. who, 'n:' .. who)
  redis.call('HSET', key, 'x:' .. number, 1)
  local items = redis.call('LRANGE', tasks_of(id, who), 0, -1)
  redis.call('DEL', tasks_of(id, who))
  local kept = begun and math.max(0, begun - tonumber(done)) or #items
  local messages, back = {}, {}
  for at, item in ipairs(items) do
    if at <= kept then messages[#messages + 1] = 'L' .. string.sub(item, 2, 5) .. who
    else back[#back + 1] = item end
  end
  messages[#messages + 1] = 'G0000' .. who
  append(id, messages)
  put_first(id, back)
  -- It may have been woken for tasks that wait.
  wake_workers(id, redis.call('LLEN', key_of(id, 'i')))
  return #items
end

local function pool_leave(id, who)
  if redis.call('HGET', key_of(id), 'owner') ~= who then
    return member_leaves(id, who, nil)
  end
  for _, to in ipairs(redis.call('SMEMBERS', key_of(id, 'm'))) do
    if is_alive(to) then grant(to, 'x:' .. id, 'gone') end
  end
  return 0
end
`;
