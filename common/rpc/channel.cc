// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/channel.h"

#include <grpcpp/create_channel.h>

#include <chrono>

#include "common/telemetry/trace.h"
#include "embedded/service_config.json.h"

namespace duban {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(std::string(embedded::service_config_json));
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // A dead peer is noticed within a minute, also by a stream that only waits.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // gRPC waits up to two minutes before it connects again; a restarted service should be found sooner.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<grpc::ClientContext> MakeContext(const CallOptions& options) {
  auto context = options.parent == nullptr ? std::make_unique<grpc::ClientContext>()
                                           : grpc::ClientContext::FromServerContext(*options.parent);
  std::string header = options.traceparent;
  if (header.empty() && options.parent != nullptr) header = Traceparent(*options.parent);
  context->AddMetadata(kTraceparentKey, FormatTraceparent(ContinueTrace(header, SystemRandom)));
  if (options.timeout > absl::ZeroDuration()) {
    // The shorter of this and the parent's deadline holds.
    context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(options.timeout));
  }
  return context;
}

std::string Traceparent(const grpc::ServerContextBase& context) {
  const auto found = context.client_metadata().find(kTraceparentKey);
  return found == context.client_metadata().end() ? std::string()
                                                  : std::string(found->second.data(), found->second.size());
}

}  // namespace duban
