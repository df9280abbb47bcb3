// SPDX-License-Identifier: Apache-2.0
// One Redis stream with its one consumer group, as RedisTaskQueue uses them. The group is made, from the stream's first
// entry on, when Redis says that it is missed; so a wiped Redis heals. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/queue/task_queue.h"
#include "common/redis/redis_client.h"
#include "embedded/make_group.lua.h"
#include "embedded/reclaim.lua.h"
#include "embedded/remove_idle_consumers.lua.h"

namespace duban::queue_internal {

struct StreamEntry {
  std::string id;
  std::vector<std::pair<std::string, std::string>> fields;
  int64_t deliveries = 1;

  // The value of a field; empty if there is none.
  std::string_view Get(std::string_view field) const;
};

// [id, [field, value, …], deliveries?]; INTERNAL if the reply has another shape.
absl::StatusOr<StreamEntry> ParseEntry(RedisReply reply);
absl::StatusOr<std::vector<StreamEntry>> ParseEntries(RedisReply reply);

class RedisStream {
 public:
  // `redis` must outlive the stream.
  RedisStream(RedisClient* redis, std::string key, std::string group);

  const std::string& key() const { return key_; }
  const std::string& group() const { return group_; }

  // XREADGROUP of new entries. options.max_tasks entries at most.
  absl::StatusOr<std::vector<StreamEntry>> Read(const LeaseOptions& options);
  // XAUTOCLAIM of entries that were idle for `min_idle`, scanning until there are options.max_tasks or the end is
  // reached.
  absl::StatusOr<std::vector<StreamEntry>> Reclaim(const LeaseOptions& options, std::chrono::milliseconds min_idle);
  // Gives the number of consumers that were removed.
  absl::StatusOr<int64_t> RemoveIdleConsumers(std::chrono::milliseconds min_idle);

 private:
  absl::Status MakeGroup();

  RedisClient* const redis_;
  const std::string key_;
  const std::string group_;
  const RedisScript make_group_{embedded::make_group_lua};
  const RedisScript reclaim_{embedded::reclaim_lua};
  const RedisScript remove_idle_consumers_{embedded::remove_idle_consumers_lua};
};

}  // namespace duban::queue_internal
