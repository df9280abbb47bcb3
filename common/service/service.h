// SPDX-License-Identifier: Apache-2.0
// common/service/service.h: from a command line to a running service: what the four main.cc share.
//
//   int main(int argc, char** argv) {
//     return duban::RunService(argc, argv, "segmentation", [](duban::ServiceContext& context) { return
//     MakeParts(context); });
//   }
//
// --role=server serves gRPC, --role=worker works the stage's queue, --role=all does both. Every role answers
// grpc.health.v1 on --listen (a worker under the name "worker") and metrics on --metrics_listen. SIGTERM and SIGINT
// drain. `--helpfull` lists the flags; README.md tells about roles, the database and the environment.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/queue/task_queue.h"
#include "common/rpc/server.h"
#include "common/store/database.h"
#include "common/telemetry/metrics.h"
#include "common/worker/worker.h"

namespace duban {

// Work that goes on beside the stage's queue, in threads of its own.
class Background {
 public:
  virtual ~Background() = default;
  virtual void Start() = 0;
  // Returns when it has ended; later calls return at once.
  virtual void Stop() = 0;
};

// What a service may use. All of it outlives the parts.
struct ServiceContext {
  Database& database;  // the service's own schema
  TaskQueue& queue;
  Metrics& metrics;
  // Unique among the running processes of the service.
  std::string consumer;
  // The channel of the service whose address flag is --`name` (ingest, segmentation, indicator).
  std::function<std::shared_ptr<grpc::Channel>(const std::string& name)> channel;
  // Calls in flight at most: --max_threads.
  int max_threads = 0;
};

// What a service is made of. Nothing of it runs any more when it is destroyed.
struct ServiceParts {
  // Keeps alive what the others point to.
  std::vector<std::shared_ptr<void>> owned;
  // Largest request, in bytes.
  int max_message_bytes = ServerOptions().max_message_bytes;
  // Served with --role=server or all.
  std::vector<ServiceEntry> entries;
  // Worked with --role=worker or all; null if the service has no stage.
  StageHandler* handler = nullptr;
  v1::Task::Stage stage = v1::Task::STAGE_UNSPECIFIED;
  v1::Task::Stage next_stage = v1::Task::STAGE_UNSPECIFIED;
  // Runs with --role=worker or all.
  std::vector<Background*> background;
  // Runs with --role=server or all. Its end ends the streams that wait for it, so that calls in flight soon finish.
  std::vector<Background*> server_background;
};

// INVALID_ARGUMENT naming `flag` (as --name) unless `value` is above 0.
absl::Status CheckPositive(std::string_view flag, absl::Duration value);

// Parses and checks the flags, opens database (schema duban_<name>) and queue, makes the parts and runs until a signal.
// Returns the process's exit code: 0 after a graceful end, 1 with a line on the log that says what is wrong.
int RunService(int argc, char** argv, const std::string& name,
               const std::function<absl::StatusOr<ServiceParts>(ServiceContext&)>& make_parts);

}  // namespace duban
