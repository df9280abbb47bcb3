// SPDX-License-Identifier: Apache-2.0
// duban plan export: the 督办 sheet and its kin on stdout.

#include <fmt/format.h>

#include "services/cli/plan_commands.h"
#include "services/plan/export.h"

ABSL_DECLARE_FLAG(std::string, format);

namespace duban {
namespace {

absl::StatusOr<std::vector<v1::Tracking>> AllTrackings(v1::PlanService::StubInterface& stub,
                                                       v1::ListTrackingsRequest request) {
  std::vector<v1::Tracking> trackings;
  request.set_page_size(1000);
  do {
    v1::ListTrackingsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(stub.ListTrackings(CallContext().get(), request, &response)));
    for (v1::Tracking& tracking : *response.mutable_trackings()) trackings.push_back(std::move(tracking));
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return trackings;
}

// What the agencies of `trackings` are called, as their documents say. Those that ingest does not tell go by their
// resource names.
std::map<std::string, std::string> AgencyTitles(const std::vector<v1::Tracking>& trackings) {
  std::map<std::string, std::string> titles;
  const auto ingest = IngestStub();
  for (const v1::Tracking& tracking : trackings) {
    const std::string& name = tracking.plan_item().name();
    const std::string agency = name.substr(0, name.find("/planItems/"));
    if (titles.contains(agency)) continue;
    v1::GetDocumentRequest request;
    request.set_name(tracking.plan_item().document());
    request.set_view(v1::BASIC);
    v1::Document document;
    const absl::Status status = FromGrpc(ingest->GetDocument(CallContext().get(), request, &document));
    const std::string& title = document.agency().display_name();
    titles[agency] = status.ok() && !title.empty() ? title : agency;
    if (!status.ok()) fmt::print(stderr, "duban: name of {} unknown: {}\n", agency, Message(status));
  }
  return titles;
}

// The figures that the plan items start from, as far as the indicator service tells them.
std::map<std::string, v1::Indicator> Baselines(const std::vector<v1::Tracking>& trackings) {
  std::map<std::string, v1::Indicator> baselines;
  const auto indicators = IndicatorStub();
  v1::BatchGetIndicatorsResponse response;
  std::string document;
  for (const v1::Tracking& tracking : trackings) {
    const v1::PlanItem& item = tracking.plan_item();
    if (item.plan_targets().empty()) continue;
    if (item.document() != document) {
      document = item.document();
      v1::BatchGetIndicatorsRequest request;
      request.add_names(document);
      response.Clear();
      const absl::Status status = FromGrpc(indicators->BatchGetIndicators(CallContext().get(), request, &response));
      if (!status.ok()) fmt::print(stderr, "duban: baselines of {} unknown: {}\n", document, Message(status));
    }
    if (response.sets().empty()) continue;
    if (const auto baseline = BaselineOf(item, response.sets(0))) baselines.emplace(item.name(), *baseline);
  }
  return baselines;
}

absl::StatusOr<std::string> Export(const PlanExporter& exporter, const PlanExport& plan, const std::string& form) {
  if (form == "csv") return exporter.Csv(plan);
  if (form == "html") return exporter.Html(plan);
  if (form == "iati") return exporter.Iati(plan);
  return exporter.Stratml(plan);
}

}  // namespace

int PlanExportCommand(v1::PlanService::StubInterface& stub, const Arguments& words) {
  const std::string form = absl::GetFlag(FLAGS_format);
  if (form != "csv" && form != "html" && form != "stratml" && form != "iati") {
    return WrongUsage(InvalidField("--format", fmt::format("\"{}\", want csv, html, stratml or iati", form)));
  }
  if (!words.empty()) return WrongUsage(absl::InvalidArgumentError("plan export: takes flags only"));
  const auto request = PlanListRequest<v1::ListTrackingsRequest>();
  if (!request.ok()) return FailOrWrongUsage(request.status());
  const auto exporter = PlanExporter::Create();
  if (!exporter.ok()) return Fail(exporter.status());
  auto trackings = AllTrackings(stub, *request);
  if (!trackings.ok()) return Fail(trackings.status());
  PlanExport plan{.agencies = AgencyTitles(*trackings), .as_of = request->as_of(), .trackings = *std::move(trackings)};
  if (form == "iati") plan.baselines = Baselines(plan.trackings);
  const auto text = Export(*exporter, plan, form);
  if (!text.ok()) return Fail(Annotate(text.status(), "--agency and --year narrow the export"));
  fwrite(text->data(), 1, text->size(), stdout);
  return 0;
}

}  // namespace duban
