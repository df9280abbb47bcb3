// SPDX-License-Identifier: Apache-2.0
#include "services/cli/remote.h"

#include <cstdlib>

#include "absl/flags/flag.h"
#include "common/rpc/channel.h"

ABSL_FLAG(std::string, ingest, "", "host:port of duban-ingest (else DUBAN_INGEST, else 127.0.0.1:7101)");
ABSL_FLAG(std::string, indicator, "", "host:port of duban-indicator (else DUBAN_INDICATOR, else 127.0.0.1:7103)");
ABSL_FLAG(std::string, plan, "", "host:port of duban-plan (else DUBAN_PLAN, else 127.0.0.1:7104)");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(30), "how long one call may take, retries included");

namespace duban {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& flag, const char* variable, const char* fallback) {
  if (!flag.empty()) return MakeChannel(flag);
  const char* address = std::getenv(variable);
  return MakeChannel(address == nullptr || *address == '\0' ? fallback : address);
}

}  // namespace

std::unique_ptr<v1::IngestService::StubInterface> IngestStub() {
  return v1::IngestService::NewStub(Connect(absl::GetFlag(FLAGS_ingest), "DUBAN_INGEST", "127.0.0.1:7101"));
}

std::unique_ptr<v1::IndicatorService::StubInterface> IndicatorStub() {
  return v1::IndicatorService::NewStub(Connect(absl::GetFlag(FLAGS_indicator), "DUBAN_INDICATOR", "127.0.0.1:7103"));
}

std::unique_ptr<v1::PlanService::StubInterface> PlanStub() {
  return v1::PlanService::NewStub(Connect(absl::GetFlag(FLAGS_plan), "DUBAN_PLAN", "127.0.0.1:7104"));
}

std::unique_ptr<grpc::ClientContext> CallContext() { return MakeContext({.timeout = absl::GetFlag(FLAGS_timeout)}); }

}  // namespace duban
