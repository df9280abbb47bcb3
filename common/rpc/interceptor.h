// SPDX-License-Identifier: Apache-2.0
// What the server does around every call: trace id, metrics, access log, time limit, a clear answer to a request that
// does not parse.
//
// Metrics (labels method, e.g. /duban.v1.PlanService/GetPlanItem, and code, e.g. NOT_FOUND):
//   duban_rpc_requests_total{method,code}   duban_rpc_seconds{method}   duban_rpc_in_flight{method}
// Thread-safe.

#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "common/rpc/call_limiter.h"
#include "common/telemetry/metrics.h"

namespace duban {

struct InterceptorOptions {
  // For calls without a deadline; 0: no limit.
  absl::Duration max_unary_time;
  absl::Duration max_stream_time;
};

// `limiter` and `metrics` must outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptorFactory(
    const InterceptorOptions& options, CallLimiter* limiter, Metrics* metrics);

}  // namespace duban
