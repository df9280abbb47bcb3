// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "absl/flags/flag.h"
#include "common/base/status.h"
#include "common/service/service.h"
#include "services/ingest/ingest_server.h"

ABSL_FLAG(int64_t, max_document_bytes, duban::IntakeOptions().max_document_bytes, "largest report, in bytes");
ABSL_FLAG(int64_t, max_backlog, duban::IntakeOptions().max_backlog,
          "unfinished documents at which new ones are refused");
ABSL_FLAG(absl::Duration, reconcile_interval, duban::ReconcilerOptions().interval, "between two looks for lost tasks");
ABSL_FLAG(absl::Duration, reconcile_quiet, duban::ReconcilerOptions().quiet,
          "silence after which a document's task may be lost");

namespace {

// A protobuf message is bounded by 2 GiB; a document is held in memory several times over.
constexpr int64_t kLargestDocumentBytes = 256 << 20;

absl::StatusOr<duban::ServiceParts> MakeParts(duban::ServiceContext& context) {
  using namespace duban;
  const int64_t max_document_bytes = absl::GetFlag(FLAGS_max_document_bytes);
  if (max_document_bytes < 1 || max_document_bytes > kLargestDocumentBytes) {
    return InvalidField("--max_document_bytes",
                        fmt::format("{}, want 1 to {}", max_document_bytes, kLargestDocumentBytes));
  }
  if (absl::GetFlag(FLAGS_max_backlog) < 1) {
    return InvalidField("--max_backlog", fmt::format("{}, want 1 or more", absl::GetFlag(FLAGS_max_backlog)));
  }
  DUBAN_RETURN_IF_ERROR(CheckPositive("--reconcile_interval", absl::GetFlag(FLAGS_reconcile_interval)));
  DUBAN_RETURN_IF_ERROR(CheckPositive("--reconcile_quiet", absl::GetFlag(FLAGS_reconcile_quiet)));
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Reader> reader, Reader::Create());
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<DocumentStore> store, NewPostgresDocumentStore(&context.database));
  const IntakeOptions intake_options{.max_document_bytes = max_document_bytes,
                                     .max_backlog = absl::GetFlag(FLAGS_max_backlog)};
  const ReconcilerOptions reconciler_options{.interval = absl::GetFlag(FLAGS_reconcile_interval),
                                             .quiet = absl::GetFlag(FLAGS_reconcile_quiet)};
  auto intake = std::make_shared<Intake>(reader.get(), store.get(), &context.queue, intake_options);
  auto changes = std::make_shared<ChangeSignal>();
  auto server = std::make_shared<IngestServer>(intake.get(), store.get(), &context.queue, changes.get());
  auto pump = std::make_shared<EventPump>(context.consumer, store.get(), &context.queue, changes.get());
  auto reconciler = std::make_shared<Reconciler>(store.get(), &context.queue, reconciler_options);
  ServiceParts parts;
  // A request holds the report and little besides. Somewhat more is let in, so that it is refused with a reason.
  parts.max_message_bytes = static_cast<int>(std::max<int64_t>(parts.max_message_bytes, max_document_bytes * 5 / 4));
  parts.entries = {{v1::IngestService::service_full_name(), server.get()}};
  parts.background = {pump.get(), reconciler.get()};
  parts.owned = {std::const_pointer_cast<Reader>(reader), store, intake, changes, server, pump, reconciler};
  return parts;
}

}  // namespace

int main(int argc, char** argv) { return duban::RunService(argc, argv, "ingest", MakeParts); }
