#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- put_back.lua: end a lease by its holder and put up its task again, at once or later.
-- KEYS[1] stream   KEYS[2] delayed tasks of the stage (sorted set by due time)
-- ARGV[1] group   ARGV[2] entry id   ARGV[3] consumer   ARGV[4] task (serialized)   ARGV[5] delay in ms (0: at once)
-- Returns 1, or 0 if the consumer does not hold the entry. Raises NOGROUP if the stream was wiped.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not pending or pending[2] ~= ARGV[3] then return 0 end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if ARGV[5] == '0' then
  redis.call('XADD', KEYS[1], '*', 'task', ARGV[4])
else
  local now = redis.call('TIME')
  local due = now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[5]
  -- The entry id keeps two equal tasks apart.
  redis.call('ZADD', KEYS[2], string.format('%.0f', due), ARGV[2] .. ' ' .. ARGV[4])
end
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
