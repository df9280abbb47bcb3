// SPDX-License-Identifier: Apache-2.0
// duban plan: the ledger of what was promised.

#include "services/cli/plan_commands.h"

#include <fmt/format.h>

#include "services/plan/workflow.h"

ABSL_FLAG(std::string, status, "",
          "only this verdict: DELIVERED, PARTIAL, MISSED, CARRIED_OVER, NOT_REPORTED or PENDING; for plan review "
          "NAME override: the one that holds");
ABSL_FLAG(std::string, unit, "",
          "only what this unit answers for (a part of its name will do); for plan assign: the unit");
ABSL_FLAG(std::string, theme, "", "only plan items of this theme, e.g. legal_aid (duban plan themes lists them)");
ABSL_FLAG(std::string, as_of, "", "the day YYYY-MM-DD to tell for what is overdue");
ABSL_FLAG(bool, overdue, false, "only what is overdue on --as_of");
ABSL_FLAG(int, min_years, 0, "for plan chains: only what was promised in at least so many plans; 0: 2");
ABSL_FLAG(bool, unanswered, false, "for plan problems: only those that no plan item of the report answers");
ABSL_FLAG(double, needs_review_below, 0,
          "only what a person should look at: unreviewed verdicts with a score below this, and reviewed ones that "
          "changed since; 0: all");

namespace duban {
namespace {

constexpr std::string_view kTrackingSuffix = "/tracking";

// A table whose last column holds names that another command wants whole.
Table WholeNames(const std::vector<std::string>& heads) { return Table(heads, static_cast<int>(heads.size()) - 1); }

std::vector<std::string> TrackingRow(const v1::Tracking& tracking) {
  return {tracking.plan_item().agency_display_name(),
          fmt::format("{}", tracking.plan_item().year()),
          tracking.plan_item().title(),
          v1::Tracking::Status_Name(tracking.status()),
          fmt::format("{:.2f}", tracking.score()),
          tracking.has_review() ? tracking.review().reviewer() : "",
          tracking.effective_due_date() + (tracking.overdue() ? " overdue" : ""),
          tracking.evidence().empty() ? "" : tracking.evidence(0).text(),
          tracking.plan_item().name()};
}

std::vector<std::string> PlanItemRow(const v1::PlanItem& item) {
  return {item.agency_display_name(),
          fmt::format("{}", item.year()),
          item.title(),
          EffectiveDueDate(item),
          EffectiveUnit(item),
          item.theme(),
          item.name()};
}

std::vector<std::string> SummaryRow(const v1::PlanSummary& summary) {
  std::string statuses;
  for (const auto& row : summary.statuses()) {
    statuses += fmt::format("{}{} {} ({:.0f} %)", statuses.empty() ? "" : ", ", v1::Tracking::Status_Name(row.status()),
                            row.count(), row.share() * 100);
  }
  std::string themes;
  for (const auto& row : summary.themes()) {
    themes += fmt::format("{}{} {}/{}", themes.empty() ? "" : ", ", row.theme().empty() ? "-" : row.theme(),
                          row.delivered(), row.total());
  }
  return {summary.agency_display_name(),
          fmt::format("{}", summary.year()),
          fmt::format("{}", summary.total()),
          summary.has_delivery_rate() ? fmt::format("{:.0f} %", summary.delivery_rate() * 100) : "",
          summary.rank() == 0 ? "" : fmt::format("{} of {}", summary.rank(), summary.ranked()),
          summary.has_overdue() ? fmt::format("{}", summary.overdue()) : "",
          fmt::format("{}", summary.reviewed()),
          fmt::format("{}", summary.assigned()),
          statuses,
          themes,
          summary.agency()};
}

int ListTrackings(v1::PlanService::StubInterface& stub, Format format) {
  const auto request = PlanListRequest<v1::ListTrackingsRequest>();
  if (!request.ok()) return FailOrWrongUsage(request.status());
  return ShowPages(
      stub, &v1::PlanService::StubInterface::ListTrackings, std::vector{*request},
      &v1::ListTrackingsResponse::trackings, format,
      WholeNames({"agency", "year", "promise", "status", "score", "reviewer", "due", "evidence", "plan item"}),
      TrackingRow);
}

int ListPlanItems(v1::PlanService::StubInterface& stub, Format format) {
  const auto request = PlanListRequest<v1::ListPlanItemsRequest>();
  if (!request.ok()) return FailOrWrongUsage(request.status());
  return ShowPages(stub, &v1::PlanService::StubInterface::ListPlanItems, std::vector{*request},
                   &v1::ListPlanItemsResponse::plan_items, format,
                   WholeNames({"agency", "year", "promise", "due", "responsible", "theme", "plan item"}), PlanItemRow);
}

int Summarize(v1::PlanService::StubInterface& stub, Format format) {
  v1::SummarizePlansRequest request;
  if (!absl::GetFlag(FLAGS_theme).empty() || !absl::GetFlag(FLAGS_status).empty() ||
      !absl::GetFlag(FLAGS_unit).empty() || absl::GetFlag(FLAGS_needs_review_below) != 0 ||
      absl::GetFlag(FLAGS_overdue)) {
    return WrongUsage(absl::InvalidArgumentError(
        "plan summary: counts all promises, want none of --theme, --status, --unit, --overdue, --needs_review_below"));
  }
  const auto parent = AgencyParent();
  if (!parent.ok()) return FailOrWrongUsage(parent.status());
  const auto year = YearFlag();
  if (!year.ok()) return FailOrWrongUsage(year.status());
  request.set_parent(*parent);
  request.set_year(*year);
  request.set_as_of(absl::GetFlag(FLAGS_as_of));
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  return ShowPages(stub, &v1::PlanService::StubInterface::SummarizePlans, request,
                   &v1::SummarizePlansResponse::summaries, format,
                   {"agency", "year", "promises", "delivered", "rank", "overdue", "reviewed", "assigned", "by status",
                    "delivered by theme", "name"},
                   SummaryRow);
}

std::vector<std::string> ProblemRow(const v1::AdmittedProblem& problem) {
  std::string answers;
  for (const std::string& name : problem.plan_items()) answers += (answers.empty() ? "" : ", ") + name;
  return {fmt::format("{}", problem.report_year()), problem.problem().title(), problem.document(), answers};
}

int ListProblems(v1::PlanService::StubInterface& stub, Format format) {
  v1::ListAdmittedProblemsRequest request;
  const auto parent = AgencyParent();
  if (!parent.ok()) return FailOrWrongUsage(parent.status());
  const auto year = YearFlag();
  if (!year.ok()) return FailOrWrongUsage(year.status());
  request.set_parent(*parent);
  request.set_report_year(*year);
  request.set_unanswered(absl::GetFlag(FLAGS_unanswered));
  return ShowPages(stub, &v1::PlanService::StubInterface::ListAdmittedProblems, std::vector{request},
                   &v1::ListAdmittedProblemsResponse::problems, format,
                   WholeNames({"report year", "problem", "document", "answered by"}), ProblemRow);
}

int ListThemes(v1::PlanService::StubInterface& stub, Format format) {
  return ShowPages(stub, &v1::PlanService::StubInterface::ListThemes, v1::ListThemesRequest(),
                   &v1::ListThemesResponse::themes, format, {"theme", "name", "English name"},
                   [](const v1::Theme& theme) {
                     return std::vector{theme.id(), theme.display_name(), theme.english_name()};
                   });
}

std::vector<std::string> ChainRow(const v1::PromiseChain& chain) {
  std::string years;
  for (const v1::Tracking& tracking : chain.trackings()) {
    years += fmt::format("{}{} {}", years.empty() ? "" : ", ", tracking.plan_item().year(),
                         v1::Tracking::Status_Name(tracking.status()));
  }
  const v1::PlanItem& first = chain.trackings(0).plan_item();
  return {fmt::format("{}", chain.trackings_size()), first.title(), years, first.name()};
}

int ListChains(v1::PlanService::StubInterface& stub, Format format) {
  v1::ListPromiseChainsRequest request;
  const auto agency = AgencyFlag();
  if (!agency.ok()) return FailOrWrongUsage(agency.status());
  request.set_parent(*agency);
  request.set_min_years(absl::GetFlag(FLAGS_min_years));
  return ShowPages(stub, &v1::PlanService::StubInterface::ListPromiseChains, std::vector{request},
                   &v1::ListPromiseChainsResponse::chains, format,
                   WholeNames({"plans", "promise", "how it stood", "plan item"}), ChainRow);
}

std::string DayAndMinute(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

// Sequence, when, who, what, and the words.
std::vector<std::string> HistoryRow(const v1::HistoryEntry& entry) {
  const std::string sequence = fmt::format("{}", entry.sequence());
  if (entry.has_assignment()) {
    const v1::Assignment& change = entry.assignment();
    return {sequence, DayAndMinute(change.assign_time()), change.assigner(),
            fmt::format("assign {} {}", change.responsible_unit(), change.due_date()), change.note()};
  }
  if (entry.has_review()) {
    const v1::Review& change = entry.review();
    return {
        sequence, DayAndMinute(change.review_time()), change.reviewer(),
        fmt::format("{} {}", v1::Review::Decision_Name(change.decision()), v1::Tracking::Status_Name(change.status())),
        change.reason()};
  }
  const v1::ProgressUpdate& change = entry.progress_update();
  std::string words = change.note();
  for (const std::string& evidence : change.evidence()) words += fmt::format(" [{}]", evidence);
  return {sequence, DayAndMinute(change.create_time()), change.author(), "progress", words};
}

int Show(v1::PlanService::StubInterface& stub, const std::string& name, Format format) {
  v1::GetTrackingRequest get;
  get.set_name(name + std::string(kTrackingSuffix));
  get.set_as_of(absl::GetFlag(FLAGS_as_of));
  v1::Tracking tracking;
  const absl::Status status = FromGrpc(stub.GetTracking(CallContext().get(), get, &tracking));
  if (!status.ok()) return Fail(status);
  ShowTracking(tracking, format);
  v1::ListHistoryRequest request;
  request.set_parent(name);
  return ShowPages(stub, &v1::PlanService::StubInterface::ListHistory, request, &v1::ListHistoryResponse::entries,
                   format, {"", "time (UTC)", "who", "what", "words"}, HistoryRow);
}

// The filters that every verb heeds.
absl::Status CheckVerbFilters(const std::string& verb) {
  if (verb == "summary") return CheckFilters({"agency", "region", "year"});
  if (verb == "list" || verb == "track" || verb == "problems" || verb == "export") {
    return CheckFilters({"agency", "year"});
  }
  return verb == "watch" || verb == "chains" ? CheckFilters({"agency"}) : CheckFilters({});
}

}  // namespace

absl::StatusOr<v1::Tracking::Status> StatusFlag() {
  return EnumFlag<v1::Tracking::Status>("--status", absl::GetFlag(FLAGS_status));
}

absl::StatusOr<std::string> AgencyParent() {
  DUBAN_ASSIGN_OR_RETURN(std::string agency, AgencyFlag());
  return agency.empty() ? "agencies/-" : agency;
}

std::string PlanItemOf(const std::string& word) {
  return word.ends_with(kTrackingSuffix) ? word.substr(0, word.size() - kTrackingSuffix.size()) : word;
}

void ShowTracking(const v1::Tracking& tracking, Format format) {
  if (format == Format::kJson) {
    PrintJson(tracking);
    return;
  }
  const v1::PlanItem& item = tracking.plan_item();
  const auto line = [](std::string_view what, const std::string& text) {
    if (!text.empty()) fmt::print("{:<12} {}\n", what, text);
  };
  line("plan item", item.name());
  line("promise", item.text());
  line("year", fmt::format("{}", item.year()));
  line("responsible", EffectiveUnit(item));
  line("due", tracking.effective_due_date() + (tracking.overdue() ? " (overdue)" : ""));
  line("status", v1::Tracking::Status_Name(tracking.status()));
  line("machine", fmt::format("{} {:.2f} {}", v1::Tracking::Status_Name(tracking.machine_status()), tracking.score(),
                              tracking.rule()));
  if (tracking.has_review()) {
    line("review", fmt::format("{} by {}: {}", v1::Review::Decision_Name(tracking.review().decision()),
                               tracking.review().reviewer(), tracking.review().reason()));
  }
  for (const v1::Evidence& evidence : tracking.evidence()) {
    line("evidence", fmt::format("{} ({})", evidence.text(), evidence.document()));
  }
  line("etag", fmt::format("{} for review", tracking.etag()));
  line("item etag", fmt::format("{} for assign", item.etag()));
}

int PlanCommand(const Arguments& arguments) {
  const std::string verb = arguments.empty() ? "list" : arguments.front();
  const Arguments words(arguments.empty() ? arguments.begin() : arguments.begin() + 1, arguments.end());
  const absl::Status filters = CheckVerbFilters(verb);
  if (!filters.ok()) return WrongUsage(filters);
  const auto stub = PlanStub();
  if (verb == "export") return PlanExportCommand(*stub, words);
  const bool one = verb == "show" || verb == "assign" || verb == "update" || verb == "review";
  const auto format = FormatFlag(/*csv_allowed=*/!one);
  if (!format.ok()) return WrongUsage(format.status());
  if (verb == "list" && words.empty()) return ListPlanItems(*stub, *format);
  if (verb == "track" && words.empty()) return ListTrackings(*stub, *format);
  if (verb == "summary" && words.empty()) return Summarize(*stub, *format);
  if (verb == "problems" && words.empty()) return ListProblems(*stub, *format);
  if (verb == "themes" && words.empty()) return ListThemes(*stub, *format);
  if (verb == "watch" && words.empty()) return PlanWatch(*stub, *format);
  if (verb == "chains" && words.empty()) return ListChains(*stub, *format);
  if (verb == "show" && words.size() == 1) return Show(*stub, PlanItemOf(words[0]), *format);
  if (verb == "assign") return PlanAssign(*stub, words, *format);
  if (verb == "update") return PlanUpdate(*stub, words, *format);
  if (verb == "review") return PlanReview(*stub, words, *format);
  return WrongUsage(
      absl::InvalidArgumentError(fmt::format("plan: \"{}\" with {} words behind, want list, track, summary, problems, "
                                             "themes, chains, watch, show NAME, assign "
                                             "NAME, update NAME, review NAME accept|override or export, and flags",
                                             verb, words.size())));
}

}  // namespace duban
