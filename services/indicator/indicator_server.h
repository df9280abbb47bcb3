// SPDX-License-Identifier: Apache-2.0
// services/indicator/indicator_server.h: the gRPC face of the indicator ledger. Contracts are in
// indicator_service.proto.

#pragma once

#include <grpcpp/grpcpp.h>

#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "services/indicator/catalog.h"
#include "services/indicator/extractor.h"
#include "services/indicator/indicator_store.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class IndicatorServer : public v1::IndicatorService::Service {
 public:
  // `catalog` is the extractor's.
  IndicatorServer(const Extractor* extractor, const Catalog* catalog, IndicatorStore* store,
                  v1::SegmentationService::StubInterface* segmentation)
      : extractor_(*extractor), catalog_(*catalog), store_(*store), segmentation_(*segmentation) {}

  grpc::Status ExtractIndicators(grpc::ServerContext* context, const v1::ExtractIndicatorsRequest* request,
                                 v1::IndicatorSet* response) override;
  grpc::Status ListIndicators(grpc::ServerContext* context, const v1::ListIndicatorsRequest* request,
                              v1::ListIndicatorsResponse* response) override;
  grpc::Status BatchGetIndicators(grpc::ServerContext* context, const v1::BatchGetIndicatorsRequest* request,
                                  v1::BatchGetIndicatorsResponse* response) override;
  grpc::Status ListMetrics(grpc::ServerContext* context, const v1::ListMetricsRequest* request,
                           v1::ListMetricsResponse* response) override;
  grpc::Status GetMetric(grpc::ServerContext* context, const v1::GetMetricRequest* request,
                         v1::Metric* response) override;
  grpc::Status CompareMetric(grpc::ServerContext* context, const v1::CompareMetricRequest* request,
                             v1::CompareMetricResponse* response) override;
  grpc::Status ListFindings(grpc::ServerContext* context, const v1::ListFindingsRequest* request,
                            v1::ListFindingsResponse* response) override;
  grpc::Status ListUnmappedLabels(grpc::ServerContext* context, const v1::ListUnmappedLabelsRequest* request,
                                  v1::ListUnmappedLabelsResponse* response) override;

 private:
  const Extractor& extractor_;
  const Catalog& catalog_;
  IndicatorStore& store_;
  v1::SegmentationService::StubInterface& segmentation_;
};

}  // namespace duban
