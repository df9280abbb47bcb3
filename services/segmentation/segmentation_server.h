// SPDX-License-Identifier: Apache-2.0
// services/segmentation/segmentation_server.h: the gRPC face of segmentation. Contracts are in
// segmentation_service.proto.

#pragma once

#include <grpcpp/grpcpp.h>

#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "services/segmentation/outline_store.h"
#include "services/segmentation/segmenter.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class SegmentationServer : public v1::SegmentationService::Service {
 public:
  SegmentationServer(const Segmenter* segmenter, OutlineStore* store, v1::IngestService::StubInterface* ingest)
      : segmenter_(*segmenter), store_(*store), ingest_(*ingest) {}

  grpc::Status SegmentText(grpc::ServerContext* context, const v1::SegmentTextRequest* request,
                           v1::Outline* response) override;
  grpc::Status GetOutline(grpc::ServerContext* context, const v1::GetOutlineRequest* request,
                          v1::Outline* response) override;
  grpc::Status BatchGetOutlines(grpc::ServerContext* context, const v1::BatchGetOutlinesRequest* request,
                                v1::BatchGetOutlinesResponse* response) override;

 private:
  const Segmenter& segmenter_;
  OutlineStore& store_;
  v1::IngestService::StubInterface& ingest_;
};

}  // namespace duban
