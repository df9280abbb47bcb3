// SPDX-License-Identifier: Apache-2.0
#include "common/queue/redis_stream.h"

#include <algorithm>
#include <iterator>

#include "common/base/status.h"

namespace duban::queue_internal {
namespace {

absl::Status BadShape() { return absl::InternalError("stream entry: reply of an unknown shape"); }

}  // namespace

std::string_view StreamEntry::Get(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& pair) { return pair.first == field; });
  return found == fields.end() ? std::string_view() : found->second;
}

absl::StatusOr<StreamEntry> ParseEntry(RedisReply reply) {
  DUBAN_ASSIGN_OR_RETURN(auto parts, std::move(reply).Array());
  if (parts.size() < 2) return BadShape();
  StreamEntry entry;
  DUBAN_ASSIGN_OR_RETURN(entry.id, parts[0].String());
  DUBAN_ASSIGN_OR_RETURN(auto words, std::move(parts[1]).Array());
  if (words.size() % 2 != 0) return BadShape();
  for (size_t i = 0; i < words.size(); i += 2) {
    entry.fields.emplace_back(std::move(words[i].text), std::move(words[i + 1].text));
  }
  if (parts.size() > 2) {
    DUBAN_ASSIGN_OR_RETURN(entry.deliveries, parts[2].Integer());
  }
  return entry;
}

absl::StatusOr<std::vector<StreamEntry>> ParseEntries(RedisReply reply) {
  DUBAN_ASSIGN_OR_RETURN(auto replies, std::move(reply).Array());
  std::vector<StreamEntry> entries;
  entries.reserve(replies.size());
  for (RedisReply& one : replies) {
    DUBAN_ASSIGN_OR_RETURN(StreamEntry entry, ParseEntry(std::move(one)));
    entries.push_back(std::move(entry));
  }
  return entries;
}

RedisStream::RedisStream(RedisClient* redis, std::string key, std::string group)
    : redis_(redis), key_(std::move(key)), group_(std::move(group)) {}

absl::Status RedisStream::MakeGroup() {
  const absl::Status status = redis_->Run(RedisCommand::Call(make_group_, {key_}, {group_})).status();
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

absl::StatusOr<std::vector<StreamEntry>> RedisStream::Read(const LeaseOptions& options) {
  RedisCommand command{
      .args = {"XREADGROUP", "GROUP", group_, options.consumer, "COUNT", std::to_string(options.max_tasks)},
      .block = options.max_wait};
  // BLOCK 0 would wait for ever.
  if (options.max_wait.count() > 0) {
    command.args.insert(command.args.end(), {"BLOCK", std::to_string(options.max_wait.count())});
  }
  command.args.insert(command.args.end(), {"STREAMS", key_, ">"});
  auto reply = redis_->Run(command);
  if (absl::IsNotFound(reply.status())) {
    DUBAN_RETURN_IF_ERROR(MakeGroup());
    reply = redis_->Run(command);
    // Wiped once more in this moment: the next call heals it.
    if (absl::IsNotFound(reply.status())) return std::vector<StreamEntry>();
  }
  DUBAN_RETURN_IF_ERROR(reply.status());
  if (reply->IsNil()) return std::vector<StreamEntry>();
  // [[key, entries]]
  DUBAN_ASSIGN_OR_RETURN(auto streams, (*std::move(reply)).Array());
  if (streams.size() != 1 || streams[0].elements.size() != 2) return BadShape();
  return ParseEntries(std::move(streams[0].elements[1]));
}

absl::StatusOr<std::vector<StreamEntry>> RedisStream::Reclaim(const LeaseOptions& options,
                                                              std::chrono::milliseconds min_idle) {
  const auto wanted = static_cast<size_t>(options.max_tasks);
  std::vector<StreamEntry> entries;
  std::string cursor = "0-0";
  do {
    auto reply = redis_->Run(RedisCommand::Call(
        reclaim_, {key_},
        {group_, options.consumer, std::to_string(min_idle.count()), cursor, std::to_string(wanted - entries.size())}));
    // What is already claimed is the caller's, whatever the next step answers.
    if (absl::IsNotFound(reply.status()) || (!reply.ok() && !entries.empty())) return entries;
    DUBAN_RETURN_IF_ERROR(reply.status());
    DUBAN_ASSIGN_OR_RETURN(auto parts, (*std::move(reply)).Array());
    if (parts.size() != 2) return BadShape();
    DUBAN_ASSIGN_OR_RETURN(cursor, parts[0].String());
    DUBAN_ASSIGN_OR_RETURN(auto claimed, ParseEntries(std::move(parts[1])));
    std::move(claimed.begin(), claimed.end(), std::back_inserter(entries));
  } while (cursor != "0-0" && entries.size() < wanted);
  return entries;
}

absl::StatusOr<int64_t> RedisStream::RemoveIdleConsumers(std::chrono::milliseconds min_idle) {
  const auto reply =
      redis_->Run(RedisCommand::Call(remove_idle_consumers_, {key_}, {group_, std::to_string(min_idle.count())}));
  if (absl::IsNotFound(reply.status())) return 0;
  DUBAN_RETURN_IF_ERROR(reply.status());
  return reply->Integer();
}

}  // namespace duban::queue_internal
