#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- complete.lua: end a task, put up the next one and tell ingest, once.
-- KEYS[1] source stream   KEYS[2] next stream (the source again if there is no next task)   KEYS[3] events stream
-- ARGV[1] group   ARGV[2] entry id   ARGV[3] next task (serialized; empty: none)   ARGV[4] event (serialized)
-- Returns 1 if this call ended the task, 0 if it had ended before or its stream was wiped.
--
-- allow-oom: what follows the fence must not be refused, or the task would be lost; and a queue that is full must drain. The script
-- takes about as much as it frees.
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
if ARGV[3] ~= '' then redis.call('XADD', KEYS[2], '*', 'task', ARGV[3]) end
redis.call('XADD', KEYS[3], '*', 'event', ARGV[4])
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
