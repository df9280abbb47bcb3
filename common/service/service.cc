// SPDX-License-Identifier: Apache-2.0
#include "common/service/service.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "common/base/status.h"
#include "common/queue/redis_task_queue.h"
#include "common/redis/redis_client.h"
#include "common/rpc/channel.h"
#include "common/store/migrate.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"

ABSL_FLAG(std::string, role, "all", "server, worker or all");
ABSL_FLAG(std::string, listen, "127.0.0.1:0", "host:port of gRPC; port 0 takes a free one");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:0", "host:port of the page /metrics; port 0 takes a free one");
ABSL_FLAG(std::string, redis, "127.0.0.1:6379",
          "host:port or unix:path of Redis; its password is in DUBAN_REDIS_PASSWORD");
ABSL_FLAG(std::string, queue_prefix, "duban", "first part of every key in Redis");
ABSL_FLAG(std::string, ingest, "127.0.0.1:7101", "gRPC target of duban-ingest");
ABSL_FLAG(std::string, segmentation, "127.0.0.1:7102", "gRPC target of duban-segmentation");
ABSL_FLAG(std::string, indicator, "127.0.0.1:7103", "gRPC target of duban-indicator");
ABSL_FLAG(int, max_threads, 256, "gRPC calls in flight at most; more are refused");
ABSL_FLAG(int, database_connections, 8, "connections to PostgreSQL at most");
ABSL_FLAG(int, worker_threads, 2, "batches in work at once");
ABSL_FLAG(int, batch_size, 16, "tasks per batch at most");
ABSL_FLAG(absl::Duration, lease, absl::Seconds(30), "silence after which a worker is taken for dead");
ABSL_FLAG(int, max_attempts, 8, "failures after which a task goes to the dead letters");
ABSL_FLAG(absl::Duration, drain_pause, absl::ZeroDuration(),
          "between NOT_SERVING and refusing calls, for balancers to notice");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warning or error");

namespace duban {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Role {
  bool server = false;
  bool worker = false;
};

absl::StatusOr<Role> RoleFlag() {
  const std::string role = absl::GetFlag(FLAGS_role);
  if (role == "all") return Role{true, true};
  if (role == "server") return Role{true, false};
  if (role == "worker") return Role{false, true};
  return InvalidField("--role", fmt::format("\"{}\", want server, worker or all", role));
}

absl::Status CheckAtLeast(std::string_view flag, int value, int least) {
  if (value >= least) return absl::OkStatus();
  return InvalidField(flag, fmt::format("{}, want {} or more", value, least));
}

absl::Status CheckFlags() {
  DUBAN_RETURN_IF_ERROR(RoleFlag().status());
  // Upstream services answer for 100 documents in a call at most.
  if (const int size = absl::GetFlag(FLAGS_batch_size); size < 1 || size > 100) {
    return InvalidField("--batch_size", fmt::format("{}, want 1 to 100", size));
  }
  DUBAN_RETURN_IF_ERROR(CheckAtLeast("--worker_threads", absl::GetFlag(FLAGS_worker_threads), 1));
  DUBAN_RETURN_IF_ERROR(CheckAtLeast("--max_threads", absl::GetFlag(FLAGS_max_threads), 1));
  DUBAN_RETURN_IF_ERROR(CheckAtLeast("--database_connections", absl::GetFlag(FLAGS_database_connections), 1));
  DUBAN_RETURN_IF_ERROR(CheckAtLeast("--max_attempts", absl::GetFlag(FLAGS_max_attempts), 1));
  DUBAN_RETURN_IF_ERROR(CheckPositive("--lease", absl::GetFlag(FLAGS_lease)));
  if (const absl::Duration pause = absl::GetFlag(FLAGS_drain_pause); pause < absl::ZeroDuration()) {
    return InvalidField("--drain_pause", fmt::format("{}, want 0 or more", absl::FormatDuration(pause)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(const std::string& schema) {
  const std::string dsn = Environment("DUBAN_DATABASE");
  if (dsn.empty()) {
    return absl::InvalidArgumentError(
        "DUBAN_DATABASE: empty, want a PostgreSQL connection string of the service's role, e.g. host=db dbname=duban "
        "user=" +
        schema);
  }
  if (const std::string admin = Environment("DUBAN_ADMIN_DATABASE"); !admin.empty()) {
    DUBAN_RETURN_IF_ERROR(
        Annotate(BootstrapSchema(admin, schema, Environment("DUBAN_DATABASE_PASSWORD")), "DUBAN_ADMIN_DATABASE"));
  }
  return Database::Open({.dsn = dsn, .schema = schema, .max_connections = absl::GetFlag(FLAGS_database_connections)});
}

absl::StatusOr<std::unique_ptr<TaskQueue>> OpenQueue() {
  DUBAN_ASSIGN_OR_RETURN(auto redis, RedisClient::Create({.address = absl::GetFlag(FLAGS_redis),
                                                          .username = Environment("DUBAN_REDIS_USERNAME"),
                                                          .password = Environment("DUBAN_REDIS_PASSWORD")}));
  return RedisTaskQueue::Create(std::move(redis), {.prefix = absl::GetFlag(FLAGS_queue_prefix)});
}

absl::StatusOr<std::string> Target(const std::string& name) {
  if (name == "ingest") return absl::GetFlag(FLAGS_ingest);
  if (name == "segmentation") return absl::GetFlag(FLAGS_segmentation);
  if (name == "indicator") return absl::GetFlag(FLAGS_indicator);
  return absl::InternalError("no address flag --" + name);
}

// Host names repeat in containers and process ids too, so a random part makes the name unique.
std::string Consumer(const std::string& service) {
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  return fmt::format("{}-{}-{}-{:08x}", service, host, getpid(), SystemRandom() & 0xffffffff);
}

std::unique_ptr<Worker> MakeWorker(const ServiceParts& parts, const std::string& consumer, TaskQueue* queue,
                                   Metrics* metrics) {
  WorkerOptions options;
  options.stage = parts.stage;
  options.next_stage = parts.next_stage;
  options.consumer = consumer;
  options.batch_size = absl::GetFlag(FLAGS_batch_size);
  options.threads = absl::GetFlag(FLAGS_worker_threads);
  options.lease = absl::GetFlag(FLAGS_lease);
  options.heartbeat_interval = std::min(absl::Duration(absl::Seconds(5)), options.lease / 4);
  options.reclaim_interval = std::min(absl::Duration(absl::Seconds(5)), options.lease / 2);
  options.max_attempts = absl::GetFlag(FLAGS_max_attempts);
  return std::make_unique<Worker>(options, queue, parts.handler, metrics);
}

absl::Status Serve(const std::string& name, ShutdownSignal& signal,
                   const std::function<absl::StatusOr<ServiceParts>(ServiceContext&)>& make_parts) {
  DUBAN_ASSIGN_OR_RETURN(const Role role, RoleFlag());
  DUBAN_ASSIGN_OR_RETURN(const auto database, OpenDatabase("duban_" + name));
  DUBAN_ASSIGN_OR_RETURN(const auto queue, OpenQueue());
  Metrics metrics;
  DUBAN_ASSIGN_OR_RETURN(const auto page, MetricsPage::Start(metrics, absl::GetFlag(FLAGS_metrics_listen)));
  ServiceContext context{*database,
                         *queue,
                         metrics,
                         Consumer(name),
                         [](const std::string& service) { return MakeChannel(Target(service).value()); },
                         absl::GetFlag(FLAGS_max_threads)};
  DUBAN_ASSIGN_OR_RETURN(ServiceParts parts, make_parts(context));
  const bool works = role.worker && parts.handler != nullptr;
  std::unique_ptr<Worker> worker;
  if (works) worker = MakeWorker(parts, context.consumer, queue.get(), &metrics);

  ServerOptions options;
  options.address = absl::GetFlag(FLAGS_listen);
  options.max_threads = absl::GetFlag(FLAGS_max_threads);
  options.drain_pause = absl::GetFlag(FLAGS_drain_pause);
  options.max_message_bytes = parts.max_message_bytes;
  if (works) options.health_names = {"worker"};
  DUBAN_ASSIGN_OR_RETURN(const auto server,
                         Server::Start(options, role.server ? parts.entries : std::vector<ServiceEntry>{}, &metrics));
  if (works) {
    DUBAN_RETURN_IF_ERROR(worker->Start([&](bool healthy) { server->SetServing("worker", healthy); }));
  }
  std::vector<Background*> backgrounds;
  if (role.server) backgrounds = parts.server_background;
  if (role.worker) backgrounds.insert(backgrounds.end(), parts.background.begin(), parts.background.end());
  for (Background* background : backgrounds) background->Start();
  LogInfo("serving", {{"role", absl::GetFlag(FLAGS_role)},
                      {"address", options.address},
                      {"port", server->port()},
                      {"metrics_port", page->port()}});
  signal.Wait();
  server->Drain([&] {
    for (Background* background : parts.server_background) background->Stop();
    if (worker != nullptr) worker->Drain();
    for (Background* background : parts.background) background->Stop();
  });
  LogInfo("ended");
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPositive(std::string_view flag, absl::Duration value) {
  if (value > absl::ZeroDuration()) return absl::OkStatus();
  return InvalidField(flag, fmt::format("{}, want above 0", absl::FormatDuration(value)));
}

int RunService(int argc, char** argv, const std::string& name,
               const std::function<absl::StatusOr<ServiceParts>(ServiceContext&)>& make_parts) {
  absl::SetProgramUsageMessage(
      fmt::format("duban-{}: a service of duban. DUBAN_DATABASE is the PostgreSQL connection string of role duban_{}.",
                  name, name));
  const std::vector<char*> words = absl::ParseCommandLine(argc, argv);
  ShutdownSignal signal;
  absl::Status status = InitLogging("duban-" + name, absl::GetFlag(FLAGS_log_level));
  if (status.ok() && words.size() > 1) {
    status = absl::InvalidArgumentError(fmt::format("\"{}\": want flags only, as --name=value", words[1]));
  }
  if (status.ok()) status = CheckFlags();
  if (status.ok()) status = Serve(name, signal, make_parts);
  if (status.ok()) return 0;
  LogError("cannot run", {{"error", status.ToString()}});
  return 1;
}

}  // namespace duban
