// SPDX-License-Identifier: Apache-2.0
#include "common/worker/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/status.h"

namespace duban {
namespace {

// Another try would end the same.
bool IsPermanent(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
      return true;
    default:
      return false;
  }
}

std::string Describe(const absl::Status& status) {
  return fmt::format("{}: {}", absl::StatusCodeToString(status.code()), Message(status));
}

Verdict GiveUp(std::string reason) { return {.kind = Verdict::Kind::kGiveUp, .reason = std::move(reason)}; }

Verdict JudgeOutage(const Lease& lease, const absl::Status& status, const VerdictPolicy& policy, absl::Time now) {
  const absl::Duration age = Age(lease.task, now);
  if (age > policy.max_outage) {
    return GiveUp(fmt::format("waited {} h for infrastructure; {}", absl::ToInt64Hours(age), Describe(status)));
  }
  return {.kind = Verdict::Kind::kRelease};
}

Verdict JudgeOne(const Lease& lease, const absl::Status& status, const VerdictPolicy& policy, double random) {
  if (status.ok()) return {.kind = Verdict::Kind::kComplete};
  if (IsPermanent(status.code())) return GiveUp(Describe(status));
  const int tries = lease.task.attempt() + 1;
  if (tries >= policy.max_attempts) return GiveUp(fmt::format("failed {} times; {}", tries, Describe(status)));
  return {.kind = Verdict::Kind::kRetry,
          .delay = Backoff(policy.backoff, lease.task.attempt(), random),
          .reason = Describe(status)};
}

}  // namespace

absl::Duration Age(const v1::Task& task, absl::Time now) {
  if (task.enqueue_time_ms() <= 0) return absl::ZeroDuration();
  return std::max(now - absl::FromUnixMillis(task.enqueue_time_ms()), absl::ZeroDuration());
}

bool IsOutage(const absl::Status& status) { return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status); }

std::vector<Verdict> Judge(std::span<const Lease> leases, std::span<const absl::Status> statuses,
                           const VerdictPolicy& policy, absl::Time now, const std::function<double()>& random) {
  const bool outage = statuses.size() >= leases.size() && std::all_of(statuses.begin(), statuses.end(), IsOutage);
  const absl::Status missing =
      absl::InternalError(fmt::format("the handler answered for {} of {} tasks", statuses.size(), leases.size()));
  std::vector<Verdict> verdicts;
  verdicts.reserve(leases.size());
  for (size_t i = 0; i < leases.size(); ++i) {
    const absl::Status& status = i < statuses.size() ? statuses[i] : missing;
    verdicts.push_back(outage ? JudgeOutage(leases[i], status, policy, now)
                              : JudgeOne(leases[i], status, policy, random()));
  }
  return verdicts;
}

bool DeliveredTooOften(const Lease& lease, const VerdictPolicy& policy) {
  return lease.deliveries > policy.max_deliveries;
}

std::string DeliveredTooOftenReason(const Lease& lease) {
  return fmt::format("its worker died {} times while working on it", lease.deliveries - 1);
}

}  // namespace duban
