// SPDX-License-Identifier: Apache-2.0
// tests/e2e/cluster_fixture.h: a suite whose tests share one cluster.
//
//   class LedgerTest : public ClusterTest {
//    protected:
//     static void SetUpTestSuite() {
//       if (StartCluster()) Ingest(SampleReports());
//     }
//   };
//   TEST_F(LedgerTest, …) { EXPECT_TRUE(cluster_->Call(…).ok()); EXPECT_THAT(Duban({"metrics"}), StartsWith("0\n")); }

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "google/rpc/error_details.pb.h"
#include "tests/e2e/cluster.h"

namespace duban::testing {

class ClusterTest : public ::testing::Test {
 protected:
  // Call in SetUpTestSuite. Whether it runs; if not, the suite has failed.
  static bool StartCluster(const ClusterOptions& options = {}) {
    auto cluster = Cluster::Start(options);
    EXPECT_TRUE(cluster.ok()) << cluster.status();
    if (cluster.ok()) cluster_ = *std::move(cluster);
    return cluster_ != nullptr;
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  // Submits reports and waits until all are FINISHED.
  static void Ingest(const std::vector<Submission>& reports) {
    const auto names = cluster_->Ingest(reports);
    ASSERT_TRUE(names.ok()) << names.status();
  }

  // What `duban` prints, with its exit code before it.
  static std::string Duban(std::vector<std::string> words) {
    const auto run = cluster_->RunDuban(std::move(words));
    return run.ok() ? std::to_string(run->exit_code) + "\n" + run->output : Message(run.status());
  }

  inline static std::unique_ptr<Cluster> cluster_;
};

// `status` is INVALID_ARGUMENT and names `field`, in its details and in its message.
inline void ExpectViolation(const absl::Status& status, const std::string& field) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  ASSERT_TRUE(payload.has_value()) << status;
  google::rpc::BadRequest detail;
  ASSERT_TRUE(detail.ParseFromString(std::string(*payload)));
  ASSERT_EQ(detail.field_violations_size(), 1);
  EXPECT_EQ(detail.field_violations(0).field(), field) << status;
  EXPECT_NE(Message(status).find(field), std::string::npos) << status;
}

}  // namespace duban::testing
