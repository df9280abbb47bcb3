// SPDX-License-Identifier: Apache-2.0
// What both backends of the task queue do alike. Only for common/queue. Pure functions.

#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/queue/task_queue.h"

namespace duban::queue_internal {

inline constexpr v1::Task::Stage kStages[] = {v1::Task::SEGMENT, v1::Task::EXTRACT, v1::Task::TRACK};

// INVALID_ARGUMENT unless the field makes sense.
absl::Status CheckStage(v1::Task::Stage stage);
absl::Status CheckTasks(std::span<const v1::Task> tasks);
absl::Status CheckCompletions(std::span<const Completion> completions);
absl::Status CheckLeaseOptions(const LeaseOptions& options);
absl::Status CheckPage(int page_size, std::string_view page_token);
// `ids` are <ms>-<sequence>, as both backends give them.
absl::Status CheckIds(std::span<const std::string> ids);

// `task` for its next try.
v1::Task RetriedTask(const v1::Task& task, std::string_view error);
// `task` as a person puts it up again, as new: an old letter must not be given up at once for its age.
v1::Task RedrivenTask(const v1::Task& task, absl::Time now);
v1::StageEvent DeadEvent(const v1::Task& task, std::string_view reason);

// `error` as valid UTF-8 of at most kMaxErrorBytes: a proto3 string field takes nothing else.
std::string ShortError(std::string_view error);

}  // namespace duban::queue_internal
