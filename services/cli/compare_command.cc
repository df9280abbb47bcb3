// SPDX-License-Identifier: Apache-2.0
// duban compare: one metric across agencies and years. A table has a line for each agency and a column for each year;
// CSV and JSON have all there is of every cell.

#include <fmt/format.h>

#include <optional>

#include "services/cli/commands.h"
#include "services/cli/pages.h"

namespace duban {
namespace {

using Cell = v1::CompareMetricResponse::Cell;
using Row = v1::CompareMetricResponse::Row;

std::string NameOf(const v1::Agency& agency) {
  return agency.display_name().empty() ? agency.name() : agency.display_name();
}

std::string GrowthText(const Cell& cell, const v1::Metric& metric) {
  if (!cell.has_growth()) return "";
  return fmt::format("{:+.1f}{}", cell.growth(), metric.kind() == v1::Quantity::PERCENT ? "pp" : "%");
}

// 786 宗  #1/4  +12.3%; why there is nothing in parentheses.
std::string CellText(const Cell& cell, const v1::Metric& metric) {
  if (cell.gap() == Cell::NO_REPORT) return "(no report)";
  if (cell.gap() == Cell::NOT_STATED) return "(not stated)";
  const std::string growth = GrowthText(cell, metric);
  return fmt::format("{}{}  #{}/{}{}{}", NumberText(cell.value()), cell.unit(), cell.rank(), cell.ranked(),
                     growth.empty() ? "" : "  ", growth);
}

std::vector<std::string> CsvRow(const Row& row, const Cell& cell) {
  std::vector<std::string> cells = {row.agency().name(), NameOf(row.agency()), row.region_code(),
                                    fmt::format("{}", cell.year())};
  if (cell.gap() != Cell::GAP_UNSPECIFIED) {
    cells.insert(cells.end(), {"", "", "", "", "", Cell::Gap_Name(cell.gap()), "", ""});
    return cells;
  }
  cells.insert(cells.end(),
               {NumberText(cell.value()), cell.unit(), fmt::format("{}", cell.rank()), fmt::format("{}", cell.ranked()),
                cell.has_growth() ? fmt::format("{:.2f}", cell.growth()) : "", "", cell.indicator().name(),
                cell.indicator().evidence()});
  return cells;
}

// The lines of all pages, as one table: the columns are the same on each.
class Comparison {
 public:
  explicit Comparison(Format format) : format_(format) {}

  void Add(const v1::CompareMetricResponse& page) {
    if (!table_.has_value()) table_.emplace(Heads(page));
    for (const Row& row : page.rows()) {
      if (format_ == Format::kJson) {
        PrintJson(row);
      } else if (format_ == Format::kCsv) {
        for (const Cell& cell : row.cells()) table_->Add(CsvRow(row, cell));
      } else {
        std::vector<std::string> cells = {NameOf(row.agency())};
        for (const Cell& cell : row.cells()) cells.push_back(CellText(cell, page.metric()));
        table_->Add(std::move(cells));
      }
    }
  }

  // `ok`: all pages came.
  void Print(bool ok) const {
    const bool none = !table_.has_value() || table_->empty();
    if (!none) PrintTable(*table_, format_);
    if (none && format_ == Format::kTable && ok) fmt::print("none\n");
  }

 private:
  std::vector<std::string> Heads(const v1::CompareMetricResponse& page) const {
    if (format_ == Format::kCsv) {
      return {"agency", "name",   "region", "year", "value",     "unit",
              "rank",   "ranked", "growth", "gap",  "indicator", "evidence"};
    }
    std::vector<std::string> heads = {page.metric().display_name()};
    for (int32_t year : page.years()) heads.push_back(fmt::format("{}", year));
    return heads;
  }

  const Format format_;
  std::optional<Table> table_;
};

}  // namespace

int CompareCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (arguments.size() != 1) return WrongUsage(absl::InvalidArgumentError("compare: want one METRIC (duban metrics)"));
  if (const absl::Status filters = CheckFilters({"agency", "region", "year"}); !filters.ok())
    return WrongUsage(filters);
  v1::CompareMetricRequest request;
  request.set_metric(arguments.front());
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  const auto agencies = AgencyFlags();
  if (!agencies.ok()) return FailOrWrongUsage(agencies.status());
  request.mutable_agencies()->Assign(agencies->begin(), agencies->end());
  const auto years = YearFlags();
  if (!years.ok()) return FailOrWrongUsage(years.status());
  request.mutable_years()->Assign(years->begin(), years->end());
  Comparison comparison(*format);
  const auto stub = IndicatorStub();
  return ForEachPage(
      *stub, &v1::IndicatorService::StubInterface::CompareMetric, std::vector{request},
      [&](const v1::CompareMetricResponse& page) { comparison.Add(page); }, [&](bool ok) { comparison.Print(ok); });
}

}  // namespace duban
