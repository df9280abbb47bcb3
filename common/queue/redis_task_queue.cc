// SPDX-License-Identifier: Apache-2.0
//
// README.md tells the keys and entries. What must happen in one step is a script (scripts/*.lua); what belongs to one
// stream is RedisStream; here tasks are turned into entries and back.
#include "common/queue/redis_task_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "common/base/status.h"
#include "common/queue/queue_internal.h"
#include "common/queue/redis_stream.h"
#include "embedded/backlog.lua.h"
#include "embedded/complete.lua.h"
#include "embedded/give_up.lua.h"
#include "embedded/heartbeat.lua.h"
#include "embedded/move_due.lua.h"
#include "embedded/put_back.lua.h"
#include "embedded/redrive.lua.h"

namespace duban {
namespace {

using namespace queue_internal;
using std::chrono::milliseconds;

constexpr char kWorkers[] = "workers";
constexpr char kIngest[] = "ingest";
// Entries of one pipeline: bounds the replies that Redis must hold.
constexpr size_t kChunk = 1000;

// The keys of one stage.
struct StageKeys {
  std::string delayed;
  RedisStream stream;
};

class Queue : public TaskQueue {
 public:
  Queue(std::unique_ptr<RedisClient> redis, const RedisTaskQueueOptions& options);

  absl::Status Enqueue(std::span<const v1::Task> tasks) override;
  absl::StatusOr<std::vector<Lease>> Take(v1::Task::Stage stage, const LeaseOptions& options) override;
  absl::StatusOr<std::vector<std::string>> Heartbeat(std::span<const Lease> leases) override;
  absl::StatusOr<std::vector<bool>> CompleteBatch(std::span<const Completion> completions) override;
  absl::StatusOr<bool> Retry(const Lease& lease, milliseconds delay, std::string_view error) override;
  absl::StatusOr<bool> Release(const Lease& lease) override;
  absl::StatusOr<bool> GiveUp(const Lease& lease, std::string_view reason) override;
  absl::StatusOr<std::vector<Lease>> Reclaim(v1::Task::Stage stage, const LeaseOptions& options,
                                             milliseconds min_idle) override;
  absl::StatusOr<int64_t> MoveDue(int max) override;
  absl::StatusOr<Backlog> GetBacklog(v1::Task::Stage stage) override;
  absl::StatusOr<DeadLetterPage> ListDeadLetters(int page_size, std::string_view page_token) override;
  absl::StatusOr<int64_t> CountDeadLetters() override;
  absl::StatusOr<int64_t> Redrive(std::span<const std::string> ids) override;
  absl::StatusOr<int64_t> Drop(std::span<const std::string> ids) override;
  absl::StatusOr<std::vector<ReceivedEvent>> ReadEvents(const LeaseOptions& options) override;
  absl::Status AckEvents(std::span<const std::string> ids) override;
  absl::StatusOr<int64_t> RemoveIdleConsumers(milliseconds min_idle) override;
  absl::StatusOr<std::string> Epoch() override;
  absl::Status Ping() override { return redis_->Ping(); }

 private:
  StageKeys& Keys(v1::Task::Stage stage) { return stages_.at(stage); }
  // Sends the commands in chunks. The first error reply is an error.
  absl::StatusOr<std::vector<RedisReply>> RunAll(std::span<const RedisCommand> commands);
  // The 0 or 1 of a script that acts for the holder; 0 if the stream was wiped.
  absl::StatusOr<bool> RunForHolder(const RedisCommand& command);
  absl::StatusOr<bool> PutBack(const Lease& lease, const v1::Task& task, milliseconds delay);
  absl::StatusOr<bool> Bury(v1::Task::Stage stage, const std::string& id, const std::string& consumer,
                            std::string_view task, std::string_view reason, std::string event);
  // Entries as leases. What is no task is buried.
  absl::StatusOr<std::vector<Lease>> ToLeases(v1::Task::Stage stage, const std::string& consumer,
                                              std::vector<StreamEntry> entries);
  RedisCommand AddCommand(const v1::Task& task);

  const std::unique_ptr<RedisClient> redis_;
  const milliseconds event_min_idle_;
  const std::string dead_key_;
  const std::string epoch_key_;
  RedisStream events_;
  std::map<v1::Task::Stage, StageKeys> stages_;

  const RedisScript backlog_{embedded::backlog_lua};
  const RedisScript complete_{embedded::complete_lua};
  const RedisScript give_up_{embedded::give_up_lua};
  const RedisScript heartbeat_{embedded::heartbeat_lua};
  const RedisScript move_due_{embedded::move_due_lua};
  const RedisScript put_back_{embedded::put_back_lua};
  const RedisScript redrive_{embedded::redrive_lua};
};

std::string Key(const RedisTaskQueueOptions& options, std::string_view name) {
  return fmt::format("{{{}}}:{}", options.prefix, name);
}

int64_t SumIntegers(const std::vector<RedisReply>& replies) {
  int64_t sum = 0;
  for (const RedisReply& reply : replies) sum += reply.integer;
  return sum;
}

Queue::Queue(std::unique_ptr<RedisClient> redis, const RedisTaskQueueOptions& options)
    : redis_(std::move(redis)),
      event_min_idle_(options.event_min_idle),
      dead_key_(Key(options, "dead")),
      epoch_key_(Key(options, "epoch")),
      events_(redis_.get(), Key(options, "events"), kIngest) {
  for (const v1::Task::Stage stage : kStages) {
    const std::string name = absl::AsciiStrToLower(v1::Task::Stage_Name(stage));
    stages_.try_emplace(
        stage, StageKeys{Key(options, "delayed:" + name), RedisStream(redis_.get(), Key(options, name), kWorkers)});
  }
}

absl::StatusOr<std::vector<RedisReply>> Queue::RunAll(std::span<const RedisCommand> commands) {
  std::vector<RedisReply> all;
  all.reserve(commands.size());
  for (size_t begin = 0; begin < commands.size(); begin += kChunk) {
    DUBAN_ASSIGN_OR_RETURN(auto replies,
                           redis_->Pipeline(commands.subspan(begin, std::min(kChunk, commands.size() - begin))));
    for (const RedisReply& reply : replies) DUBAN_RETURN_IF_ERROR(reply.status());
    std::move(replies.begin(), replies.end(), std::back_inserter(all));
  }
  return all;
}

RedisCommand Queue::AddCommand(const v1::Task& task) {
  return {{"XADD", Keys(task.stage()).stream.key(), "*", "task", task.SerializeAsString()}};
}

absl::Status Queue::Enqueue(std::span<const v1::Task> tasks) {
  DUBAN_RETURN_IF_ERROR(CheckTasks(tasks));
  std::vector<RedisCommand> commands;
  commands.reserve(tasks.size());
  for (const v1::Task& task : tasks) commands.push_back(AddCommand(task));
  return RunAll(commands).status();
}

absl::StatusOr<std::vector<Lease>> Queue::ToLeases(v1::Task::Stage stage, const std::string& consumer,
                                                   std::vector<StreamEntry> entries) {
  std::vector<Lease> leases;
  leases.reserve(entries.size());
  for (StreamEntry& entry : entries) {
    Lease lease{.id = std::move(entry.id), .consumer = consumer, .deliveries = entry.deliveries};
    const std::string_view bytes = entry.Get("task");
    if (lease.task.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) && lease.task.stage() == stage) {
      leases.push_back(std::move(lease));
      continue;
    }
    DUBAN_RETURN_IF_ERROR(Bury(stage, lease.id, consumer, bytes, "entry: no task of its stage", "").status());
  }
  return leases;
}

absl::StatusOr<std::vector<Lease>> Queue::Take(v1::Task::Stage stage, const LeaseOptions& options) {
  DUBAN_RETURN_IF_ERROR(CheckStage(stage));
  DUBAN_RETURN_IF_ERROR(CheckLeaseOptions(options));
  DUBAN_ASSIGN_OR_RETURN(auto entries, Keys(stage).stream.Read(options));
  return ToLeases(stage, options.consumer, std::move(entries));
}

absl::StatusOr<std::vector<Lease>> Queue::Reclaim(v1::Task::Stage stage, const LeaseOptions& options,
                                                  milliseconds min_idle) {
  DUBAN_RETURN_IF_ERROR(CheckStage(stage));
  DUBAN_RETURN_IF_ERROR(CheckLeaseOptions(options));
  DUBAN_ASSIGN_OR_RETURN(auto entries, Keys(stage).stream.Reclaim(options, min_idle));
  return ToLeases(stage, options.consumer, std::move(entries));
}

absl::StatusOr<std::vector<std::string>> Queue::Heartbeat(std::span<const Lease> leases) {
  std::map<std::pair<v1::Task::Stage, std::string>, std::vector<std::string>> held;
  for (const Lease& lease : leases) {
    DUBAN_RETURN_IF_ERROR(CheckStage(lease.task.stage()));
    held[{lease.task.stage(), lease.consumer}].push_back(lease.id);
  }
  std::vector<std::string> lost;
  for (auto& [holder, ids] : held) {
    std::vector<std::string> args = {kWorkers, holder.second};
    args.insert(args.end(), ids.begin(), ids.end());
    auto reply = redis_->Run(RedisCommand::Call(heartbeat_, {Keys(holder.first).stream.key()}, std::move(args)));
    if (absl::IsNotFound(reply.status())) {
      lost.insert(lost.end(), ids.begin(), ids.end());
      continue;
    }
    DUBAN_RETURN_IF_ERROR(reply.status());
    for (RedisReply& id : reply->elements) lost.push_back(std::move(id.text));
  }
  return lost;
}

absl::StatusOr<std::vector<bool>> Queue::CompleteBatch(std::span<const Completion> completions) {
  DUBAN_RETURN_IF_ERROR(CheckCompletions(completions));
  std::vector<RedisCommand> commands;
  commands.reserve(completions.size());
  for (const Completion& completion : completions) {
    const std::string& source = Keys(completion.lease.task.stage()).stream.key();
    const bool has_next = completion.next.has_value();
    commands.push_back(RedisCommand::Call(
        complete_, {source, has_next ? Keys(completion.next->stage()).stream.key() : source, events_.key()},
        {kWorkers, completion.lease.id, has_next ? completion.next->SerializeAsString() : "",
         completion.event.SerializeAsString()}));
  }
  DUBAN_ASSIGN_OR_RETURN(const auto replies, RunAll(commands));
  std::vector<bool> ended;
  ended.reserve(replies.size());
  for (const RedisReply& reply : replies) ended.push_back(reply.integer == 1);
  return ended;
}

absl::StatusOr<bool> Queue::RunForHolder(const RedisCommand& command) {
  const auto reply = redis_->Run(command);
  if (absl::IsNotFound(reply.status())) return false;
  DUBAN_RETURN_IF_ERROR(reply.status());
  return reply->integer == 1;
}

absl::StatusOr<bool> Queue::PutBack(const Lease& lease, const v1::Task& task, milliseconds delay) {
  DUBAN_RETURN_IF_ERROR(CheckStage(task.stage()));
  const StageKeys& keys = Keys(task.stage());
  return RunForHolder(RedisCommand::Call(put_back_, {keys.stream.key(), keys.delayed},
                                         {kWorkers, lease.id, lease.consumer, task.SerializeAsString(),
                                          std::to_string(std::max<int64_t>(delay.count(), 0))}));
}

absl::StatusOr<bool> Queue::Retry(const Lease& lease, milliseconds delay, std::string_view error) {
  return PutBack(lease, RetriedTask(lease.task, error), delay);
}

absl::StatusOr<bool> Queue::Release(const Lease& lease) { return PutBack(lease, lease.task, milliseconds(0)); }

absl::StatusOr<bool> Queue::Bury(v1::Task::Stage stage, const std::string& id, const std::string& consumer,
                                 std::string_view task, std::string_view reason, std::string event) {
  return RunForHolder(
      RedisCommand::Call(give_up_, {Keys(stage).stream.key(), dead_key_, events_.key()},
                         {kWorkers, id, consumer, std::string(task), ShortError(reason), std::move(event)}));
}

absl::StatusOr<bool> Queue::GiveUp(const Lease& lease, std::string_view reason) {
  DUBAN_RETURN_IF_ERROR(CheckStage(lease.task.stage()));
  return Bury(lease.task.stage(), lease.id, lease.consumer, lease.task.SerializeAsString(), reason,
              DeadEvent(lease.task, reason).SerializeAsString());
}

absl::StatusOr<int64_t> Queue::MoveDue(int max) {
  if (max <= 0) return InvalidField("max", fmt::format("{}, want above 0", max));
  std::vector<RedisCommand> commands;
  for (auto& [stage, keys] : stages_) {
    commands.push_back(RedisCommand::Call(move_due_, {keys.delayed, keys.stream.key()}, {std::to_string(max)}));
  }
  DUBAN_ASSIGN_OR_RETURN(const auto replies, RunAll(commands));
  return SumIntegers(replies);
}

absl::StatusOr<Backlog> Queue::GetBacklog(v1::Task::Stage stage) {
  DUBAN_RETURN_IF_ERROR(CheckStage(stage));
  const StageKeys& keys = Keys(stage);
  DUBAN_ASSIGN_OR_RETURN(auto reply,
                         redis_->Run(RedisCommand::Call(backlog_, {keys.stream.key(), keys.delayed}, {kWorkers})));
  DUBAN_ASSIGN_OR_RETURN(const auto counts, std::move(reply).Array());
  if (counts.size() != 3) return absl::InternalError("backlog: reply of an unknown shape");
  const int64_t leased = counts[1].integer;
  return Backlog{.waiting = counts[0].integer - leased, .leased = leased, .delayed = counts[2].integer};
}

absl::StatusOr<DeadLetterPage> Queue::ListDeadLetters(int page_size, std::string_view page_token) {
  DUBAN_RETURN_IF_ERROR(CheckPage(page_size, page_token));
  // One more than the page tells whether there is another.
  DUBAN_ASSIGN_OR_RETURN(
      auto reply, redis_->Run({{"XRANGE", dead_key_, page_token.empty() ? "-" : fmt::format("({}", page_token), "+",
                                "COUNT", std::to_string(page_size + int64_t{1})}}));
  DUBAN_ASSIGN_OR_RETURN(auto entries, ParseEntries(std::move(reply)));
  DeadLetterPage page;
  if (entries.size() > static_cast<size_t>(page_size)) {
    entries.resize(static_cast<size_t>(page_size));
    page.next_page_token = entries.back().id;
  }
  for (const StreamEntry& entry : entries) {
    DeadLetter letter{.id = entry.id, .reason = std::string(entry.Get("reason"))};
    const std::string_view task = entry.Get("task");
    // One that was buried as unreadable stays empty.
    if (!letter.task.ParseFromArray(task.data(), static_cast<int>(task.size()))) letter.task.Clear();
    letter.deliveries = atoll(std::string(entry.Get("deliveries")).c_str());
    letter.dead_time_ms = atoll(entry.id.c_str());
    page.letters.push_back(std::move(letter));
  }
  return page;
}

absl::StatusOr<int64_t> Queue::CountDeadLetters() {
  DUBAN_ASSIGN_OR_RETURN(const RedisReply reply, redis_->Run({{"XLEN", dead_key_}}));
  return reply.Integer();
}

absl::StatusOr<int64_t> Queue::Redrive(std::span<const std::string> ids) {
  DUBAN_RETURN_IF_ERROR(CheckIds(ids));
  std::vector<RedisCommand> reads;
  for (const std::string& id : ids) reads.push_back({{"XRANGE", dead_key_, id, id}});
  DUBAN_ASSIGN_OR_RETURN(auto found, RunAll(reads));
  std::vector<RedisCommand> commands;
  for (RedisReply& reply : found) {
    DUBAN_ASSIGN_OR_RETURN(const auto entries, ParseEntries(std::move(reply)));
    if (entries.empty()) continue;
    v1::Task task;
    const std::string_view bytes = entries.front().Get("task");
    if (!task.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !CheckStage(task.stage()).ok()) continue;
    commands.push_back(RedisCommand::Call(redrive_, {dead_key_, Keys(task.stage()).stream.key()},
                                          {entries.front().id, RedrivenTask(task, absl::Now()).SerializeAsString()}));
  }
  DUBAN_ASSIGN_OR_RETURN(const auto replies, RunAll(commands));
  return SumIntegers(replies);
}

absl::StatusOr<int64_t> Queue::Drop(std::span<const std::string> ids) {
  DUBAN_RETURN_IF_ERROR(CheckIds(ids));
  if (ids.empty()) return 0;
  RedisCommand command{{"XDEL", dead_key_}};
  command.args.insert(command.args.end(), ids.begin(), ids.end());
  DUBAN_ASSIGN_OR_RETURN(const RedisReply reply, redis_->Run(command));
  return reply.Integer();
}

absl::StatusOr<std::vector<ReceivedEvent>> Queue::ReadEvents(const LeaseOptions& options) {
  DUBAN_RETURN_IF_ERROR(CheckLeaseOptions(options));
  DUBAN_ASSIGN_OR_RETURN(auto entries, events_.Reclaim(options, event_min_idle_));
  if (entries.empty()) {
    DUBAN_ASSIGN_OR_RETURN(entries, events_.Read(options));
  }
  std::vector<ReceivedEvent> events;
  events.reserve(entries.size());
  for (StreamEntry& entry : entries) {
    ReceivedEvent received{.id = std::move(entry.id)};
    const std::string_view bytes = entry.Get("event");
    // An unreadable event says nothing that ingest could keep: as an empty one it is acknowledged and gone.
    if (!received.event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) received.event.Clear();
    events.push_back(std::move(received));
  }
  return events;
}

absl::Status Queue::AckEvents(std::span<const std::string> ids) {
  DUBAN_RETURN_IF_ERROR(CheckIds(ids));
  if (ids.empty()) return absl::OkStatus();
  // XDEL first: cut off in between, the pending entry without content is dropped by the next claim.
  std::vector<RedisCommand> commands = {{{"XDEL", events_.key()}}, {{"XACK", events_.key(), events_.group()}}};
  for (RedisCommand& command : commands) command.args.insert(command.args.end(), ids.begin(), ids.end());
  return RunAll(commands).status();
}

absl::StatusOr<int64_t> Queue::RemoveIdleConsumers(milliseconds min_idle) {
  DUBAN_ASSIGN_OR_RETURN(int64_t removed, events_.RemoveIdleConsumers(min_idle));
  for (auto& [stage, keys] : stages_) {
    DUBAN_ASSIGN_OR_RETURN(const int64_t more, keys.stream.RemoveIdleConsumers(min_idle));
    removed += more;
  }
  return removed;
}

absl::StatusOr<std::string> Queue::Epoch() {
  DUBAN_ASSIGN_OR_RETURN(const RedisReply present, redis_->Run({{"GET", epoch_key_}}));
  if (!present.IsNil()) return present.String();
  std::random_device random;
  const std::string token = fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
  // Another process may have been faster: its token is the answer.
  DUBAN_ASSIGN_OR_RETURN(const RedisReply previous, redis_->Run({{"SET", epoch_key_, token, "NX", "GET"}}));
  return previous.IsNil() ? token : previous.String();
}

}  // namespace

absl::StatusOr<std::unique_ptr<TaskQueue>> RedisTaskQueue::Create(std::unique_ptr<RedisClient> redis,
                                                                  RedisTaskQueueOptions options) {
  const auto is_key_char = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  };
  if (options.prefix.empty() || !std::all_of(options.prefix.begin(), options.prefix.end(), is_key_char)) {
    return InvalidField("prefix", fmt::format("{}, want letters, digits, - and _", options.prefix));
  }
  if (options.event_min_idle.count() < 0) {
    return InvalidField("event_min_idle", fmt::format("{} ms, want 0 or more", options.event_min_idle.count()));
  }
  return std::make_unique<Queue>(std::move(redis), options);
}

}  // namespace duban
