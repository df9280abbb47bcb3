// SPDX-License-Identifier: Apache-2.0
// tests/load/load_run.h: pushes synthetic reports through a running duban and checks what comes out.
//
//   DUBAN_ASSIGN_OR_RETURN(const LoadResult result, RunLoad({.documents = 2000}, *ingest, *indicator, *plan));
//   result.failures   // documents that are not FINISHED, or whose figures or promises differ from what was written
//
// Thread-safe; several runs at once want different seeds.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/plan_service.grpc.pb.h"

namespace duban {

struct LoadOptions {
  int documents = 2000;
  // Reports are the same for the same seed; a seed that the database has seen gives no new documents.
  unsigned seed = 1;
  // Reports per second at most; 0 is as fast as they are taken.
  double rate = 0;
  // Reports unanswered at a time, of each stream.
  int window = 64;
  // Streams at once.
  int streams = 1;
  // Give up when nothing moves for so long.
  absl::Duration patience = absl::Minutes(2);
};

struct LoadResult {
  int64_t submitted = 0;
  int64_t accepted = 0;
  int64_t finished = 0;
  int64_t failed = 0;
  int64_t bytes = 0;
  // From the first submission to the last answer, and to the last FINISHED.
  double accept_seconds = 0;
  double total_seconds = 0;
  // From acceptance to FINISHED, in seconds, sorted; one per finished document.
  std::vector<double> latencies;
  // Figures and promises that were written, and those of them that came out with value, unit and aspect (or title)
  // right.
  int64_t figures_written = 0;
  int64_t figures_right = 0;
  int64_t figures_found = 0;
  int64_t promises_written = 0;
  int64_t promises_right = 0;
  // The first few differences, for a reader.
  std::vector<std::string> failures;
};

// UNAVAILABLE or DEADLINE_EXCEEDED if the services do not take part; differences are in the result.
absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options, v1::IngestService::StubInterface& ingest,
                                   v1::IndicatorService::StubInterface& indicator,
                                   v1::PlanService::StubInterface& plan);

}  // namespace duban
