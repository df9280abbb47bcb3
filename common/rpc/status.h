// SPDX-License-Identifier: Apache-2.0
// absl::Status <-> grpc::Status, with details both ways.
//
//   grpc::Status GetDocument(...) override { return ToGrpc(Get(*request, response)); }   // in an adapter
//   absl::Status status = FromGrpc(stub->GetDocument(&context, request, &document));      // in a client
//
// Details are payloads under their type URL (common/base/status.h makes them); on the wire they are a google.rpc.Status
// in the trailer grpc-status-details-bin. Pure functions.

#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"

namespace duban {

// Metadata is limited to 8 KiB, so the message is cut at 1 KiB (at a character) and details over 4 KiB are left out.
grpc::Status ToGrpc(const absl::Status& status);

// Details that do not parse are left out.
absl::Status FromGrpc(const grpc::Status& status);

// The message form, as inside a StreamCreateDocumentsResponse.
google::rpc::Status ToProto(const absl::Status& status);
absl::Status FromProto(const google::rpc::Status& status);

}  // namespace duban
