// SPDX-License-Identifier: Apache-2.0
// Unary calls over loopback with everything the server does around a call: limits, metrics, trace, access log.
// Argument: bytes of the request. Client and server share the process and its cores.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "duban/v1/plan_service.grpc.pb.h"

namespace duban {
namespace {

class Echo : public v1::PlanService::Service {
 public:
  grpc::Status GetPlanItem(grpc::ServerContext*, const v1::GetPlanItemRequest*, v1::PlanItem*) override {
    return grpc::Status::OK;
  }
};

struct Served {
  Served() {
    // Lines go to stderr as in production; 2>/dev/null keeps the terminal out of the figure.
    server = *Server::Start({}, {{v1::PlanService::service_full_name(), &service}}, &metrics);
    channel = MakeChannel("127.0.0.1:" + std::to_string(server->port()));
  }
  Echo service;
  Metrics metrics;
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
};

void BM_UnaryCall(benchmark::State& state) {
  static Served* const served = new Served;
  const auto stub = v1::PlanService::NewStub(served->channel);
  v1::GetPlanItemRequest request;
  request.set_name(std::string(static_cast<size_t>(state.range(0)), 'a'));
  v1::PlanItem item;
  for (auto _ : state) {
    const auto context = MakeContext({});
    if (!stub->GetPlanItem(context.get(), request, &item).ok()) state.SkipWithError("call failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_UnaryCall)->Arg(64)->Arg(15'000)->Threads(1)->Threads(8)->UseRealTime();

}  // namespace
}  // namespace duban
