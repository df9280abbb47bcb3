// SPDX-License-Identifier: Apache-2.0
// services/indicator/extract_handler.h: the stage EXTRACT: documents and outlines in, indicator sets committed; or
// removed.

#pragma once

#include "common/worker/batch_handler.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "services/indicator/extractor.h"
#include "services/indicator/indicator_store.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class ExtractHandler : public BatchHandler {
 public:
  ExtractHandler(v1::IngestService::StubInterface* ingest, v1::SegmentationService::StubInterface* segmentation,
                 const Extractor* extractor, IndicatorStore* store)
      : BatchHandler(ingest), segmentation_(*segmentation), extractor_(*extractor), store_(*store) {}

 protected:
  absl::Status ProcessBatch(std::span<const v1::Task> tasks) override;
  absl::Status RemoveBatch(std::span<const v1::Task> tasks) override;

 private:
  v1::SegmentationService::StubInterface& segmentation_;
  const Extractor& extractor_;
  IndicatorStore& store_;
};

// Fills what a stored set has beyond the analysis: names, revision, agency, region and the evidence in words.
void CompleteSet(const v1::Document& document, int32_t revision, v1::IndicatorSet* set);

}  // namespace duban
