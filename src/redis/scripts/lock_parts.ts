/**
 * Parts of the scripts of locks, semaphores and conditions.
 *
 * @module
 */

/**
 * What is in a lock or semaphore. Fields of `o:ID`: `free` permits; `max` the most; `lock` 1
 * if it has a holder, `by` that session, `token` its fencing token, `woke` the condition that
 * has woken it. `o:ID:w` (list) has the waits, `SID WAIT FLAG CONDITION`: the flag goes back
 * with the grant, `TOKEN FLAG`. In `o:ID:z` (list) of a condition are the sleepers,
 * `SID WAIT`; its field `of` is the number of the lock.
 *
 * Free permits are handed to those who wait in their order. A wake-up whose receiver has died
 * before it could act goes to the next sleeper.
 */
export const LOCK = `
local function next_token()
  local fence = P .. 'fence'
  local token = redis.call('INCR', fence)
  if token == 1 then
    token = now() * 1000
    redis.call('SET', fence, text(token))
    keep(fence)
  end
  return token
end

local function take(lock, who, condition)
  redis.call('HINCRBY', lock, 'free', -1)
  if not redis.call('HGET', lock, 'lock') then return 1 end
  local token = next_token()
  redis.call('HSET', lock, 'by', who, 'token', text(token), 'woke', condition)
  return token
end

local wake

local function hand(id)
  local lock, line = key_of(id), key_of(id, 'w')
  while tonumber(redis.call('HGET', lock, 'free') or 0) > 0 do
    local entry = redis.call('LPOP', line)
    if not entry then return end
    local to, wait, flag, condition = string.match(entry, '^(%S+) (%S+) (%S+) (%S+)')
    if is_alive(to) then
      grant(to, wait, text(take(lock, to, condition)) .. ' ' .. flag)
    elseif condition ~= '-' then
      wake(condition, id, 1)
    end
  end
end

-- The callers hand out what is free afterwards.
wake = function(condition, id, count)
  local sleepers, line = key_of(condition, 'z'), key_of(id, 'w')
  while count > 0 do
    local entry = redis.call('LPOP', sleepers)
    if not entry then return end
    if is_alive(string.match(entry, '^%S+')) then
      push(line, entry .. ' 1 ' .. condition)
      count = count - 1
    end
  end
end

local function give(id)
  local lock = key_of(id)
  local free, max = unpack(redis.call('HMGET', lock, 'free', 'max'))
  if not free or tonumber(free) >= tonumber(max) then return false end
  redis.call('HINCRBY', lock, 'free', 1)
  redis.call('HDEL', lock, 'by', 'token', 'woke')
  return true
end

local function lock_leave(id, who)
  local lock, line = key_of(id), key_of(id, 'w')
  for _, entry in ipairs(redis.call('LRANGE', line, 0, -1)) do
    local to, _, _, condition = string.match(entry, '^(%S+) (%S+) (%S+) (%S+)')
    if to == who then
      redis.call('LREM', line, 1, entry)
      if condition ~= '-' then wake(condition, id, 1) end
    end
  end
  local by, woke = unpack(redis.call('HMGET', lock, 'by', 'woke'))
  local held = by == who
  if held then
    give(id)
    if woke and woke ~= '-' then wake(woke, id, 1) end
  end
  hand(id)
  return held and 1 or 0
end

local function condition_leave(id, who)
  local sleepers = key_of(id, 'z')
  for _, entry in ipairs(redis.call('LRANGE', sleepers, 0, -1)) do
    if string.match(entry, '^%S+') == who then redis.call('LREM', sleepers, 1, entry) end
  end
  return 0
end
`;
