// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/server.h"

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>
#include <pthread.h>

#include <chrono>
#include <limits>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/call_limiter.h"
#include "common/rpc/interceptor.h"
#include "common/telemetry/log.h"

namespace duban {
namespace {

int Milliseconds(absl::Duration duration) {
  constexpr int64_t kNever = std::numeric_limits<int>::max();
  return duration <= absl::ZeroDuration() ? static_cast<int>(kNever)
                                          : static_cast<int>(std::min(absl::ToInt64Milliseconds(duration), kNever));
}

// Both are switches of the whole process in gRPC C++ and must be set before a server is built.
void EnablePlugins() {
  static const bool enabled = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  static_cast<void>(enabled);
}

void SetLimits(const ServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_message_bytes);
  builder->SetMaxSendMessageSize(-1);
  builder->SetResourceQuota(grpc::ResourceQuota("duban").SetMaxThreads(options.max_threads));
  builder->SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 2);
  builder->SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 8);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.max_connection_age));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Milliseconds(options.max_connection_age_grace));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive_time));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // Admits the keepalive of channel.cc, also on a connection that only waits.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30'000);
  // Two servers on one port would share it silently.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

Server::Server(const ServerOptions& options, std::unique_ptr<CallLimiter> limiter)
    : options_(options), limiter_(std::move(limiter)) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<ServiceEntry>& services, Metrics* metrics) {
  EnablePlugins();
  std::unique_ptr<Server> server(new Server(options, std::make_unique<CallLimiter>()));
  grpc::ServerBuilder builder;
  SetLimits(options, &builder);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(
      MakeInterceptorFactory({options.max_unary_time, options.max_stream_time}, server->limiter_.get(), metrics));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(), &server->port_);
  for (const ServiceEntry& entry : services) builder.RegisterService(entry.service);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) {
    return absl::UnavailableError(fmt::format("address: {}, want a host:port that is free", options.address));
  }
  server->SetServing("", true);
  for (const ServiceEntry& entry : services) server->SetServing(entry.name, true);
  for (const std::string& name : options.health_names) server->SetServing(name, false);
  return server;
}

Server::~Server() {
  if (server_ != nullptr && !drained_) Drain();
}

void Server::SetServing(std::string_view name, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(std::string(name), serving);
}

void Server::Drain(const std::function<void()>& stop_workers) {
  drained_ = true;
  LogInfo("draining");
  server_->GetHealthCheckService()->Shutdown();
  // Nothing tells when a balancer has looked: the operator names the time that his takes. Calls go on meanwhile.
  absl::SleepFor(options_.drain_pause);
  stop_workers();
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(options_.drain_timeout));
  server_->Wait();
  LogInfo("drained");
}

ShutdownSignal::ShutdownSignal() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

int ShutdownSignal::Wait() {
  int signal = 0;
  sigwait(&signals_, &signal);
  LogInfo("signal", {{"number", signal}});
  return signal;
}

}  // namespace duban
