#!lua flags=no-writes
-- SPDX-License-Identifier: Apache-2.0
-- backlog.lua: what a stage still has to do, at one moment.
-- KEYS[1] stream   KEYS[2] delayed tasks (sorted set)
-- ARGV[1] group
-- Returns {entries in the stream, of these pending, delayed}.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1])
return {redis.call('XLEN', KEYS[1]), pending.err and 0 or pending[1], redis.call('ZCARD', KEYS[2])}
