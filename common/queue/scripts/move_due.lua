#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- move_due.lua: put up delayed tasks of one stage whose time has come.
-- KEYS[1] delayed tasks (sorted set by due time)   KEYS[2] stream
-- ARGV[1] most tasks
-- Returns how many were moved.
local now = redis.call('TIME')
local ms = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ms, 'LIMIT', 0, ARGV[1])
for _, member in ipairs(due) do
  -- A member is the id of the entry that it was, a blank, the task.
  redis.call('XADD', KEYS[2], '*', 'task', string.sub(member, string.find(member, ' ', 1, true) + 1))
  redis.call('ZREM', KEYS[1], member)
end
return #due
