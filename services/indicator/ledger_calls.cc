// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/ledger_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/paging.h"
#include "common/rpc/validate.h"
#include "services/indicator/request_fields.h"

namespace duban {
namespace {

absl::StatusOr<const v1::Metric*> FindMetric(const Catalog& catalog, const std::string& id) {
  if (const v1::Metric* metric = catalog.Get(id); metric != nullptr) return metric;
  return ResourceNotFound("duban.v1/Metric", id.substr(0, 100), "the catalog has no such metric (duban metrics)");
}

absl::StatusOr<ComparisonFilter> ToFilter(const v1::CompareMetricRequest& request, const v1::Metric& metric) {
  ComparisonFilter filter;
  filter.metric = metric.id();
  filter.unit = metric.unit();
  filter.lower_is_better = metric.better() == v1::Metric::LOWER;
  if (request.agencies_size() > kMaxBatchNames || request.years_size() > kMaxBatchNames) {
    return InvalidField(request.years_size() > kMaxBatchNames ? "years" : "agencies",
                        fmt::format("{} of them, want at most {}",
                                    std::max(request.years_size(), request.agencies_size()), kMaxBatchNames));
  }
  for (int i = 0; i < request.agencies_size(); ++i) {
    DUBAN_ASSIGN_OR_RETURN(std::string agency, ParseAgencyName(fmt::format("agencies[{}]", i), request.agencies(i)));
    filter.agencies.push_back(std::move(agency));
  }
  DUBAN_RETURN_IF_ERROR(CheckRegionPrefix(request.region_prefix()));
  filter.region_prefix = request.region_prefix();
  for (int i = 0; i < request.years_size(); ++i) {
    if (request.years(i) < 1) {
      return InvalidField(fmt::format("years[{}]", i), fmt::format("{}, want a calendar year", request.years(i)));
    }
    filter.years.push_back(request.years(i));
  }
  return filter;
}

const ComparedFigure* FigureOf(const ComparedAgency& agency, int32_t year) {
  const auto found = std::find_if(agency.figures.begin(), agency.figures.end(),
                                  [&](const ComparedFigure& figure) { return figure.year == year; });
  return found == agency.figures.end() ? nullptr : &*found;
}

// Adds the cell of a year: a figure with its growth, or why there is none.
void AddCell(const ComparedAgency& agency, int32_t year, const v1::Metric& metric,
             v1::CompareMetricResponse::Row* row) {
  using Cell = v1::CompareMetricResponse::Cell;
  Cell& cell = *row->add_cells();
  cell.set_year(year);
  const ComparedFigure* figure = FigureOf(agency, year);
  if (figure == nullptr) {
    const bool reported = std::count(agency.reported_years.begin(), agency.reported_years.end(), year) != 0;
    cell.set_gap(reported ? Cell::NOT_STATED : Cell::NO_REPORT);
    return;
  }
  const v1::Quantity& quantity = figure->indicator.quantity();
  cell.set_value(quantity.value());
  cell.set_unit(quantity.unit());
  cell.set_rank(figure->rank);
  cell.set_ranked(figure->ranked);
  *cell.mutable_indicator() = figure->indicator;
  const ComparedFigure* before = FigureOf(agency, year - 1);
  if (before == nullptr) return;
  const double base = before->indicator.quantity().value();
  if (metric.kind() == v1::Quantity::PERCENT) {
    cell.set_growth(quantity.value() - base);
  } else if (base != 0) {
    cell.set_growth(100 * (quantity.value() / base - 1));
  }
}

}  // namespace

absl::Status ListMetrics(const Catalog& catalog, const v1::ListMetricsRequest& request,
                         v1::ListMetricsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const int64_t begin, ParsePlace(position.empty() ? "0" : position));
  const auto& metrics = catalog.metrics().metric();
  for (int64_t i = begin; i < metrics.size(); ++i) {
    const v1::Metric& metric = metrics[static_cast<int>(i)];
    if (!metric.id().starts_with(request.prefix())) continue;
    if (!request.parent().empty() && metric.parent() != request.parent()) continue;
    if (response->metrics_size() == size) {
      response->set_next_page_token(MakePageToken(request, fmt::format("{}", i)));
      break;
    }
    *response->add_metrics() = metric;
  }
  return absl::OkStatus();
}

absl::Status GetMetric(const Catalog& catalog, const v1::GetMetricRequest& request, v1::Metric* response) {
  DUBAN_ASSIGN_OR_RETURN(const v1::Metric* metric, FindMetric(catalog, request.id()));
  *response = *metric;
  return absl::OkStatus();
}

absl::Status CompareMetric(const Catalog& catalog, IndicatorStore& store, const v1::CompareMetricRequest& request,
                           v1::CompareMetricResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const v1::Metric* metric, FindMetric(catalog, request.metric()));
  DUBAN_ASSIGN_OR_RETURN(const ComparisonFilter filter, ToFilter(request, *metric));
  std::optional<std::string> after;
  if (!position.empty()) after = position;
  DUBAN_ASSIGN_OR_RETURN(const ComparisonPage page, store.Compare(filter, after, size));
  *response->mutable_metric() = *metric;
  response->mutable_years()->Assign(page.years.begin(), page.years.end());
  for (const ComparedAgency& agency : page.agencies) {
    v1::CompareMetricResponse::Row& row = *response->add_rows();
    *row.mutable_agency() = agency.agency;
    row.set_region_code(agency.region_code);
    for (int32_t year : page.years) AddCell(agency, year, *metric, &row);
  }
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, *page.next));
  return absl::OkStatus();
}

absl::Status ListFindings(IndicatorStore& store, const v1::ListFindingsRequest& request,
                          v1::ListFindingsResponse* response) {
  FindingFilter filter;
  DUBAN_ASSIGN_OR_RETURN(filter.document, ParseParent(request.parent()));
  DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseAgency(request.agency()));
  DUBAN_RETURN_IF_ERROR(CheckRegionPrefix(request.region_prefix()));
  DUBAN_RETURN_IF_ERROR(CheckYear(request.year()));
  filter.region_prefix = request.region_prefix();
  filter.year = request.year();
  filter.type = request.type();
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(FindingPage page, store.ListFindings(filter, after, size));
  for (v1::Finding& finding : page.findings) *response->add_findings() = std::move(finding);
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  return absl::OkStatus();
}

absl::Status ListUnmappedLabels(IndicatorStore& store, const v1::ListUnmappedLabelsRequest& request,
                                v1::ListUnmappedLabelsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  std::optional<UnmappedCursor> after;
  if (!position.empty()) {
    const size_t blank = std::min(position.find(' '), position.size());
    DUBAN_ASSIGN_OR_RETURN(const int64_t count, ParsePlace(std::string_view(position).substr(0, blank)));
    after = UnmappedCursor{count, position.substr(std::min(blank + 1, position.size()))};
  }
  DUBAN_ASSIGN_OR_RETURN(UnmappedPage page, store.ListUnmapped(after, size));
  for (UnmappedLabelCount& count : page.labels) {
    v1::ListUnmappedLabelsResponse::Label& label = *response->add_labels();
    label.set_label(std::move(count.label));
    label.set_indicators(count.indicators);
    label.set_documents(count.documents);
    *label.mutable_example() = std::move(count.example);
  }
  if (page.next.has_value()) {
    response->set_next_page_token(
        MakePageToken(request, fmt::format("{} {}", page.next->indicators, page.next->label)));
  }
  return absl::OkStatus();
}

}  // namespace duban
