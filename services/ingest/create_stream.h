// SPDX-License-Identifier: Apache-2.0
// services/ingest/create_stream.h: the bidirectional stream that takes many reports in.
//
// One thread reads requests into a small inbox; the caller's thread takes all that have come meanwhile, accepts them in
// one transaction and answers each. The inbox is bounded in number and bytes, so a client that sends faster than duban
// stores is held back by the stream's own flow control.

#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "duban/v1/ingest_service.grpc.pb.h"
#include "services/ingest/intake.h"

namespace duban {

// Serves one stream to its end. OK when the client is done and everything is answered.
absl::Status ServeCreateStream(
    Intake& intake, const std::string& traceparent,
    grpc::ServerReaderWriter<v1::StreamCreateDocumentsResponse, v1::CreateDocumentRequest>& stream);

}  // namespace duban
