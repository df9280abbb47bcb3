// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "common/base/status.h"
#include "common/service/service.h"
#include "services/indicator/catalog.h"
#include "services/indicator/extract_handler.h"
#include "services/indicator/indicator_server.h"

ABSL_FLAG(std::string, catalog, "", "file of metrics in place of the built-in ones (services/indicator/README.md)");

namespace {

absl::StatusOr<duban::ServiceParts> MakeParts(duban::ServiceContext& context) {
  using namespace duban;
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Catalog> catalog, Catalog::Load(absl::GetFlag(FLAGS_catalog)));
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Extractor> extractor, Extractor::Create(catalog));
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<IndicatorStore> store, NewPostgresIndicatorStore(&context.database));
  std::shared_ptr<v1::IngestService::StubInterface> ingest = v1::IngestService::NewStub(context.channel("ingest"));
  std::shared_ptr<v1::SegmentationService::StubInterface> segmentation =
      v1::SegmentationService::NewStub(context.channel("segmentation"));
  auto server = std::make_shared<IndicatorServer>(extractor.get(), catalog.get(), store.get(), segmentation.get());
  auto handler = std::make_shared<ExtractHandler>(ingest.get(), segmentation.get(), extractor.get(), store.get());
  ServiceParts parts;
  parts.entries = {{v1::IndicatorService::service_full_name(), server.get()}};
  parts.handler = handler.get();
  parts.stage = v1::Task::EXTRACT;
  parts.next_stage = v1::Task::TRACK;
  parts.owned = {std::const_pointer_cast<Catalog>(catalog),
                 std::const_pointer_cast<Extractor>(extractor),
                 store,
                 ingest,
                 segmentation,
                 server,
                 handler};
  return parts;
}

}  // namespace

int main(int argc, char** argv) { return duban::RunService(argc, argv, "indicator", MakeParts); }
