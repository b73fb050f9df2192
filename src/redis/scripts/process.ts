/**
 * The scripts of agents and the processes that they run. KEYS[1] is `o:agents`, ARGV[1] the
 * session; where there is a number of the call, it is ARGV[2]. What is in the object stands in
 * process_parts.ts.
 *
 * ```
 * who starts it: SUBMIT ──► waits ──► an agent has it ──► STARTED ──► EXITED
 *                             ▲              │                │
 *                             └── REFUSED ◄──┤                │
 *                                            └─── its session has ended: lost
 * ```
 *
 * @module
 */
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { AGENTS, MOST_MAIL } from "./process_parts.ts";
import { type Script, script } from "./script.ts";

const OPEN = `
if redis.call('EXISTS', OBJECT) == 0 then
  return redis.error_reply('NOOBJECT there are no agents any more')
end
`;

const ALWAYS = [KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, GRANTS, AGENTS, OPEN];
const ONLY_ONCE = [KEYS_OF, ONCE, ALLOWED_WHEN_FULL, OBJECT, GRANTS, AGENTS, OPEN];

/** A call of an agent about a process, ARGV[3], that it has: 0 if it has it no longer. */
const MINE = `
local proc = ARGV[3]
local who, agent, number = look_up(ID, proc)
if agent ~= sid then return answer(0) end
`;

/**
 * The session takes processes from now on. ARGV 3 the JSON that describes it. Result: 1.
 */
export const REGISTER: Script = script(
  "process.register",
  ...ONLY_ONCE,
  `
redis.call('HSET', key_of(ID, 'g'), sid, ARGV[3])
keep(key_of(ID, 'g'))
redis.call('HSETNX', key_of(ID, 'n'), sid, 0)
keep(key_of(ID, 'n'))
dispatch(ID)
return answer(1)
`,
);

/** The session takes no more processes. Result: 1. */
export const DRAIN: Script = script(
  "process.drain",
  ...ONLY_ONCE,
  `
redis.call('HDEL', key_of(ID, 'g'), sid)
return answer(1)
`,
);

/**
 * Asks for a process.
 *
 * ARGV 3 its id; 4 what it is to do; 5 the JSON of what it needs of an agent; 6 whether it
 * needs an agent at all, 1 or 0.
 * Result: 1 an agent has it; 2 it waits until one that fits has room; 3 it waits until there
 * is one that fits; 0 there is none, and nothing was asked for.
 */
export const SUBMIT: Script = script(
  "process.submit",
  ...[KEYS_OF, ONCE, OBJECT, GRANTS, AGENTS, OPEN],
  `
local proc = ARGV[3]
local agent, fit, all = find_agent(ID, cjson.decode(ARGV[5]))
if all == 0 and ARGV[6] == '0' then return answer(0) end
redis.call('HSET', key_of(ID, 'v'), proc, ARGV[4])
keep(key_of(ID, 'v'))
redis.call('HSET', key_of(ID, 'x'), proc, ARGV[5])
keep(key_of(ID, 'x'))
if agent then
  assign(ID, proc, sid, agent)
  return answer(1)
end
note(ID, proc, sid, '-', 0)
push(key_of(ID, 'w'), proc)
return answer(fit > 0 and 2 or 3)
`,
);

/**
 * Takes back what was asked for, ARGV[3], and waits for an agent. Result: 1; 0 if one has it.
 */
export const WITHDRAW: Script = script(
  "process.withdraw",
  ...ONLY_ONCE,
  `
local who, agent = look_up(ID, ARGV[3])
if who ~= sid or agent ~= '-' then return answer(0) end
redis.call('LREM', key_of(ID, 'w'), 1, ARGV[3])
forget(ID, ARGV[3])
return answer(1)
`,
);

/** The descriptions of all agents that take processes. Result: a list of JSON. */
export const AGENTS_THERE: Script = script(
  "process.agents",
  ...ALWAYS,
  `
local result, agents = {}, redis.call('HGETALL', key_of(ID, 'g'))
for i = 1, #agents, 2 do
  if is_alive(agents[i]) then result[#result + 1] = agents[i + 1] end
end
return result
`,
);

/** Sends a process, ARGV[3], the signal ARGV[4]. Result: 1; 0 if it has ended. */
export const SIGNAL: Script = script(
  "process.signal",
  ...ONLY_ONCE,
  `
local proc = ARGV[3]
local who, agent = look_up(ID, proc)
if who ~= sid then return answer(0) end
if agent ~= '-' then
  mail(ID, agent, 'signal ' .. proc .. ' ' .. ARGV[4])
  return answer(1)
end
redis.call('LREM', key_of(ID, 'w'), 1, proc)
forget(ID, proc)
mail(ID, sid, 'exited ' .. proc .. ' -' .. ARGV[4])
return answer(1)
`,
);

/**
 * Reads mail: ARGV 2 is up to which the session has read it.
 *
 * Result: the number of the item before the first that follows; the items.
 */
export const READ: Script = script(
  "process.read",
  ...ALWAYS,
  `
local list = key_of(ID, 'e:' .. sid)
local last = tonumber(redis.call('HGET', OBJECT, 'e:' .. sid) or 0)
local before = last - redis.call('LLEN', list)
local read = math.min(math.max(tonumber(ARGV[2]), before), last)
redis.call('LTRIM', list, read - before, -1)
local items = redis.call('LRANGE', list, 0, ${MOST_MAIL - 1})
redis.call('HSET', OBJECT, 'r:' .. sid, text(read + #items))
if last - read < ${MOST_MAIL} then admit_output(ID, sid) end
return {read, items}
`,
);

/** A process runs: ARGV[4] is its pid, [5] the name of its host. Result: 1; 0 it is not ours. */
export const STARTED: Script = script(
  "process.started",
  ...ONLY_ONCE,
  MINE,
  `
redis.call('HDEL', key_of(ID, 'v'), proc)
mail(ID, who, 'started ' .. proc .. ' ' .. ARGV[4] .. ' ' .. ARGV[5])
return answer(1)
`,
);

/** An agent that takes no more gives a process back that it has not started. Result: as above. */
export const REFUSED: Script = script(
  "process.refused",
  ...ONLY_ONCE,
  MINE,
  `
free_room(ID, sid)
if who == '-' then forget(ID, proc) else put_off(ID, proc, who) end
dispatch_returned(ID, {proc})
return answer(1)
`,
);

/**
 * A process has ended, or could not be started: ARGV[4] is `exited` and [5] its exit code, or
 * `failed` and [5] the JSON of the error. Result: as above.
 */
export const EXITED: Script = script(
  "process.exited",
  ...ONLY_ONCE,
  MINE,
  `
free_room(ID, sid)
forget(ID, proc)
mail(ID, who, ARGV[4] .. ' ' .. proc .. ' ' .. ARGV[5])
dispatch(ID)
return answer(1)
`,
);

/**
 * What a process has written: ARGV 4 is `out` or `err`, 5 the text, 6 the number of the wait
 * for room.
 *
 * Result: 1 it was sent, or nobody wants it; 2 it was not: it waits, and is granted 1 when it
 * may try again; 0 it is not ours.
 */
export const OUTPUT: Script = script(
  "process.output",
  ...[KEYS_OF, ONCE, OBJECT, GRANTS, AGENTS, OPEN],
  MINE,
  `
if who == '-' or not is_alive(who) then return answer(1) end
if redis.call('LLEN', key_of(ID, 'e:' .. who)) >= ${2 * MOST_MAIL} then
  push(key_of(ID, 'b:' .. who), sid .. ' ' .. ARGV[6])
  return answer(2)
end
mail(ID, who, ARGV[4] .. ' ' .. proc .. ' ' .. ARGV[5])
return answer(1)
`,
);
