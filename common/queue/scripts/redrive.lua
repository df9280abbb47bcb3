#!lua
-- SPDX-License-Identifier: Apache-2.0
-- redrive.lua: put a dead letter up again for its stage, once. Refused as a whole when memory is full.
-- KEYS[1] dead letters stream   KEYS[2] stream of the task's stage
-- ARGV[1] entry id among the dead letters   ARGV[2] task (serialized)
-- Returns 1, or 0 if the letter is gone.
if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'task', ARGV[2])
return 1
