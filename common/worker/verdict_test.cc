// SPDX-License-Identifier: Apache-2.0
#include "common/worker/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"

namespace duban {
namespace {

using ::testing::HasSubstr;
using Kind = Verdict::Kind;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

VerdictPolicy Policy() {
  return {.max_deliveries = 3,
          .max_attempts = 4,
          .backoff = {.initial = std::chrono::seconds(1), .max = std::chrono::seconds(60)},
          .max_outage = absl::Hours(24)};
}

Lease LeaseOf(int attempt, absl::Duration age = absl::Seconds(1)) {
  Lease lease{.id = "1-0", .consumer = "c"};
  lease.task.set_document("documents/1");
  lease.task.set_attempt(attempt);
  lease.task.set_enqueue_time_ms(absl::ToUnixMillis(kNow - age));
  return lease;
}

Verdict JudgeAlone(const Lease& lease, const absl::Status& status) {
  return Judge({&lease, 1}, {&status, 1}, Policy(), kNow, [] { return 0.5; }).front();
}

TEST(JudgeTest, EveryCodeHasItsVerdict) {
  struct Case {
    absl::StatusCode code;
    Kind first_try;
    Kind last_try;
  };
  for (const Case& c : std::initializer_list<Case>{
           {absl::StatusCode::kOk, Kind::kComplete, Kind::kComplete},
           {absl::StatusCode::kUnavailable, Kind::kRelease, Kind::kRelease},
           {absl::StatusCode::kInvalidArgument, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kFailedPrecondition, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kOutOfRange, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kDataLoss, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kUnimplemented, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kNotFound, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kAlreadyExists, Kind::kGiveUp, Kind::kGiveUp},
           {absl::StatusCode::kDeadlineExceeded, Kind::kRelease, Kind::kRelease},
           {absl::StatusCode::kAborted, Kind::kRetry, Kind::kGiveUp},
           {absl::StatusCode::kResourceExhausted, Kind::kRetry, Kind::kGiveUp},
           {absl::StatusCode::kInternal, Kind::kRetry, Kind::kGiveUp},
           {absl::StatusCode::kUnknown, Kind::kRetry, Kind::kGiveUp},
           {absl::StatusCode::kCancelled, Kind::kRetry, Kind::kGiveUp},
           {absl::StatusCode::kPermissionDenied, Kind::kRetry, Kind::kGiveUp},
           {absl::StatusCode::kUnauthenticated, Kind::kRetry, Kind::kGiveUp},
       }) {
    SCOPED_TRACE(absl::StatusCodeToString(c.code));
    EXPECT_EQ(JudgeAlone(LeaseOf(0), absl::Status(c.code, "why")).kind, c.first_try);
    EXPECT_EQ(JudgeAlone(LeaseOf(3), absl::Status(c.code, "why")).kind, c.last_try);
  }
}

TEST(JudgeTest, BackoffGrowsWithAttempts) {
  EXPECT_EQ(JudgeAlone(LeaseOf(0), absl::InternalError("x")).delay, std::chrono::milliseconds(500));
  EXPECT_EQ(JudgeAlone(LeaseOf(2), absl::InternalError("x")).delay, std::chrono::milliseconds(2000));
}

TEST(JudgeTest, ReasonsTellCodeMessageAndTries) {
  EXPECT_EQ(JudgeAlone(LeaseOf(0), absl::DataLossError("text: cut")).reason, "DATA_LOSS: text: cut");
  EXPECT_EQ(JudgeAlone(LeaseOf(3), absl::InternalError("x")).reason, "failed 4 times; INTERNAL: x");
}

TEST(JudgeTest, OneUnavailableAmongOthersIsItsOwnFault) {
  const std::vector<Lease> leases = {LeaseOf(0), LeaseOf(0)};
  const std::vector<absl::Status> statuses = {absl::OkStatus(), absl::UnavailableError("x")};
  const auto verdicts = Judge(leases, statuses, Policy(), kNow, [] { return 0.5; });
  EXPECT_EQ(verdicts[0].kind, Kind::kComplete);
  EXPECT_EQ(verdicts[1].kind, Kind::kRetry);
}

TEST(JudgeTest, OutageEndsAtItsLimit) {
  const absl::Status outage = absl::UnavailableError("ingest: connection refused");
  EXPECT_EQ(JudgeAlone(LeaseOf(0, absl::Hours(24)), outage).kind, Kind::kRelease);
  const Verdict late = JudgeAlone(LeaseOf(0, absl::Hours(25)), outage);
  EXPECT_EQ(late.kind, Kind::kGiveUp);
  EXPECT_EQ(late.reason, "waited 25 h for infrastructure; UNAVAILABLE: ingest: connection refused");
  Lease timeless = LeaseOf(0);
  timeless.task.clear_enqueue_time_ms();
  EXPECT_EQ(JudgeAlone(timeless, outage).kind, Kind::kRelease);
}

TEST(JudgeTest, SlowAndDownTogetherAreAnOutage) {
  const std::vector<Lease> leases = {LeaseOf(3), LeaseOf(0)};
  const std::vector<absl::Status> statuses = {absl::DeadlineExceededError("slow"), absl::UnavailableError("down")};
  for (const Verdict& verdict : Judge(leases, statuses, Policy(), kNow, [] { return 0.5; })) {
    EXPECT_EQ(verdict.kind, Kind::kRelease);
  }
}

TEST(JudgeTest, MissingStatusIsRetried) {
  const std::vector<Lease> leases = {LeaseOf(0), LeaseOf(0)};
  const std::vector<absl::Status> statuses = {absl::UnavailableError("x")};
  const auto verdicts = Judge(leases, statuses, Policy(), kNow, [] { return 0.5; });
  ASSERT_EQ(verdicts.size(), 2);
  EXPECT_EQ(verdicts[0].kind, Kind::kRetry);
  EXPECT_EQ(verdicts[1].kind, Kind::kRetry);
  EXPECT_THAT(verdicts[1].reason, HasSubstr("1 of 2"));
}

TEST(DeliveredTooOftenTest, CountsDeadWorkers) {
  Lease lease = LeaseOf(0);
  lease.deliveries = 3;
  EXPECT_FALSE(DeliveredTooOften(lease, Policy()));
  lease.deliveries = 4;
  EXPECT_TRUE(DeliveredTooOften(lease, Policy()));
  EXPECT_EQ(DeliveredTooOftenReason(lease), "its worker died 3 times while working on it");
}

TEST(AgeTest, NeverNegative) {
  EXPECT_EQ(Age(LeaseOf(0, absl::Seconds(5)).task, kNow), absl::Seconds(5));
  EXPECT_EQ(Age(LeaseOf(0, -absl::Seconds(5)).task, kNow), absl::ZeroDuration());
}

}  // namespace
}  // namespace duban
