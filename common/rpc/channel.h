// SPDX-License-Identifier: Apache-2.0
// The client's side of a call: channels with the service config, contexts with deadline and trace.
//
//   std::shared_ptr<grpc::Channel> channel = MakeChannel("dns:///duban-ingest:8431");
//   auto stub = v1::IngestService::NewStub(channel);
//   auto context = MakeContext({.traceparent = task.traceparent(), .timeout = absl::Seconds(10)});
//   absl::Status status = FromGrpc(stub->GetDocument(context.get(), request, &document));
//
// Retries, timeouts per method and round_robin come from protos/duban/v1/service_config.json, which is embedded. Safe
// to call from any thread; a channel is shared, a context is for one call.

#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <memory>
#include <string>

#include "absl/time/time.h"

namespace duban {

// Plain text; connects on the first call. `target` is a gRPC name: host:port, dns:///name:port, unix:/path. Messages of any size are
// taken: what a service sends is bounded by the documents that it was given, and what it receives by its own limit.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target);

struct CallOptions {
  // Continues this trace with a span of its own; empty begins a new one (or continues the one of `parent`).
  std::string traceparent;
  // Time for the call with all its retries. Zero: the service config's timeout for the method alone.
  absl::Duration timeout = absl::ZeroDuration();
  // The call that this one is made for, if any: its deadline, cancellation and trace pass on.
  const grpc::ServerContext* parent = nullptr;
};
std::unique_ptr<grpc::ClientContext> MakeContext(const CallOptions& options);

// The traceparent of a call being served; "" if the caller sent none. The server's interceptor logs its trace id.
std::string Traceparent(const grpc::ServerContextBase& context);

}  // namespace duban
