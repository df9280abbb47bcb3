#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- make_group.lua: make a stream's consumer group, and the stream if need be.
-- KEYS[1] stream
-- ARGV[1] group
-- Raises BUSYGROUP if the group exists.
--
-- From entry 0 on: what was added before the group counts too. XGROUP CREATE by itself is refused when memory is full, and then a
-- reader that has just started could not drain the stream.
return redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
