/**
 * The scripts of values. KEYS[1] is the value, ARGV[1] the session. Fields of `o:ID`: `value`
 * its payload; `fence` the highest token of a lock with which it was set.
 *
 * @module
 */
import { KEYS_OF, OBJECT, ONCE, SESSION } from "./parts.ts";
import { type Script, script } from "./script.ts";

const OPEN = `
if redis.call('EXISTS', OBJECT) == 0 then
  return redis.error_reply('NOOBJECT there is no such value any more')
end
`;

/** Result: the payload. */
export const READ: Script = script(
  "value.get",
  ...[KEYS_OF, SESSION, OBJECT, OPEN],
  `
return redis.call('HGET', OBJECT, 'value')
`,
);

/**
 * Sets the payload, ARGV[3]; ARGV[4] is a token or 0.
 *
 * Result: 1; 0 if it was set with a higher token before.
 */
export const WRITE: Script = script(
  "value.set",
  ...[KEYS_OF, ONCE, OBJECT, OPEN],
  `
local token = tonumber(ARGV[4])
if token > 0 then
  if token < tonumber(redis.call('HGET', OBJECT, 'fence') or 0) then return answer(0) end
  redis.call('HSET', OBJECT, 'fence', ARGV[4])
end
redis.call('HSET', OBJECT, 'value', ARGV[3])
return answer(1)
`,
);

/**
 * Replaces the payload ARGV[3] by ARGV[4]. Result: 1; 0 if it is another one.
 */
export const REPLACE: Script = script(
  "value.replace",
  ...[KEYS_OF, ONCE, OBJECT, OPEN],
  `
if redis.call('HGET', OBJECT, 'value') ~= ARGV[3] then return answer(0) end
redis.call('HSET', OBJECT, 'value', ARGV[4])
return answer(1)
`,
);
