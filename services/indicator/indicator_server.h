// SPDX-License-Identifier: Apache-2.0
// services/indicator/indicator_server.h: the gRPC face of the indicator ledger. Contracts are in
// indicator_service.proto.

#pragma once

#include <grpcpp/grpcpp.h>

#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "services/indicator/extractor.h"
#include "services/indicator/indicator_store.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class IndicatorServer : public v1::IndicatorService::Service {
 public:
  IndicatorServer(const Extractor* extractor, IndicatorStore* store,
                  v1::SegmentationService::StubInterface* segmentation)
      : extractor_(*extractor), store_(*store), segmentation_(*segmentation) {}

  grpc::Status ExtractIndicators(grpc::ServerContext* context, const v1::ExtractIndicatorsRequest* request,
                                 v1::IndicatorSet* response) override;
  grpc::Status ListIndicators(grpc::ServerContext* context, const v1::ListIndicatorsRequest* request,
                              v1::ListIndicatorsResponse* response) override;
  grpc::Status BatchGetIndicators(grpc::ServerContext* context, const v1::BatchGetIndicatorsRequest* request,
                                  v1::BatchGetIndicatorsResponse* response) override;

 private:
  const Extractor& extractor_;
  IndicatorStore& store_;
  v1::SegmentationService::StubInterface& segmentation_;
};

}  // namespace duban
