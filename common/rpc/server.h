// SPDX-License-Identifier: Apache-2.0
// How every duban service serves: one gRPC server with health, reflection, limits, metrics, access log and a graceful
// end.
//
//   ShutdownSignal signal;                                            // first in main, before any thread
//   Metrics metrics;
//   DUBAN_ASSIGN_OR_RETURN(auto server, Server::Start({.address = "0.0.0.0:8431"},
//                                                     {{v1::PlanService::service_full_name(), &service}}, &metrics));
//   signal.Wait();
//   server->Drain([&] { worker.Drain(); });
//
// Services use the synchronous API, one thread per call in flight; README.md tells why. All functions are safe to call
// from any thread.

#pragma once

#include <grpcpp/server.h>

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/telemetry/metrics.h"

namespace duban {

class CallLimiter;

struct ServerOptions {
  // host:port; port 0 takes a free one. A unix socket is unix:/path.
  std::string address = "127.0.0.1:0";
  // Largest message received, in bytes; gRPC refuses larger ones with RESOURCE_EXHAUSTED. 20 MiB: a document of 16 MiB with its
  // metadata. Answers are not limited: the outline of a document may be larger than the document.
  int max_message_bytes = 20 << 20;
  // A unary call that came without a deadline is cancelled after this time, a stream after the other. 0: never.
  absl::Duration max_unary_time = absl::Seconds(60);
  absl::Duration max_stream_time = absl::Hours(1);
  // A connection is asked to end after this time (gRPC adds 10 % jitter either way), so that clients find new servers.
  // 0: never.
  absl::Duration max_connection_age = absl::Minutes(10);
  // How long the calls of such a connection may still take.
  absl::Duration max_connection_age_grace = absl::Minutes(5);
  // A connection silent for this long is pinged.
  absl::Duration keepalive_time = absl::Minutes(1);
  // Calls in flight at most; a call above that is refused with RESOURCE_EXHAUSTED.
  int max_threads = 256;
  // Drain: pause between NOT_SERVING and refusing calls, for balancers to notice; then time for calls in flight before
  // they are cut.
  absl::Duration drain_pause = absl::ZeroDuration();
  absl::Duration drain_timeout = absl::Seconds(20);
  // Names besides the services' own and "" that the health service knows, e.g. "worker". They begin NOT_SERVING; the
  // others SERVING.
  std::vector<std::string> health_names;
};

// A service and its full proto name, duban.v1.PlanService.
struct ServiceEntry {
  std::string name;
  grpc::Service* service;
};

class Server {
 public:
  // Starts serving. The services and `metrics` must outlive the Server. UNAVAILABLE if the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<ServiceEntry>& services, Metrics* metrics);
  // Drains if nobody did.
  ~Server();

  int port() const { return port_; }

  // What grpc.health.v1 says of `name`: one of the services, "" or a health name. No effect once drained.
  void SetServing(std::string_view name, bool serving);

  // Ends gracefully, in this order: every health name NOT_SERVING; drain_pause; `stop_workers` (may block; may still
  // call this server); no new calls, those in flight may finish within drain_timeout, then they are cancelled. Returns
  // when all is over; once only.
  void Drain(const std::function<void()>& stop_workers = [] {});

 private:
  Server(const ServerOptions& options, std::unique_ptr<CallLimiter> limiter);

  const ServerOptions options_;
  const std::unique_ptr<CallLimiter> limiter_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool drained_ = false;
};

// Waits for SIGTERM or SIGINT. Blocks both in the calling thread and every thread it starts later, so make it first in
// main. Child processes inherit the block unless they reset it.
class ShutdownSignal {
 public:
  ShutdownSignal();
  // The signal's number.
  int Wait();

 private:
  sigset_t signals_;
};

}  // namespace duban
