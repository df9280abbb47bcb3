// SPDX-License-Identifier: Apache-2.0
// tests/e2e/cluster.h: the whole of duban on loopback for one test: Redis, PostgreSQL and the four services as real
// processes.
//
//   ASSERT_OK_AND_ASSIGN(auto cluster, Cluster::Start({}));
//   ASSERT_OK_AND_ASSIGN(std::vector<std::string> names, cluster->Ingest({{"a.txt", text}}));
//   ASSERT_TRUE(cluster->Call(&v1::IngestService::StubInterface::GetDocument, request, &document).ok());
//
// Programs are found below the environment variable DUBAN_BINARY_DIR. Everything ends with the object.
// Thread-compatible.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/testing/postgres_server.h"
#include "common/testing/redis_server.h"
#include "common/testing/subprocess.h"
#include "common/testing/temp_dir.h"
#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/plan_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "services/cli/submitter.h"

namespace duban::testing {

struct ClusterOptions {
  // Servers and workers in processes of their own, so that a worker can be killed alone. Otherwise one process a
  // service.
  bool separate_workers = false;
  // Worker processes of each stage, with separate_workers. 0: none, so that nothing leaves the queues.
  int workers = 1;
  // Further flags of duban-ingest and of every worker.
  std::vector<std::string> ingest_flags;
  std::vector<std::string> worker_flags = {"--lease=2s"};
};

class Cluster {
 public:
  static constexpr const char* kServices[] = {"ingest", "segmentation", "indicator", "plan"};

  // Starts everything and waits until all services answer. The status tells which did not, with the end of its log.
  static absl::StatusOr<std::unique_ptr<Cluster>> Start(const ClusterOptions& options);

  v1::IngestService::StubInterface& ingest() { return *ingest_; }
  v1::SegmentationService::StubInterface& segmentation() { return *segmentation_; }
  v1::IndicatorService::StubInterface& indicator() { return *indicator_; }
  v1::PlanService::StubInterface& plan() { return *plan_; }

  // Calls a method of one of the four services, with thirty seconds for it.
  template <typename Stub, typename Request, typename Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    const auto context = MakeContext({.timeout = absl::Seconds(30)});
    return FromGrpc((stub(static_cast<Stub*>(nullptr)).*method)(context.get(), request, response));
  }

  RedisServer& redis() { return redis_; }
  PostgresServer& postgres() { return *postgres_; }
  // host:port of a service's gRPC and of its metrics page (of the server process).
  std::string address(const std::string& service) const { return "127.0.0.1:" + std::to_string(ports_.at(service)); }
  std::string metrics_address(const std::string& service) const;
  // Values of DUBAN_INGEST … for programs that call the services.
  std::map<std::string, std::string> ClientEnvironment() const;

  // SIGKILLs the `index`-th worker of a service (separate_workers) and starts another in its place.
  absl::Status ReplaceWorker(const std::string& service, int index);
  // SIGKILLs a service's (server) process and starts another on the same port.
  absl::Status ReplaceServer(const std::string& service);
  // SIGTERMs everything; the exit codes by process name.
  std::map<std::string, int> Terminate();

  // Submits over the stream. The accepted documents' names, in no order; the first refusal is an error.
  absl::StatusOr<std::vector<std::string>> Submit(const std::vector<Submission>& reports);
  // OK when all are FINISHED; an error if one FAILED or nothing moves for `patience`.
  absl::Status AwaitFinished(const std::vector<std::string>& names, absl::Duration patience = absl::Seconds(60));
  // Both, one after the other.
  absl::StatusOr<std::vector<std::string>> Ingest(const std::vector<Submission>& reports);

  // The command line of `duban` with these words, and what it prints against this cluster.
  static std::vector<std::string> DubanCommand(std::vector<std::string> words);
  absl::StatusOr<ProgramResult> RunDuban(std::vector<std::string> words) const;

  // The process's log, for a message.
  std::string Log(const std::string& process) const;
  std::string Logs() const;  // of all

 private:
  explicit Cluster(ClusterOptions options) : options_(std::move(options)) {}
  v1::IngestService::StubInterface& stub(v1::IngestService::StubInterface*) { return *ingest_; }
  v1::SegmentationService::StubInterface& stub(v1::SegmentationService::StubInterface*) { return *segmentation_; }
  v1::IndicatorService::StubInterface& stub(v1::IndicatorService::StubInterface*) { return *indicator_; }
  v1::PlanService::StubInterface& stub(v1::PlanService::StubInterface*) { return *plan_; }
  absl::Status StartServer(const std::string& service);
  absl::Status StartWorker(const std::string& service, int index);
  absl::Status StartProcess(const std::string& process, const std::string& service, const std::string& role, int port);
  // Waits until the port takes connections.
  absl::Status AwaitPort(const std::string& process, int port);

  const ClusterOptions options_;
  TempDir dir_;
  RedisServer redis_;
  std::unique_ptr<PostgresServer> postgres_;
  std::map<std::string, std::string> dsns_;
  std::map<std::string, int> ports_;  // by service, and by service + "-metrics"
  std::map<std::string, std::unique_ptr<Subprocess>> processes_;
  std::unique_ptr<v1::IngestService::StubInterface> ingest_;
  std::unique_ptr<v1::SegmentationService::StubInterface> segmentation_;
  std::unique_ptr<v1::IndicatorService::StubInterface> indicator_;
  std::unique_ptr<v1::PlanService::StubInterface> plan_;
};

// The .txt and .html files of a folder, by name.
std::vector<Submission> ReportsOf(const std::string& folder);

// The sample reports of the source tree.
std::vector<Submission> SampleReports();

}  // namespace duban::testing
