/**
 * The scripts of events. KEYS[1] is the event, ARGV[1] the session. The field `set` of `o:ID`
 * is there while it is set; `o:ID:w` (list) has the waits, `SID WAIT`.
 *
 * @module
 */
import { ALLOWED_WHEN_FULL, GRANTS, KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

const OPEN = `
if redis.call('EXISTS', OBJECT) == 0 then
  return redis.error_reply('NOOBJECT there is no such event any more')
end
`;
const ALWAYS = [KEYS_OF, SESSION, ALLOWED_WHEN_FULL, OBJECT, GRANTS, OPEN];
const ONLY_ONCE = [KEYS_OF, ONCE, ALLOWED_WHEN_FULL, OBJECT, GRANTS, OPEN];

/** The part for a session that leaves. */
export const EVENT = `
local function event_leave(id, who)
  local line = key_of(id, 'w')
  for _, entry in ipairs(redis.call('LRANGE', line, 0, -1)) do
    if string.match(entry, '^%S+') == who then redis.call('LREM', line, 1, entry) end
  end
  return 0
end
`;

/** Sets it: all who wait are granted 1. Result: 1. */
export const SET: Script = script(
  "event.set",
  ...ONLY_ONCE,
  `
redis.call('HSET', OBJECT, 'set', 1)
tell_all(key_of(ID, 'w'), 1)
return answer(1)
`,
);

/** Unsets it. Result: 1. */
export const CLEAR: Script = script(
  "event.clear",
  ...ONLY_ONCE,
  `
redis.call('HDEL', OBJECT, 'set')
return answer(1)
`,
);

/** Result: 1 if it is set, else 0. */
export const IS_SET: Script = script(
  "event.is_set",
  ...ALWAYS,
  `
return redis.call('HEXISTS', OBJECT, 'set')
`,
);

/** Waits, ARGV[3], until it is set. Result: 1 it is; 2 it waits. */
export const WAIT: Script = script(
  "event.wait",
  ...ONLY_ONCE,
  `
if redis.call('HEXISTS', OBJECT, 'set') == 1 then return answer(1) end
push(key_of(ID, 'w'), sid .. ' ' .. ARGV[3])
return answer(2)
`,
);

/** Ends the wait ARGV[3]. Result: 1; 0 if it was granted already. */
export const CANCEL_WAIT: Script = script(
  "event.cancel",
  ...ONLY_ONCE,
  `
return answer(redis.call('LREM', key_of(ID, 'w'), 1, sid .. ' ' .. ARGV[3]))
`,
);
