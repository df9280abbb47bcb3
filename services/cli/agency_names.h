// SPDX-License-Identifier: Apache-2.0
// services/cli/agency_names.h: agencies by the names that people use.
//
//   ResolveAgencies(*IngestStub(), {"坪山区司法局", "agencies/0123456789abcdef"})   // {"agencies/…", "agencies/0123…"}
//
// A full name (广东省深圳市坪山区司法局) is one call; others are looked for in the list of all documents, read once.

#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/ingest_service.grpc.pb.h"

namespace duban {

// The resource name of each of `words`: a resource name itself, a display name, a full name, or the end of one that
// belongs to no other agency. INVALID_ARGUMENT: several agencies are called so; the message names them. NOT_FOUND: no
// document is of such an agency. Else the statuses of ListDocuments.
absl::StatusOr<std::vector<std::string>> ResolveAgencies(v1::IngestService::StubInterface& ingest,
                                                         const std::vector<std::string>& words);

}  // namespace duban
