// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/cluster.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/testing/wait.h"
#include "services/cli/completion.h"

namespace duban::testing {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool TakesConnections(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Start(const ClusterOptions& options) {
  auto cluster = std::unique_ptr<Cluster>(new Cluster(options));
  DUBAN_ASSIGN_OR_RETURN(cluster->postgres_, PostgresServer::Start());
  for (const std::string service : kServices) {
    DUBAN_ASSIGN_OR_RETURN(cluster->dsns_[service], cluster->postgres_->NewSchema("duban_" + service));
    cluster->ports_[service] = FreePort();
    cluster->ports_[service + "-metrics"] = FreePort();
  }
  for (const std::string service : kServices) {
    DUBAN_RETURN_IF_ERROR(cluster->StartServer(service));
    if (!options.separate_workers) continue;
    for (int i = 0; i < options.workers; ++i) DUBAN_RETURN_IF_ERROR(cluster->StartWorker(service, i));
  }
  cluster->ingest_ = v1::IngestService::NewStub(MakeChannel(cluster->address("ingest")));
  cluster->segmentation_ = v1::SegmentationService::NewStub(MakeChannel(cluster->address("segmentation")));
  cluster->indicator_ = v1::IndicatorService::NewStub(MakeChannel(cluster->address("indicator")));
  cluster->plan_ = v1::PlanService::NewStub(MakeChannel(cluster->address("plan")));
  return cluster;
}

std::string Cluster::metrics_address(const std::string& service) const {
  return "127.0.0.1:" + std::to_string(ports_.at(service + "-metrics"));
}

std::map<std::string, std::string> Cluster::ClientEnvironment() const {
  return {{"DUBAN_INGEST", address("ingest")},
          {"DUBAN_SEGMENTATION", address("segmentation")},
          {"DUBAN_INDICATOR", address("indicator")},
          {"DUBAN_PLAN", address("plan")}};
}

absl::Status Cluster::StartProcess(const std::string& process, const std::string& service, const std::string& role,
                                   int port) {
  SubprocessOptions options;
  options.argv = {fmt::format("{}/bin/duban-{}", Variable("DUBAN_BINARY_DIR"), service),
                  "--role=" + role,
                  fmt::format("--listen=127.0.0.1:{}", port),
                  fmt::format("--metrics_listen=127.0.0.1:{}", role == "worker" ? 0 : ports_[service + "-metrics"]),
                  "--redis=" + redis_.address(),
                  "--ingest=" + address("ingest"),
                  "--segmentation=" + address("segmentation"),
                  "--indicator=" + address("indicator")};
  if (service == "ingest") {
    options.argv.insert(options.argv.end(), options_.ingest_flags.begin(), options_.ingest_flags.end());
  } else if (role != "server") {
    options.argv.insert(options.argv.end(), options_.worker_flags.begin(), options_.worker_flags.end());
  }
  options.env = {{"DUBAN_DATABASE", dsns_[service]}};
  options.log_file = dir_.File(process + ".log");
  DUBAN_ASSIGN_OR_RETURN(processes_[process], Subprocess::Start(options));
  return port == 0 ? absl::OkStatus() : AwaitPort(process, port);
}

absl::Status Cluster::AwaitPort(const std::string& process, int port) {
  Subprocess& child = *processes_[process];
  WaitFor([&] { return TakesConnections(port) || !child.Running(); });
  if (child.Running() && TakesConnections(port)) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("{} does not answer on port {}: {}", process, port, Log(process)));
}

absl::Status Cluster::StartServer(const std::string& service) {
  return StartProcess(service, service, options_.separate_workers && service != "ingest" ? "server" : "all",
                      ports_[service]);
}

absl::Status Cluster::StartWorker(const std::string& service, int index) {
  // Ingest has no stage of its own; its pump and reconciler run in its server process.
  if (service == "ingest") return absl::OkStatus();
  return StartProcess(fmt::format("{}-worker-{}", service, index), service, "worker", 0);
}

absl::Status Cluster::ReplaceWorker(const std::string& service, int index) {
  Subprocess& child = *processes_.at(fmt::format("{}-worker-{}", service, index));
  child.Kill(SIGKILL);
  DUBAN_RETURN_IF_ERROR(child.Wait().status());
  return StartWorker(service, index);
}

absl::Status Cluster::ReplaceServer(const std::string& service) {
  Subprocess& child = *processes_.at(service);
  child.Kill(SIGKILL);
  DUBAN_RETURN_IF_ERROR(child.Wait().status());
  return StartServer(service);
}

std::map<std::string, int> Cluster::Terminate() {
  std::map<std::string, int> codes;
  for (auto& [name, process] : processes_) codes[name] = process->Terminate(std::chrono::seconds(30)).value_or(-1);
  return codes;
}

absl::StatusOr<std::vector<std::string>> Cluster::Submit(const std::vector<Submission>& reports) {
  std::vector<std::string> names;
  absl::Status refused;
  size_t at = 0;
  const absl::Status status = SubmitAll(
      *ingest_, {},
      [&]() -> std::optional<Submission> {
        if (at == reports.size()) return std::nullopt;
        return reports[at++];
      },
      [&](const Submission& report, const absl::StatusOr<v1::Document>& document) {
        if (document.ok()) {
          names.push_back(document->name());
        } else if (refused.ok()) {
          refused = Annotate(document.status(), report.source_uri);
        }
      });
  DUBAN_RETURN_IF_ERROR(status);
  DUBAN_RETURN_IF_ERROR(refused);
  return names;
}

absl::Status Cluster::AwaitFinished(const std::vector<std::string>& names, absl::Duration patience) {
  int64_t failed = 0;
  const absl::Status status = AwaitCompletion(*ingest_, names, patience, [&](int64_t, int64_t now) { failed = now; });
  if (!status.ok()) return absl::Status(status.code(), fmt::format("{}\n{}", Message(status), Logs()));
  return failed == 0 ? absl::OkStatus() : absl::InternalError(fmt::format("{} documents failed", failed));
}

absl::StatusOr<std::vector<std::string>> Cluster::Ingest(const std::vector<Submission>& reports) {
  DUBAN_ASSIGN_OR_RETURN(std::vector<std::string> names, Submit(reports));
  DUBAN_RETURN_IF_ERROR(AwaitFinished(names));
  return names;
}

std::vector<std::string> Cluster::DubanCommand(std::vector<std::string> words) {
  words.insert(words.begin(), Variable("DUBAN_BINARY_DIR") + "/bin/duban");
  return words;
}

absl::StatusOr<ProgramResult> Cluster::RunDuban(std::vector<std::string> words) const {
  return RunProgram({.argv = DubanCommand(std::move(words)), .env = ClientEnvironment()});
}

std::string Cluster::Logs() const {
  std::string logs;
  for (const auto& [name, process] : processes_) logs += fmt::format("{}:\n{}\n", name, Log(name));
  return logs;
}

std::string Cluster::Log(const std::string& process) const {
  const std::string log = ReadFile(dir_.File(process + ".log")).value_or("(no log)");
  return log.size() <= 2000 ? log : log.substr(log.size() - 2000);
}

std::vector<Submission> ReportsOf(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".txt" || ending == ".html") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<Submission> reports;
  for (const std::string& file : files) reports.push_back({file, ReadFile(file).value_or("")});
  return reports;
}

std::vector<Submission> SampleReports() { return ReportsOf(Variable("DUBAN_SOURCE_DIR") + "/deploy/samples"); }

}  // namespace duban::testing
