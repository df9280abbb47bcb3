// SPDX-License-Identifier: Apache-2.0
// A real server on a loopback port and real clients.
#include "common/rpc/server.h"

#include <gmock/gmock.h>
#include <grpc/grpc.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/support/byte_buffer.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"
#include "common/testing/wait.h"
#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/plan_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "embedded/service_config.json.h"

namespace duban {
namespace {

using ::duban::testing::WaitFor;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

// A PlanService whose GetPlanItem does what the test says.
class PlanServiceFake : public v1::PlanService::Service {
 public:
  using Handler = std::function<absl::Status(grpc::ServerContext*, const v1::GetPlanItemRequest&, v1::PlanItem*)>;
  Handler handler = [](grpc::ServerContext*, const v1::GetPlanItemRequest& request, v1::PlanItem* item) {
    item->set_name(request.name());
    return absl::OkStatus();
  };

  grpc::Status GetPlanItem(grpc::ServerContext* context, const v1::GetPlanItemRequest* request,
                           v1::PlanItem* item) override {
    return ToGrpc(handler(context, *request, item));
  }
};

class ServerTest : public ::testing::Test {
 protected:
  // Keeps gRPC up between tests: going down after a refused oversized message, it waits up to 10 s for an object of its
  // own.
  static void SetUpTestSuite() { grpc_init(); }
  static void TearDownTestSuite() { grpc_shutdown(); }

  void Start(ServerOptions options = {}) {
    auto started = Server::Start(options, {{v1::PlanService::service_full_name(), &service_}}, &metrics_);
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    channel_ = MakeChannel("127.0.0.1:" + std::to_string(server_->port()));
    stub_ = v1::PlanService::NewStub(channel_);
  }

  absl::Status Call(const std::string& name, const CallOptions& options = {}) {
    const auto context = MakeContext(options);
    v1::GetPlanItemRequest request;
    request.set_name(name);
    return FromGrpc(stub_->GetPlanItem(context.get(), request, &answer_));
  }

  // A call of raw bytes; also of a stream that gets one message and answers one.
  grpc::Status RawCall(const char* method, const std::string& bytes, std::string* answer) {
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    const grpc::Status status = grpc::internal::BlockingUnaryCall(
        channel_.get(), grpc::internal::RpcMethod(method, grpc::internal::RpcMethod::NORMAL_RPC), &context, request,
        &response);
    grpc::Slice whole;
    if (status.ok() && response.DumpToSingleSlice(&whole).ok()) {
      answer->assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
    return status;
  }

  // "SERVING", "NOT_SERVING", or the code of the failure.
  std::string Health(const std::string& name) {
    std::string request;
    if (!name.empty()) request = std::string("\x0A") + static_cast<char>(name.size()) + name;
    std::string answer;
    const grpc::Status status = RawCall("/grpc.health.v1.Health/Check", request, &answer);
    if (!status.ok()) return absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()));
    return answer == "\x08\x01" ? "SERVING" : "NOT_SERVING";
  }

  PlanServiceFake service_;
  Metrics metrics_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PlanService::Stub> stub_;
  v1::PlanItem answer_;
};

TEST_F(ServerTest, Serves) {
  Start();
  ASSERT_TRUE(Call("agencies/1/planItems/2").ok());
  EXPECT_EQ(answer_.name(), "agencies/1/planItems/2");
}

TEST_F(ServerTest, StatusDetailsReachTheCaller) {
  service_.handler = [](auto...) { return InvalidField("name", "\"x\", want agencies/{agency}/planItems/{item}"); };
  Start();
  EXPECT_EQ(Call("x"), InvalidField("name", "\"x\", want agencies/{agency}/planItems/{item}"));
}

TEST_F(ServerTest, HealthKnowsEveryName) {
  Start({.health_names = {"worker"}});
  EXPECT_EQ(Health(""), "SERVING");
  EXPECT_EQ(Health("duban.v1.PlanService"), "SERVING");
  EXPECT_EQ(Health("worker"), "NOT_SERVING");
  EXPECT_EQ(Health("nobody"), "NOT_FOUND");
  server_->SetServing("worker", true);
  EXPECT_EQ(Health("worker"), "SERVING");
  server_->SetServing("duban.v1.PlanService", false);
  EXPECT_EQ(Health("duban.v1.PlanService"), "NOT_SERVING");
  EXPECT_EQ(Health(""), "SERVING");
}

TEST_F(ServerTest, ReflectionListsServices) {
  Start();
  std::string answer;
  // ServerReflectionRequest{list_services: "*"}
  const grpc::Status status =
      RawCall("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "\x3A\x01*", &answer);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(answer, HasSubstr("duban.v1.PlanService"));
}

TEST_F(ServerTest, AddressInUse) {
  Start();
  const std::string taken = "127.0.0.1:" + std::to_string(server_->port());
  PlanServiceFake other;
  const auto second = Server::Start({.address = taken}, {{v1::PlanService::service_full_name(), &other}}, &metrics_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(second.status()), HasSubstr(taken));
}

TEST_F(ServerTest, MessageSizeLimit) {
  Start();
  EXPECT_TRUE(Call(std::string(17 << 20, 'a')).ok());
  EXPECT_EQ(Call(std::string(21 << 20, 'a')).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Call("small").ok());
}

TEST_F(ServerTest, RequestThatDoesNotParseIsInvalid) {
  Start();
  for (const std::string& bytes : {std::string("\x0A\x02\xFF\xFE"), std::string("\x0A\x7F"), std::string("\xFF")}) {
    std::string answer;
    const absl::Status status = FromGrpc(RawCall("/duban.v1.PlanService/GetPlanItem", bytes, &answer));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(Message(status), HasSubstr("UTF-8"));
    EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.BadRequest").has_value());
  }
}

TEST_F(ServerTest, CountsCalls) {
  service_.handler = [](grpc::ServerContext*, const v1::GetPlanItemRequest& request, v1::PlanItem*) {
    return request.name().empty() ? InvalidField("name", "empty") : absl::OkStatus();
  };
  Start();
  ASSERT_TRUE(Call("a").ok());
  ASSERT_TRUE(Call("b").ok());
  ASSERT_FALSE(Call("").ok());
  const std::string method = "method=\"/duban.v1.PlanService/GetPlanItem\"";
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("duban_rpc_requests_total{code=\"OK\"," + method + "} 2\n"));
  EXPECT_THAT(text, HasSubstr("duban_rpc_requests_total{code=\"INVALID_ARGUMENT\"," + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("duban_rpc_seconds_count{" + method + "} 3\n"));
  EXPECT_THAT(text, HasSubstr("duban_rpc_in_flight{" + method + "} 0\n"));
}

TEST_F(ServerTest, TracePassesToHandlerAndLog) {
  std::string seen;
  service_.handler = [&](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    seen = Traceparent(*context);
    return absl::OkStatus();
  };
  Start();
  ::testing::internal::CaptureStderr();
  ASSERT_TRUE(Call("a", {.traceparent = kParent}).ok());
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(TraceId(seen), kTraceId);
  EXPECT_NE(seen, kParent) << "the call has a span of its own";
  EXPECT_THAT(log, HasSubstr("\"method\":\"/duban.v1.PlanService/GetPlanItem\",\"code\":\"OK\""));
  EXPECT_THAT(log, HasSubstr(std::string("\"trace_id\":\"") + kTraceId));
  EXPECT_THAT(log, HasSubstr("\"peer\":\"ipv4:127.0.0.1:"));
}

TEST_F(ServerTest, CallWithoutTraceGetsOne) {
  std::string seen;
  service_.handler = [&](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    seen = Traceparent(*context);
    return absl::OkStatus();
  };
  Start();
  std::string answer;
  ASSERT_TRUE(RawCall("/duban.v1.PlanService/GetPlanItem", "", &answer).ok());
  EXPECT_TRUE(ParseTraceparent(seen).ok()) << seen;
}

// Waits until its call is cancelled, at most `timeout`.
absl::Status UntilCancelled(grpc::ServerContext* context, std::chrono::milliseconds timeout) {
  return WaitFor([&] { return context->IsCancelled(); }, timeout) ? absl::CancelledError("cancelled")
                                                                  : absl::OkStatus();
}

TEST_F(ServerTest, CallWithoutDeadlineIsLimited) {
  std::atomic<bool> cancelled = false;
  service_.handler = [&](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    const absl::Status status = UntilCancelled(context, std::chrono::seconds(20));
    cancelled = !status.ok();
    return status;
  };
  Start({.max_unary_time = absl::Milliseconds(50)});
  std::string answer;
  const grpc::Status status = RawCall("/duban.v1.PlanService/GetPlanItem", "", &answer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED) << status.error_message();
  EXPECT_TRUE(WaitFor([&] { return cancelled.load(); }));
}

TEST_F(ServerTest, CallWithDeadlineIsNotLimited) {
  service_.handler = [](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    return UntilCancelled(context, std::chrono::milliseconds(100));
  };
  Start({.max_unary_time = absl::Milliseconds(10)});
  EXPECT_TRUE(Call("a", {.timeout = absl::Seconds(20)}).ok());
}

TEST_F(ServerTest, TimeoutOfTheCallReachesTheServer) {
  service_.handler = [](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    return UntilCancelled(context, std::chrono::seconds(20));
  };
  Start();
  EXPECT_EQ(Call("a", {.timeout = absl::Milliseconds(50)}).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ServerTest, ChildCallInheritsTraceAndDeadline) {
  PlanServiceFake upstream;
  std::string upstream_trace;
  absl::Duration upstream_left;
  upstream.handler = [&](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    upstream_trace = Traceparent(*context);
    upstream_left = absl::FromChrono(context->deadline()) - absl::Now();
    return absl::OkStatus();
  };
  auto upstream_server = Server::Start({}, {{v1::PlanService::service_full_name(), &upstream}}, &metrics_);
  ASSERT_TRUE(upstream_server.ok());
  const auto upstream_stub =
      v1::PlanService::NewStub(MakeChannel("127.0.0.1:" + std::to_string((*upstream_server)->port())));
  service_.handler = [&](grpc::ServerContext* context, const v1::GetPlanItemRequest& request, v1::PlanItem* item) {
    const auto child = MakeContext({.parent = context});
    return FromGrpc(upstream_stub->GetPlanItem(child.get(), request, item));
  };
  Start();
  ASSERT_TRUE(Call("a", {.traceparent = kParent, .timeout = absl::Seconds(5)}).ok());
  EXPECT_EQ(TraceId(upstream_trace), kTraceId);
  EXPECT_GT(upstream_left, absl::ZeroDuration());
  // gRPC rounds the timeout up at every hop; without the parent's deadline it would be the service config's, twice as
  // long or more.
  EXPECT_LE(upstream_left, absl::Milliseconds(5100));
}

TEST_F(ServerTest, ServiceConfigRetriesUnavailable) {
  std::atomic<int> calls = 0;
  service_.handler = [&](auto...) { return ++calls < 3 ? absl::UnavailableError("soon") : absl::OkStatus(); };
  Start();
  EXPECT_TRUE(Call("a").ok());
  EXPECT_EQ(calls, 3);
}

TEST_F(ServerTest, DrainFinishesCallsInFlightAndTellsHealthFirst) {
  absl::Notification entered, finish;
  service_.handler = [&](auto...) {
    entered.Notify();
    finish.WaitForNotification();
    return absl::OkStatus();
  };
  Start({.health_names = {"worker"}});
  server_->SetServing("worker", true);
  absl::Status status = absl::UnknownError("not called");
  std::thread caller([&] { status = Call("a", {.timeout = absl::Seconds(20)}); });
  entered.WaitForNotification();
  std::vector<std::string> while_stopping;
  server_->Drain([&] {
    while_stopping = {Health(""), Health("worker"), Health("duban.v1.PlanService")};
    server_->SetServing("worker", true);  // too late to change it
    while_stopping.push_back(Health("worker"));
    finish.Notify();
  });
  caller.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(while_stopping, ::testing::Each("NOT_SERVING"));
  EXPECT_EQ(Call("b", {.timeout = absl::Milliseconds(300)}).ok(), false);
}

TEST_F(ServerTest, DrainCutsWhatTakesTooLong) {
  absl::Notification entered;
  service_.handler = [&](grpc::ServerContext* context, const v1::GetPlanItemRequest&, v1::PlanItem*) {
    entered.Notify();
    return UntilCancelled(context, std::chrono::seconds(20));
  };
  Start({.drain_timeout = absl::Milliseconds(50)});
  absl::Status status;
  std::thread caller([&] { status = Call("a", {.timeout = absl::Seconds(20)}); });
  entered.WaitForNotification();
  server_->Drain();
  caller.join();
  EXPECT_FALSE(status.ok());
}

TEST(ServiceConfigTest, NamesEveryMethodOnce) {
  // gRPC itself checks that the whole is JSON of a service config: ServiceConfigRetriesUnavailable.
  const std::string config(embedded::service_config_json);
  const std::regex name("\"service\": \"([^\"]+)\", \"method\": \"([^\"]+)\"");
  std::multiset<std::string> named;
  for (std::sregex_iterator match(config.begin(), config.end(), name), end; match != end; ++match) {
    named.insert((*match)[1].str() + "." + (*match)[2].str());
  }
  std::multiset<std::string> defined;
  for (const auto* file :
       {v1::CreateDocumentRequest::descriptor()->file(), v1::GetOutlineRequest::descriptor()->file(),
        v1::ListIndicatorsRequest::descriptor()->file(), v1::GetPlanItemRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      defined.insert(file->service(0)->method(i)->full_name());
    }
  }
  EXPECT_EQ(named, defined);
}

}  // namespace
}  // namespace duban
