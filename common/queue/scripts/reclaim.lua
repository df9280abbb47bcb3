#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- reclaim.lua: take over entries whose holder has been silent; one step of a scan.
-- KEYS[1] stream
-- ARGV[1] group   ARGV[2] consumer   ARGV[3] least idle time in ms   ARGV[4] cursor (0-0 at first)   ARGV[5] most entries
-- Returns {next cursor (0-0 at the end), {{id, {field, value, …}, deliveries}, …}}. Raises NOGROUP if the stream was wiped.
--
-- XAUTOCLAIM looks at 10 × ARGV[5] entries at most, and does not tell the delivery count, which XPENDING does. It drops from the pending
-- list what was deleted from the stream.
local claimed = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
local entries = {}
for _, entry in ipairs(claimed[2]) do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)[1]
  table.insert(entries, {entry[1], entry[2], pending[4]})
end
return {claimed[1], entries}
