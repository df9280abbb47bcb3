// SPDX-License-Identifier: Apache-2.0
// services/cli/submitter.h: hands any number of reports to the ingest service over one stream, and loses none.
//
//   absl::Status status = SubmitAll(stub, {}, [&] { return NextFile(); },
//                                   [&](const Submission& report, const absl::StatusOr<v1::Document>& answer) { … });
//
// A report that the service has no room for (RESOURCE_EXHAUSTED) is offered again after the delay that the service asks
// for; when the stream breaks, a new one is opened and what was not answered is sent again. Identity is by content, so
// this makes no doubles.

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "duban/v1/ingest_service.grpc.pb.h"

namespace duban {

struct Submission {
  std::string source_uri;
  std::string content;
};

struct SubmitOptions {
  // Reports that may be unanswered at a time; bounds the memory taken. At least 1.
  int window = 64;
  // Reports per second at most; 0 is as fast as the service takes them.
  double rate = 0;
  // How long the service may be out of reach before SubmitAll gives up.
  absl::Duration patience = absl::Seconds(60);
};

// Sends what `next` yields until it yields nothing, and calls `answered` once per report, from one thread at a time
// (not the caller's). An answer's error is that of IngestService.CreateDocument. Returns when all are answered: OK, or
// the stream's status when the service was out of reach for longer than `patience` (reports without an answer are then
// not reported at all).
absl::Status SubmitAll(v1::IngestService::StubInterface& stub, const SubmitOptions& options,
                       const std::function<std::optional<Submission>()>& next,
                       const std::function<void(const Submission&, const absl::StatusOr<v1::Document>&)>& answered);

}  // namespace duban
