// SPDX-License-Identifier: Apache-2.0
// services/cli/completion.h: waiting until documents have come through the whole pipeline.
//
//   absl::Status status = AwaitCompletion(stub, names, absl::Minutes(10), [&](int64_t finished, int64_t failed) { … });

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "duban/v1/ingest_service.grpc.pb.h"

namespace duban {

// Returns when every document of `names` is FINISHED or FAILED. `progress` is told the counts after every look.
// DEADLINE_EXCEEDED if nothing moves for `patience`; NOT_FOUND if a document does not exist. A service that is out of
// reach meanwhile is waited for.
absl::Status AwaitCompletion(v1::IngestService::StubInterface& stub, std::vector<std::string> names,
                             absl::Duration patience,
                             const std::function<void(int64_t finished, int64_t failed)>& progress);

}  // namespace duban
