#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- heartbeat.lua: reset the idle time of entries that the consumer holds.
-- KEYS[1] stream
-- ARGV[1] group   ARGV[2] consumer   ARGV[3…] entry ids
-- Returns the ids that the consumer does not hold any more. Raises NOGROUP if the stream was wiped.
--
-- XCLAIM alone would take an entry back from whoever claimed it meanwhile: hence the look at the owner first.
local lost = {}
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if not pending or pending[2] ~= ARGV[2] or
      #redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID') == 0 then
    table.insert(lost, ARGV[i])
  end
end
return lost
