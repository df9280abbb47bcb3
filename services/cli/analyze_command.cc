// SPDX-License-Identifier: Apache-2.0
// duban analyze: the whole analysis of reports, in-process.

#include <fmt/format.h>

#include <map>

#include "absl/flags/flag.h"
#include "common/base/status.h"
#include "services/cli/commands.h"
#include "services/cli/figure_cells.h"
#include "services/cli/local_analysis.h"
#include "services/cli/output.h"
#include "services/cli/report_list.h"

ABSL_FLAG(std::string, catalog, "", "analyze, track: file of metrics in place of the built-in ones");

namespace duban {
namespace {

std::vector<std::string> IndicatorRow(const v1::Indicator& indicator) {
  std::vector<std::string> row = {indicator.label()};
  for (std::string& cell : FigureCells(indicator)) row.push_back(std::move(cell));
  row.insert(row.end(), {indicator.year() == 0 ? "" : fmt::format("{}", indicator.year()), indicator.metric()});
  return row;
}

// 鼓楼区 (320106, 320302 or 350102: the report does not tell which)
std::string RegionText(const v1::Region& region) {
  std::string text = Printable(region.name());
  for (int i = 0; i < region.candidate_codes_size(); ++i) {
    const bool last = i + 1 == region.candidate_codes_size();
    text += (i == 0 ? " (" : last ? " or " : ", ") + region.candidate_codes(i);
  }
  return region.candidate_codes().empty() ? text : text + ": the report does not tell which)";
}

// 2023, or 2023 (months 1-6) for a part of it.
std::string PeriodText(const v1::Document& document) {
  const v1::Period& period = document.period();
  const bool whole = !document.has_period() || (period.first_month() == 1 && period.last_month() == 12);
  if (whole) return fmt::format("{}", document.report_year());
  return fmt::format("{} (months {}-{})", document.report_year(), period.first_month(), period.last_month());
}

// What is known of the document, in a line.
std::string DocumentText(const v1::Document& document) {
  std::string line = Printable(document.agency().display_name());
  const auto add = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) line += fmt::format("{}{}{}", line.empty() ? "" : "  ", label, value);
  };
  add("", RegionText(document.region()));
  if (document.report_year() != 0) add("report ", PeriodText(document));
  if (document.plan_year() != 0) add("plan ", std::to_string(document.plan_year()));
  add("made ", document.made_at());
  add("signed ", document.signed_at());
  add("published ", document.published_at());
  if (!document.language().starts_with("zh")) add("language ", document.language());
  return line;
}

void PrintPlanItems(const v1::Analysis& analysis) {
  fmt::print("\nplan items: {}\n", analysis.plan_items_size());
  Table items({"item", "promise", "unit", "due", "theme"});
  for (const v1::PlanItem& item : analysis.plan_items()) {
    items.Add({item.id(), item.marker() + item.title(), item.responsible_unit(), item.due_date(), item.theme()});
  }
  if (!items.empty()) PrintTable(items, Format::kTable);
}

// Each problem with the plan items that answer it.
void PrintProblems(const v1::Analysis& analysis) {
  std::map<std::string, std::string> answers;
  for (const v1::PlanItem& item : analysis.plan_items()) {
    if (item.problem().empty()) continue;
    std::string& ids = answers[item.problem()];
    ids += (ids.empty() ? "" : ", ") + item.id();
  }
  fmt::print("\nproblems: {}, {} that no plan item answers\n", analysis.problems_size(),
             analysis.problems_size() - static_cast<int>(answers.size()));
  for (const v1::Problem& problem : analysis.problems()) {
    const auto found = answers.find(problem.id());
    fmt::print("  {} {}  {}\n", problem.id(), Printable(problem.title()),
               found == answers.end() ? "[no plan item]" : fmt::format("[{}]", found->second));
  }
}

void PrintText(const v1::Analysis& analysis) {
  const v1::Document& document = analysis.document();
  fmt::print("{}\n{}\n\n", Printable(document.title()), DocumentText(document));
  for (const v1::Section& section : analysis.sections()) {
    if (section.marker().empty() && section.heading().empty()) continue;
    fmt::print("{:{}}{}{}  [{}]\n", "", section.level() * 2, Printable(section.marker()), Printable(section.heading()),
               v1::Section::Role_Name(section.role()));
  }
  Table indicators(WithFigureHeads({"indicator"}, {"year", "metric"}));
  for (const v1::Indicator& indicator : analysis.indicators()) indicators.Add(IndicatorRow(indicator));
  fmt::print("\nindicators: {}\n", analysis.indicators_size());
  if (!indicators.empty()) PrintTable(indicators, Format::kTable);
  PrintPlanItems(analysis);
  PrintProblems(analysis);
  fmt::print("\nfindings: {}\n", analysis.findings_size());
  for (const v1::Finding& finding : analysis.findings()) {
    fmt::print("  {}: {}\n", v1::Finding::Type_Name(finding.type()), Printable(finding.message()));
  }
}

// One CSV for all files: a row per indicator.
void AddCsvRows(const std::string& path, const v1::Analysis& analysis, Table* table) {
  for (const v1::Indicator& indicator : analysis.indicators()) {
    std::vector<std::string> row = {path, analysis.document().agency().display_name()};
    for (std::string& cell : IndicatorRow(indicator)) row.push_back(std::move(cell));
    table->Add(std::move(row));
  }
}

absl::StatusOr<v1::Analysis> AnalyzeSource(const LocalAnalysis& local, const ReportSource& source) {
  auto bytes = source.read();
  if (!bytes.ok()) return Annotate(bytes.status(), source.source_uri);
  auto analysis = local.Analyze(*bytes, source.source_uri);
  if (!analysis.ok()) return Annotate(analysis.status(), source.source_uri);
  return analysis;
}

// A text without agency, year and headings is analysed all the same, but is hardly a work report.
void WarnIfNoReport(const std::string& path, const v1::Analysis& analysis) {
  const v1::Document& document = analysis.document();
  if (document.agency().display_name().empty() && document.report_year() == 0 && document.plan_year() == 0) {
    fmt::print(stderr, "duban: {}: neither agency nor year found; is it a work report?\n", path);
  }
}

// Verdicts make sense for one agency's later reports only.
void WarnIfNotLater(const std::string& path, const v1::Document& plan, const v1::Document& result) {
  if (!plan.agency().name().empty() && !result.agency().name().empty() &&
      plan.agency().name() != result.agency().name()) {
    fmt::print(stderr, "duban: {}: of {}, the plan is of {}\n", path, result.agency().display_name(),
               plan.agency().display_name());
  }
  if (plan.plan_year() != 0 && result.report_year() != 0 && result.report_year() < plan.plan_year()) {
    fmt::print(stderr, "duban: {}: reports on {}, the plan is for {}\n", path, result.report_year(), plan.plan_year());
  }
}

void PrintTracking(const v1::TrackReport& report) {
  Table table({"item", "promise", "status", "score", "evidence"});
  std::map<std::string, int> counts;
  for (const v1::Tracking& tracking : report.items()) {
    const std::string status = v1::Tracking::Status_Name(tracking.status());
    ++counts[status];
    table.Add({tracking.plan_item().id(), tracking.plan_item().title(), status, fmt::format("{:.2f}", tracking.score()),
               tracking.evidence().empty() ? "" : tracking.evidence(0).text()});
  }
  PrintTable(table, Format::kTable);
  for (const auto& [status, count] : counts) fmt::print("{} {}  ", status, count);
  fmt::print("\n");
}

}  // namespace

int AnalyzeCommand(const Arguments& files) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (files.empty())
    return WrongUsage(
        absl::InvalidArgumentError("analyze: no FILE, want files, folders or zips (- is standard input)"));
  const auto local = LocalAnalysis::Create(absl::GetFlag(FLAGS_catalog));
  if (!local.ok()) return Fail(local.status());
  int code = 0;
  Table csv(WithFigureHeads({"file", "agency", "indicator"}, {"year", "metric"}));
  const auto sources = ListReports(files);
  if (!sources.ok()) return Fail(sources.status());
  bool first = true;
  for (const ReportSource& source : *sources) {
    const auto analysis = AnalyzeSource(**local, source);
    if (analysis.ok()) WarnIfNoReport(source.source_uri, *analysis);
    if (!analysis.ok()) {
      code = Fail(analysis.status());
    } else if (*format == Format::kJson) {
      PrintJson(*analysis);
    } else if (*format == Format::kCsv) {
      AddCsvRows(source.source_uri, *analysis, &csv);
    } else {
      if (sources->size() > 1) fmt::print("{}═══ {}\n", first ? "" : "\n", Printable(source.source_uri));
      first = false;
      PrintText(*analysis);
    }
  }
  if (*format == Format::kCsv) PrintTable(csv, Format::kCsv);
  return code;
}

int TrackCommand(const Arguments& files) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  if (files.size() < 2)
    return WrongUsage(absl::InvalidArgumentError("track: want PLAN_FILE and one or more RESULT_FILE"));
  const auto local = LocalAnalysis::Create(absl::GetFlag(FLAGS_catalog));
  if (!local.ok()) return Fail(local.status());
  std::vector<v1::Analysis> analyses;
  for (const std::string& path : files) {
    auto analysis = AnalyzeSource(**local, {path, [&] { return ReadInput(path); }});
    if (!analysis.ok()) return Fail(analysis.status());
    analyses.push_back(*std::move(analysis));
  }
  for (size_t i = 1; i < analyses.size(); ++i) {
    WarnIfNotLater(files[i], analyses.front().document(), analyses[i].document());
  }
  const v1::TrackReport report = (*local)->Track(analyses.front(), std::span(analyses).subspan(1));
  if (*format == Format::kJson) {
    PrintJson(report);
  } else {
    PrintTracking(report);
  }
  return 0;
}

}  // namespace duban
