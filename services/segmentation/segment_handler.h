// SPDX-License-Identifier: Apache-2.0
// services/segmentation/segment_handler.h: the stage SEGMENT: documents in, outlines committed; or removed.

#pragma once

#include "common/worker/batch_handler.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "services/segmentation/outline_store.h"
#include "services/segmentation/segmenter.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class SegmentHandler : public BatchHandler {
 public:
  SegmentHandler(v1::IngestService::StubInterface* ingest, const Segmenter* segmenter, OutlineStore* store)
      : BatchHandler(ingest), segmenter_(*segmenter), store_(*store) {}

 protected:
  absl::Status ProcessBatch(std::span<const v1::Task> tasks) override;
  absl::Status RemoveBatch(std::span<const v1::Task> tasks) override;

 private:
  const Segmenter& segmenter_;
  OutlineStore& store_;
};

}  // namespace duban
