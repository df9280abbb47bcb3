// SPDX-License-Identifier: Apache-2.0
// services/indicator/ledger_calls.h: what IndicatorService answers about the catalog, comparisons, findings and labels
// without a metric. Contracts are in indicator_service.proto. Thread-safe as the store is.

#pragma once

#include "absl/status/status.h"
#include "duban/v1/indicator_service.pb.h"
#include "services/indicator/catalog.h"
#include "services/indicator/indicator_store.h"

namespace duban {

absl::Status ListMetrics(const Catalog& catalog, const v1::ListMetricsRequest& request,
                         v1::ListMetricsResponse* response);

absl::Status GetMetric(const Catalog& catalog, const v1::GetMetricRequest& request, v1::Metric* response);

absl::Status CompareMetric(const Catalog& catalog, IndicatorStore& store, const v1::CompareMetricRequest& request,
                           v1::CompareMetricResponse* response);

absl::Status ListFindings(IndicatorStore& store, const v1::ListFindingsRequest& request,
                          v1::ListFindingsResponse* response);

absl::Status ListUnmappedLabels(IndicatorStore& store, const v1::ListUnmappedLabelsRequest& request,
                                v1::ListUnmappedLabelsResponse* response);

}  // namespace duban
