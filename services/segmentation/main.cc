// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "common/base/status.h"
#include "common/service/service.h"
#include "services/segmentation/segment_handler.h"
#include "services/segmentation/segmentation_server.h"

namespace {

absl::StatusOr<duban::ServiceParts> MakeParts(duban::ServiceContext& context) {
  using namespace duban;
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Segmenter> segmenter, Segmenter::Create());
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<OutlineStore> store, NewPostgresOutlineStore(&context.database));
  std::shared_ptr<v1::IngestService::StubInterface> ingest = v1::IngestService::NewStub(context.channel("ingest"));
  auto server = std::make_shared<SegmentationServer>(segmenter.get(), store.get(), ingest.get());
  auto handler = std::make_shared<SegmentHandler>(ingest.get(), segmenter.get(), store.get());
  ServiceParts parts;
  parts.entries = {{v1::SegmentationService::service_full_name(), server.get()}};
  parts.handler = handler.get();
  parts.stage = v1::Task::SEGMENT;
  parts.next_stage = v1::Task::EXTRACT;
  parts.owned = {std::const_pointer_cast<Segmenter>(segmenter), store, ingest, server, handler};
  return parts;
}

}  // namespace

int main(int argc, char** argv) { return duban::RunService(argc, argv, "segmentation", MakeParts); }
