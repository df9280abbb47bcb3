// SPDX-License-Identifier: Apache-2.0
#include "common/queue/task_queue.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/queue/queue_internal.h"
#include "common/text/utf8.h"

namespace duban {
namespace queue_internal {
namespace {

bool IsId(std::string_view id) {
  const size_t dash = id.find('-');
  const auto is_number = [](std::string_view digits) {
    return !digits.empty() && digits.size() < 20 &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return dash != std::string_view::npos && is_number(id.substr(0, dash)) && is_number(id.substr(dash + 1));
}

}  // namespace

absl::Status CheckStage(v1::Task::Stage stage) {
  if (std::find(std::begin(kStages), std::end(kStages), stage) != std::end(kStages)) return absl::OkStatus();
  return InvalidField("stage", fmt::format("{}, want SEGMENT, EXTRACT or TRACK", static_cast<int>(stage)));
}

absl::Status CheckTasks(std::span<const v1::Task> tasks) {
  for (const v1::Task& task : tasks) DUBAN_RETURN_IF_ERROR(CheckStage(task.stage()));
  return absl::OkStatus();
}

absl::Status CheckCompletions(std::span<const Completion> completions) {
  for (const Completion& completion : completions) {
    DUBAN_RETURN_IF_ERROR(CheckStage(completion.lease.task.stage()));
    if (completion.next.has_value()) DUBAN_RETURN_IF_ERROR(CheckStage(completion.next->stage()));
  }
  return absl::OkStatus();
}

absl::Status CheckLeaseOptions(const LeaseOptions& options) {
  if (options.consumer.empty()) return InvalidField("consumer", "empty, want a name");
  if (options.max_tasks <= 0) return InvalidField("max_tasks", fmt::format("{}, want above 0", options.max_tasks));
  if (options.max_wait.count() < 0) {
    return InvalidField("max_wait", fmt::format("{} ms, want 0 or more", options.max_wait.count()));
  }
  return absl::OkStatus();
}

absl::Status CheckPage(int page_size, std::string_view page_token) {
  if (page_size <= 0) return InvalidField("page_size", fmt::format("{}, want above 0", page_size));
  if (page_token.empty() || IsId(page_token)) return absl::OkStatus();
  return InvalidField("page_token", fmt::format("{}, want one that was given", page_token));
}

absl::Status CheckIds(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    if (!IsId(id)) return InvalidField("ids", fmt::format("{}, want one that was given", id));
  }
  return absl::OkStatus();
}

v1::Task RetriedTask(const v1::Task& task, std::string_view error) {
  v1::Task retried = task;
  retried.set_attempt(task.attempt() + 1);
  retried.set_last_error(ShortError(error));
  return retried;
}

v1::Task RedrivenTask(const v1::Task& task, absl::Time now) {
  v1::Task redriven = task;
  redriven.clear_attempt();
  redriven.clear_last_error();
  redriven.set_enqueue_time_ms(absl::ToUnixMillis(now));
  return redriven;
}

v1::StageEvent DeadEvent(const v1::Task& task, std::string_view reason) {
  v1::StageEvent event = DoneEvent(task);
  event.set_outcome(v1::StageEvent::DEAD);
  event.set_error(ShortError(reason));
  return event;
}

std::string ShortError(std::string_view error) {
  std::string out;
  for (size_t offset = 0; offset < error.size();) {
    const CodePoint c = DecodeAt(error, offset);
    const size_t size = out.size();
    AppendUtf8(c.value, &out);
    if (out.size() > TaskQueue::kMaxErrorBytes) {
      out.resize(size);
      break;
    }
    offset += c.size;
  }
  return out;
}

}  // namespace queue_internal

absl::StatusOr<bool> TaskQueue::Complete(const Completion& completion) {
  DUBAN_ASSIGN_OR_RETURN(const std::vector<bool> ended, CompleteBatch({&completion, 1}));
  return ended.front();
}

v1::StageEvent DoneEvent(const v1::Task& task) {
  v1::StageEvent event;
  event.set_document(task.document());
  event.set_stage(task.stage());
  event.set_revision(task.revision());
  event.set_outcome(v1::StageEvent::DONE);
  return event;
}

}  // namespace duban
