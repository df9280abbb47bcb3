// SPDX-License-Identifier: Apache-2.0
// One interceptor object lives as long as its call's context. gRPC calls it at each hook, one at a time:
//   POST_RECV_INITIAL_METADATA  the call begins: its trace is continued or begun, its time limit set
//   POST_RECV_MESSAGE           a unary request without a message did not parse
//   PRE_SEND_STATUS             the handler is done: the limit is lifted, the call counted and logged
//   POST_RECV_CLOSE             the call is over on the wire, also when the client left before there was a status
#include "common/rpc/interceptor.h"

#include <grpcpp/server_context.h>

#include <map>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/status.h"
#include "common/rpc/status.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"

namespace duban {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

// Health probes and reflection come often and tell nothing.
bool IsInfrastructure(std::string_view method) { return method.substr(0, 6) == "/grpc."; }

std::string CodeName(grpc::StatusCode code) { return absl::StatusCodeToString(static_cast<absl::StatusCode>(code)); }

// The metrics of one method, looked up once.
struct MethodMetrics {
  prometheus::Histogram* seconds;
  prometheus::Gauge* in_flight;
};

class MetricsByMethod {
 public:
  explicit MetricsByMethod(Metrics* metrics) : metrics_(metrics) {}

  MethodMetrics For(const std::string& method) {
    absl::MutexLock lock(&mutex_);
    const auto found = methods_.find(method);
    if (found != methods_.end()) return found->second;
    const MethodMetrics made{
        &metrics_->Histogram("duban_rpc_seconds", "Time from the call's headers to its status.", {{"method", method}}),
        &metrics_->Gauge("duban_rpc_in_flight", "Calls being served.", {{"method", method}})};
    return methods_.emplace(method, made).first->second;
  }

  void Count(const std::string& method, const std::string& code) {
    metrics_->Counter("duban_rpc_requests_total", "Calls served, by outcome.", {{"method", method}, {"code", code}})
        .Increment();
  }

 private:
  Metrics* const metrics_;
  absl::Mutex mutex_;
  std::map<std::string, MethodMetrics> methods_ ABSL_GUARDED_BY(mutex_);
};

class CallInterceptor : public grpc::experimental::Interceptor {
 public:
  CallInterceptor(ServerRpcInfo* info, const InterceptorOptions& options, CallLimiter* limiter,
                  MetricsByMethod* metrics)
      : method_(info->method()),
        type_(info->type()),
        context_(info->server_context()),
        options_(options),
        limiter_(limiter),
        metrics_(metrics) {}

  ~CallInterceptor() override { End(grpc::StatusCode::CANCELLED, ""); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) Begin(methods);
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) &&
        type_ == ServerRpcInfo::Type::UNARY && methods->GetRecvMessage() == nullptr) {
      unreadable_ = true;
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      if (unreadable_) methods->ModifySendStatus(ToGrpc(InvalidField("request", Unreadable())));
      const grpc::Status status = methods->GetSendStatus();
      End(status.error_code(), status.error_message());
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_CLOSE)) limiter_->Remove(context_);
    methods->Proceed();
  }

 private:
  static const char* Unreadable() {
    return "not a message of the method's type, want protobuf binary whose strings are UTF-8";
  }

  void Begin(InterceptorBatchMethods* methods) {
    begun_ = true;
    start_ = absl::Now();
    // Asked now: after a cancellation the call no longer knows.
    peer_ = context_->peer();
    metrics_->For(method_).in_flight->Increment();
    auto* metadata = methods->GetRecvInitialMetadata();
    const auto header = metadata->find(kTraceparentKey);
    if (header != metadata->end()) {
      traceparent_.assign(header->second.data(), header->second.size());
    }
    if (header == metadata->end() || !ParseTraceparent(traceparent_).ok()) {
      // The handler finds the new trace where it would have found the caller's.
      traceparent_ = FormatTraceparent(NewTrace(SystemRandom));
      metadata->erase(kTraceparentKey);
      metadata->emplace(kTraceparentKey, grpc::string_ref(traceparent_.data(), traceparent_.size()));
    }
    const bool unary = type_ == ServerRpcInfo::Type::UNARY;
    const absl::Duration limit = unary ? options_.max_unary_time : options_.max_stream_time;
    const bool has_deadline = context_->deadline() != std::chrono::system_clock::time_point::max();
    if (!has_deadline && limit > absl::ZeroDuration() && !IsInfrastructure(method_)) {
      limiter_->Add(context_, start_ + limit);
    }
  }

  // Once per call, whatever comes first.
  void End(grpc::StatusCode code, std::string_view error) {
    if (!begun_ || ended_) return;
    ended_ = true;
    limiter_->Remove(context_);
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start_);
    const std::string code_name = CodeName(code);
    const MethodMetrics metrics = metrics_->For(method_);
    metrics.in_flight->Decrement();
    metrics.seconds->Observe(seconds);
    metrics_->Count(method_, code_name);
    if (IsInfrastructure(method_)) return;
    const bool server_fault =
        code == grpc::StatusCode::INTERNAL || code == grpc::StatusCode::UNKNOWN || code == grpc::StatusCode::DATA_LOSS;
    Log(server_fault ? LogLevel::kError : LogLevel::kInfo, "rpc",
        {{"method", method_},
         {"code", code_name},
         {"seconds", seconds},
         {"trace_id", TraceId(traceparent_)},
         {"peer", peer_},
         {"error", error}});
  }

  const std::string method_;
  const ServerRpcInfo::Type type_;
  grpc::ServerContextBase* const context_;
  const InterceptorOptions options_;
  CallLimiter* const limiter_;
  MetricsByMethod* const metrics_;
  absl::Time start_;
  std::string traceparent_;
  std::string peer_;
  bool begun_ = false;
  bool ended_ = false;
  bool unreadable_ = false;
};

class Factory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(const InterceptorOptions& options, CallLimiter* limiter, Metrics* metrics)
      : options_(options), limiter_(limiter), metrics_(metrics) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    return new CallInterceptor(info, options_, limiter_, &metrics_);
  }

 private:
  const InterceptorOptions options_;
  CallLimiter* const limiter_;
  MetricsByMethod metrics_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptorFactory(
    const InterceptorOptions& options, CallLimiter* limiter, Metrics* metrics) {
  return std::make_unique<Factory>(options, limiter, metrics);
}

}  // namespace duban
