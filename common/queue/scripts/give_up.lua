#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- give_up.lua: move a task to the dead letters by its holder, and tell ingest.
-- KEYS[1] stream   KEYS[2] dead letters stream   KEYS[3] events stream
-- ARGV[1] group   ARGV[2] entry id   ARGV[3] consumer   ARGV[4] task (serialized)   ARGV[5] reason   ARGV[6] event (serialized; empty: none)
-- Returns 1, or 0 if the consumer does not hold the entry. Raises NOGROUP if the stream was wiped.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not pending or pending[2] ~= ARGV[3] then return 0 end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XADD', KEYS[2], '*', 'task', ARGV[4], 'reason', ARGV[5], 'deliveries', pending[4], 'source', KEYS[1] .. ' ' .. ARGV[2])
if ARGV[6] ~= '' then redis.call('XADD', KEYS[3], '*', 'event', ARGV[6]) end
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
