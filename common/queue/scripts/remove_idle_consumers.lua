#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- remove_idle_consumers.lua: forget the consumers of a group that are gone.
-- KEYS[1] stream
-- ARGV[1] group   ARGV[2] least idle time in ms
-- Returns how many were removed. Raises NOGROUP if there is no such group.
--
-- Removing a consumer strands what it holds for good: only those that hold nothing go, and nothing comes between look and removal.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local removed = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  -- name, pending and idle stand in this order behind their labels.
  if consumer[4] == 0 and consumer[6] >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer[2])
    removed = removed + 1
  end
end
return removed
