/**
 * Parts of the scripts of agents and the processes that they run.
 *
 * @module
 */

/** Items of mail that are read at once; and that may lie there before output has to wait. */
export const MOST_MAIL = 64;

/**
 * All of a context's agents are one object, `o:agents`, which they and the processes that
 * start others have open. Who has it open has a box for mail. Fields: `e:SID` the number of
 * the last item in a box, `r:SID` of the last that was handed out.
 *
 * | key | type | what is in it |
 * | --- | --- | --- |
 * | `o:agents:g` | hash | agents that take processes, by their sessions: JSON with `version`, `labels`, `processes` |
 * | `o:agents:n` | hash | how many processes an agent has |
 * | `o:agents:p` | hash | processes by their ids: `WHO AGENT NUMBER`. `WHO` has asked for it, `AGENT` has it, `-` is nobody; `NUMBER` is that of the agent's mail about it |
 * | `o:agents:v` | hash | what they are to do, until they run |
 * | `o:agents:x` | hash | what they need of an agent: JSON with `version` and `where` |
 * | `o:agents:w` | list | processes that wait for an agent |
 * | `o:agents:e:SID` | list | the mail of a session |
 * | `o:agents:b:SID` | list | waits for room there, `SID WAIT` |
 */
export const AGENTS = `
local function mail(id, to, text)
  if to == '-' or not is_alive(to) then return 0 end
  push(key_of(id, 'e:' .. to), text)
  grant(to, 'm:' .. id, 1)
  return redis.call('HINCRBY', key_of(id), 'e:' .. to, 1)
end

local function forget(id, proc)
  for _, part in ipairs({'p', 'v', 'x'}) do redis.call('HDEL', key_of(id, part), proc) end
end

local function note(id, proc, who, agent, number)
  local key = key_of(id, 'p')
  redis.call('HSET', key, proc, who .. ' ' .. agent .. ' ' .. text(number))
  keep(key)
end

-- Who has asked for a process, the agent that has it, and the number of its mail.
local function look_up(id, proc)
  local found = redis.call('HGET', key_of(id, 'p'), proc)
  if not found then return nil end
  return string.match(found, '^(%S+) (%S+) (%d+)$')
end

local function fits(agent, need)
  if agent.version ~= need.version then return false end
  local has = {}
  for _, label in ipairs(agent.labels) do has[label] = true end
  for _, label in ipairs(need.where) do
    if not has[label] then return false end
  end
  return true
end

-- The agent with the most room, if any has some; how many fit, how many there are at all.
local function find_agent(id, need)
  local best, most, fit, all = nil, 0, 0, 0
  local agents = redis.call('HGETALL', key_of(id, 'g'))
  for i = 1, #agents, 2 do
    if is_alive(agents[i]) then
      all = all + 1
      local agent = cjson.decode(agents[i + 1])
      if fits(agent, need) then
        fit = fit + 1
        local has = tonumber(redis.call('HGET', key_of(id, 'n'), agents[i]) or 0)
        local free = agent.processes - has
        if free > most then best, most = agents[i], free end
      end
    end
  end
  return best, fit, all
end

local function assign(id, proc, who, agent)
  local work = redis.call('HGET', key_of(id, 'v'), proc)
  local number = mail(id, agent, 'start ' .. proc .. ' ' .. work)
  note(id, proc, who, agent, number)
  redis.call('HINCRBY', key_of(id, 'n'), agent, 1)
  keep(key_of(id, 'n'))
end

-- Gives agents what waits, in its order.
local function dispatch(id)
  local line = key_of(id, 'w')
  for _, proc in ipairs(redis.call('LRANGE', line, 0, -1)) do
    local who = look_up(id, proc)
    local need = redis.call('HGET', key_of(id, 'x'), proc)
    local agent = who and need and find_agent(id, cjson.decode(need))
    if agent then
      redis.call('LREM', line, 1, proc)
      assign(id, proc, who, agent)
    end
  end
end

-- It waits for an agent, before all others that do.
local function put_off(id, proc, who)
  note(id, proc, who, '-', 0)
  redis.call('LPUSH', key_of(id, 'w'), proc)
  keep(key_of(id, 'w'))
end

-- Gives agents what has come back, and tells of what waits all the same.
local function dispatch_returned(id, returned)
  dispatch(id)
  for _, proc in ipairs(returned) do
    local who, agent = look_up(id, proc)
    if agent == '-' then mail(id, who, 'waits ' .. proc) end
  end
end

local function free_room(id, agent)
  if redis.call('HEXISTS', key_of(id, 'n'), agent) == 0 then return end
  redis.call('HINCRBY', key_of(id, 'n'), agent, -1)
end

local function admit_output(id, who) tell_all(key_of(id, 'b:' .. who), 1) end

local function agents_leave(id, who)
  local lost, key, returned = 0, key_of(id), {}
  local handed = tonumber(redis.call('HGET', key, 'r:' .. who) or 0)
  redis.call('HDEL', key_of(id, 'g'), who)
  redis.call('HDEL', key_of(id, 'n'), who)
  local all = redis.call('HGETALL', key_of(id, 'p'))
  for i = 1, #all, 2 do
    local proc = all[i]
    local by, agent, number = string.match(all[i + 1], '^(%S+) (%S+) (%d+)$')
    if agent == who then
      -- What was not handed out to it has not run.
      if by ~= '-' and tonumber(number) > handed then
        put_off(id, proc, by)
        returned[#returned + 1] = proc
      else
        lost = lost + 1
        forget(id, proc)
        mail(id, by, 'lost ' .. proc)
      end
    elseif by == who and agent == '-' then
      redis.call('LREM', key_of(id, 'w'), 1, proc)
      forget(id, proc)
    elseif by == who then
      note(id, proc, '-', agent, number)
      mail(id, agent, 'signal ' .. proc .. ' 9')
    end
  end
  admit_output(id, who)
  redis.call('DEL', key_of(id, 'e:' .. who))
  redis.call('HDEL', key, 'e:' .. who, 'r:' .. who)
  dispatch_returned(id, returned)
  return lost
end
`;
