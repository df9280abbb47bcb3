// SPDX-License-Identifier: Apache-2.0
#include "services/plan/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <regex>
#include <set>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"
#include "services/plan/export_sheet.h"

namespace duban {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kAgency[] = "agencies/0123456789abcdef";
constexpr char kItem[] = "agencies/0123456789abcdef/planItems/0123456789abcdef0123456789abcdef-p";

const PlanExporter& Exporter() {
  static const PlanExporter* const kExporter = new PlanExporter(PlanExporter::Create().value());
  return *kExporter;
}

v1::Tracking MakeTracking(int place, v1::Tracking::Status status, const std::string& title) {
  v1::Tracking tracking;
  v1::PlanItem& item = *tracking.mutable_plan_item();
  item.set_id("p" + std::to_string(place));
  item.set_name(kItem + std::to_string(place));
  item.set_document("documents/0123456789abcdef0123456789abcdef");
  item.set_year(2024);
  item.set_title(title);
  item.set_text(title + "，年内完成。");
  item.add_path("下一年打算");
  tracking.set_name(item.name() + "/tracking");
  tracking.set_status(status);
  tracking.set_machine_status(status);
  tracking.set_score(0.875);
  tracking.set_overdue(status != v1::Tracking::DELIVERED);
  return tracking;
}

// A promise with a number kept, one overruled by a person, one without a report yet.
PlanExport MakeExport() {
  PlanExport plan{.agencies = {{kAgency, "青岚县司法局"}}, .as_of = "2025-02-01"};
  v1::Tracking counted = MakeTracking(1, v1::Tracking::DELIVERED, "培训调解员600人次");
  counted.mutable_target()->set_planned(600);
  counted.mutable_target()->set_actual(652);
  counted.mutable_target()->set_unit("人次");
  counted.mutable_target()->set_met(true);
  counted.mutable_target()->set_comparator(v1::PlanTarget::AT_LEAST);
  counted.mutable_plan_item()->set_theme("mediation");
  counted.mutable_plan_item()->set_responsible_unit("基层科");
  counted.mutable_plan_item()->add_cooperating_units("办公室");
  counted.mutable_plan_item()->add_cooperating_units("各司法所");
  v1::PlanTarget& promised = *counted.mutable_plan_item()->add_plan_targets();
  promised.set_comparator(v1::PlanTarget::AT_LEAST);
  promised.set_value(600);
  promised.set_unit("人次");
  counted.add_evidence()->set_text("全年培训调解员652人次");
  v1::Tracking reviewed = MakeTracking(2, v1::Tracking::MISSED, "建成服务中心");
  reviewed.set_machine_status(v1::Tracking::PARTIAL);
  reviewed.mutable_review()->set_status(v1::Tracking::MISSED);
  reviewed.mutable_review()->set_reviewer("督查室 周某");
  reviewed.mutable_review()->set_reason("现场\"核实\"，未建成");
  *reviewed.mutable_review()->mutable_review_time() =
      google::protobuf::util::TimeUtil::SecondsToTimestamp(1738368000);  // 2025-02-01
  reviewed.mutable_plan_item()->mutable_assignment()->set_responsible_unit("基层科");
  reviewed.mutable_plan_item()->mutable_assignment()->set_due_date("2024-09-30");
  plan.trackings = {counted, reviewed, MakeTracking(3, v1::Tracking::PENDING, "编印案例集")};
  return plan;
}

TEST(PlanExportTest, CsvHasALineForEachTracking) {
  const std::string csv = Exporter().Csv(MakeExport());
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBF序号,单位,年度,工作任务,工作领域,责任单位,配合单位,完成时限,"));
  EXPECT_THAT(csv, HasSubstr("\r\n1,青岚县司法局,2024,培训调解员600人次,人民调解,基层科,办公室、各司法所,2024-12-31,"
                             "已完成,,不少于,600人次,"
                             "652人次,全年培训调解员652人次,已完成,0.88,,,,"));
  EXPECT_THAT(
      csv,
      HasSubstr("\r\n2,青岚县司法局,2024,建成服务中心,,基层科,,2024-09-30,未完成,逾期,,,,,部分完成,0.88,督查室 周某,"
                "2025-02-01,\"现场\"\"核实\"\"，未建成\","));
  EXPECT_THAT(csv, EndsWith("\r\n"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
}

TEST(PlanExportTest, CsvCellsAreNoFormulas) {
  for (const std::string title : {"=HYPERLINK(\"x\")", "+1+f()", "-1+f()", "@SUM(A1)", "\tx"}) {
    const std::string csv = Exporter().Csv({.trackings = {MakeTracking(1, v1::Tracking::PENDING, title)}});
    EXPECT_THAT(csv, AllOf(HasSubstr("'" + title.substr(0, 1)), Not(HasSubstr("," + title)))) << title;
  }
}

TEST(PlanExportTest, HtmlEscapesEverything) {
  PlanExport plan = MakeExport();
  const std::string attack = "<script>alert('1' & \"2\")</script>";
  plan.agencies[kAgency] = attack;
  plan.trackings[0].mutable_plan_item()->set_title(attack);
  plan.trackings[1].mutable_review()->set_reason(attack);
  const std::string html = Exporter().Html(plan);
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  const std::string escaped = "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;";
  EXPECT_THAT(html, AllOf(HasSubstr("<td>" + escaped), HasSubstr("<h1>" + escaped)));
}

// The page is well-formed XML too but for its doctype and its meta element.
TEST(PlanExportTest, HtmlHasATableForEachAgency) {
  PlanExport plan = MakeExport();
  plan.trackings.push_back(MakeTracking(1, v1::Tracking::MISSED, "另一机构的事项"));
  plan.trackings.back().mutable_plan_item()->set_name(
      "agencies/fedcba9876543210/planItems/0123456789abcdef0123456789abcdef-p1");
  std::string html = Exporter().Html(plan);
  html.replace(html.find("<meta charset=\"utf-8\">"), 22, "");
  pugi::xml_document page;
  ASSERT_TRUE(page.load_string(html.c_str()));
  const pugi::xml_node body = page.child("html").child("body");
  std::vector<size_t> lines;
  for (const pugi::xml_node table : body.children("table")) {
    const auto rows = table.child("tbody").children("tr");
    lines.push_back(std::distance(rows.begin(), rows.end()));
    for (const pugi::xml_node row : rows) {
      EXPECT_EQ(std::distance(row.begin(), row.end()),
                std::distance(table.child("thead").child("tr").begin(), table.child("thead").child("tr").end()));
    }
  }
  EXPECT_THAT(lines, ElementsAre(3, 1));
  EXPECT_THAT(body.child("h1").text().get(), HasSubstr("青岚县司法局"));
  EXPECT_THAT(body.child("p").text().get(), HasSubstr("2025-02-01"));
}

// An element's children in order, as the schema PerformancePlanOrReport 2.2 (16 February 2016) has them: `name`,
// `name?` for one that may be missing, `name*` for any number. What is not here holds text.
const std::map<std::string, std::vector<std::string>>& StratmlSequences() {
  static const auto* const sequences = new std::map<std::string, std::vector<std::string>>{
      {"PerformancePlanOrReport",
       {"Name", "Description?", "OtherInformation?", "StrategicPlanCore", "AdministrativeInformation?", "Submitter?"}},
      {"StrategicPlanCore", {"Organization*", "Vision?", "Mission?", "Value*", "Goal*"}},
      {"Organization", {"Name?", "Acronym?", "Identifier?", "Description?", "Stakeholder*"}},
      {"Vision", {"Description?", "Identifier?"}},
      {"Mission", {"Description?", "Identifier?"}},
      {"Goal",
       {"Name", "Description", "Identifier?", "SequenceIndicator?", "Stakeholder*", "OtherInformation?", "Objective*"}},
      {"Objective",
       {"Name?", "Description?", "Identifier?", "SequenceIndicator?", "Stakeholder*", "OtherInformation?",
        "PerformanceIndicator*"}},
      {"Stakeholder", {"Name", "Description?", "Role*"}},
      {"Role", {"Name", "Description?", "RoleType*"}},
      {"PerformanceIndicator",
       {"SequenceIndicator?", "MeasurementDimension", "UnitOfMeasurement", "Identifier?", "Relationship*",
        "MeasurementInstance*", "OtherInformation?"}},
      {"MeasurementInstance", {"TargetResult*", "ActualResult*"}},
      {"TargetResult", {"StartDate?", "EndDate?", "NumberOfUnits?", "Descriptor?", "Description?"}},
      {"ActualResult", {"StartDate?", "EndDate?", "NumberOfUnits?", "Descriptor?", "Description?"}},
      {"Descriptor", {"DescriptorName?", "DescriptorValue?"}},
      {"AdministrativeInformation", {"Identifier?", "StartDate?", "EndDate?", "PublicationDate?", "Source?"}},
  };
  return *sequences;
}

// Checks `node` and all below it against StratmlSequences, and texts and attributes against the schema's simple types.
void ExpectStratml(const pugi::xml_node& node) {
  const std::map<std::string, std::string> texts = {{"NumberOfUnits", "-?[0-9]*\\.?[0-9]*"},
                                                    {"StartDate", "([0-9]{4}-[0-9]{2}-[0-9]{2})?"},
                                                    {"EndDate", "([0-9]{4}-[0-9]{2}-[0-9]{2})?"},
                                                    {"RoleType", "Performer|Beneficiary"},
                                                    {"Identifier", "[_A-Za-z][-._A-Za-z0-9]*"}};
  const std::map<std::string, std::string> attributes = {
      {"Type", "Strategic_Plan|Performance_Plan|Performance_Report"},
      {"StakeholderTypeType", "Person|Organization|Generic_Group"},
      {"PerformanceIndicatorType", "Quantitative|Qualitative"},
      {"ValueChainStage", "Outcome|Output_Processing|Output|Input_Processing|Input"}};
  for (const pugi::xml_attribute attribute : node.attributes()) {
    if (const auto type = attributes.find(attribute.name()); type != attributes.end()) {
      EXPECT_TRUE(std::regex_match(attribute.value(), std::regex(type->second))) << attribute.value();
    }
  }
  const auto sequence = StratmlSequences().find(node.name());
  if (sequence == StratmlSequences().end()) {
    EXPECT_EQ(node.select_node("*").node().name(), std::string()) << node.name() << " holds text";
    if (const auto type = texts.find(node.name()); type != texts.end()) {
      EXPECT_TRUE(std::regex_match(node.text().get(), std::regex(type->second))) << node.name() << node.text().get();
    }
    return;
  }
  pugi::xml_node child = node.first_child();
  for (std::string name : sequence->second) {
    const char many = name.back();
    if (many == '?' || many == '*') name.pop_back();
    if (many != '?' && many != '*') {
      EXPECT_STREQ(child.name(), name.c_str()) << "in " << node.name();
    }
    while (name == child.name()) {
      ExpectStratml(child);
      child = child.next_sibling();
      if (many != '*') break;
    }
  }
  EXPECT_STREQ(child.name(), "") << "out of order in " << node.name();
}

TEST(PlanExportTest, StratmlHasTheStructureOfThePart) {
  const auto xml = Exporter().Stratml(MakeExport());
  ASSERT_TRUE(xml.ok()) << xml.status();
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(xml->c_str()));
  const pugi::xml_node root = document.child("PerformancePlanOrReport");
  EXPECT_STREQ(root.attribute("xmlns").value(), "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport");
  ExpectStratml(root);
  const pugi::xml_node core = root.child("StrategicPlanCore");
  EXPECT_STREQ(core.child("Organization").child("Name").text().get(), "青岚县司法局");
  const pugi::xml_node goal = core.child("Goal");
  EXPECT_TRUE(goal.next_sibling("Goal").empty());
  EXPECT_STREQ(goal.child("Name").text().get(), "下一年打算");
  std::set<std::string> identifiers;
  int objectives = 0;
  for (const pugi::xml_node objective : goal.children("Objective")) {
    ++objectives;
    const std::string identifier = objective.child("Identifier").text().get();
    EXPECT_TRUE(identifiers.insert(identifier).second) << identifier;
    EXPECT_EQ(identifier.find('/'), std::string::npos) << identifier;
  }
  EXPECT_EQ(objectives, 3);
  const pugi::xml_node counted = goal.child("Objective").child("PerformanceIndicator");
  EXPECT_STREQ(counted.attribute("PerformanceIndicatorType").value(), "Quantitative");
  EXPECT_STREQ(counted.child("UnitOfMeasurement").text().get(), "人次");
  const pugi::xml_node instance = counted.child("MeasurementInstance");
  EXPECT_STREQ(instance.child("TargetResult").child("NumberOfUnits").text().get(), "600");
  EXPECT_STREQ(instance.child("TargetResult").child("Description").text().get(), "不少于");
  EXPECT_STREQ(instance.child("ActualResult").child("NumberOfUnits").text().get(), "652");
  std::vector<std::string> performers;
  for (const pugi::xml_node stakeholder : goal.child("Objective").children("Stakeholder")) {
    performers.push_back(std::string(stakeholder.child("Role").child("Name").text().get()) + " " +
                         stakeholder.child("Name").text().get());
  }
  EXPECT_THAT(performers, ElementsAre("责任单位 基层科", "配合单位 办公室", "配合单位 各司法所"));
  EXPECT_STREQ(instance.child("ActualResult").child("EndDate").text().get(), "2024-12-31");
  const pugi::xml_node reviewed = goal.child("Objective").next_sibling("Objective");
  EXPECT_STREQ(reviewed.child("Stakeholder").child("Name").text().get(), "基层科");
  EXPECT_STREQ(reviewed.select_node(".//ActualResult/Descriptor/DescriptorValue").node().text().get(), "MISSED");
  EXPECT_TRUE(reviewed.next_sibling("Objective").select_node(".//ActualResult").node().empty()) << "PENDING";
}

TEST(PlanExportTest, StratmlIsOfOneAgency) {
  EXPECT_TRUE(absl::IsInvalidArgument(Exporter().Stratml({}).status()));
  PlanExport plan = MakeExport();
  plan.trackings[1].mutable_plan_item()->set_name(
      "agencies/fedcba9876543210/planItems/0123456789abcdef0123456789abcdef-p1");
  EXPECT_TRUE(absl::IsInvalidArgument(Exporter().Stratml(plan).status()));
}

TEST(PlanExportTest, StratmlWritesNoControlCharacters) {
  PlanExport plan = MakeExport();
  plan.trackings[0].mutable_plan_item()->set_title("前\x01<后&\"");
  const auto xml = Exporter().Stratml(plan);
  ASSERT_TRUE(xml.ok());
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(xml->c_str()));
  EXPECT_STREQ(document.select_node("//Objective/Name").node().text().get(), "前<后&\"");
}

TEST(PlanExportTest, IatiHasIndicatorTargetActualAndPeriod) {
  const std::string json = Exporter().Iati(MakeExport());
  for (const char* key : {"\"iati-activity\"", "\"iati-identifier\"", "\"reporting-org\"", "\"period-start\"",
                          "\"iso-date\"", "\"xml:lang\""}) {
    EXPECT_THAT(json, HasSubstr(key));
  }
  IatiResults results;  // an unknown key would fail
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &results).ok()) << json;
  ASSERT_EQ(results.activity_size(), 1);
  const IatiResults::Activity& activity = results.activity(0);
  EXPECT_EQ(activity.identifier(), "0123456789abcdef-2024");
  EXPECT_EQ(activity.reporting_org().narrative(0).text(), "青岚县司法局");
  ASSERT_EQ(activity.result_size(), 3);
  const IatiResults::Indicator& counted = activity.result(0).indicator(0);
  EXPECT_EQ(counted.measure(), "1");
  EXPECT_TRUE(counted.ascending());
  EXPECT_EQ(counted.period(0).target(0).value(), "600");
  EXPECT_EQ(counted.period(0).actual(0).value(), "652");
  EXPECT_EQ(counted.period(0).period_start().iso_date(), "2024-01-01");
  EXPECT_EQ(counted.period(0).period_end().iso_date(), "2024-12-31");
  const IatiResults::Indicator& reviewed = activity.result(1).indicator(0);
  EXPECT_EQ(reviewed.measure(), "5");
  EXPECT_FALSE(reviewed.period(0).target(0).has_value());
  EXPECT_EQ(reviewed.period(0).actual(0).comment().narrative(0).text(), "未完成");
  EXPECT_EQ(reviewed.period(0).period_end().iso_date(), "2024-09-30");
  EXPECT_EQ(activity.result(2).indicator(0).period(0).actual_size(), 0) << "PENDING";
}

TEST(PlanExportTest, IatiHasTheBaselineWhereItIsKnown) {
  PlanExport plan = MakeExport();
  v1::PlanItem& item = *plan.trackings[0].mutable_plan_item();
  item.mutable_span()->set_begin(10);
  item.mutable_span()->set_end(50);
  v1::IndicatorSet set;
  const auto add = [&](int begin, const char* unit, double value, v1::Indicator::Aspect aspect) {
    v1::Indicator& indicator = *set.add_indicators();
    indicator.mutable_span()->set_begin(begin);
    indicator.set_aspect(aspect);
    indicator.set_year(2023);
    indicator.set_label("培训调解员");
    indicator.mutable_quantity()->set_value(value);
    indicator.mutable_quantity()->set_unit(unit);
  };
  add(5, "人次", 1, v1::Indicator::BASELINE);
  add(20, "场", 2, v1::Indicator::BASELINE);
  add(25, "人次", 600, v1::Indicator::TARGET);
  EXPECT_FALSE(BaselineOf(item, set).has_value());
  add(30, "人次", 540, v1::Indicator::BASELINE);
  const auto baseline = BaselineOf(item, set);
  ASSERT_TRUE(baseline.has_value());
  plan.baselines.emplace(item.name(), *baseline);
  IatiResults results;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Exporter().Iati(plan), &results).ok());
  ASSERT_EQ(results.activity(0).result(0).indicator(0).baseline_size(), 1);
  EXPECT_EQ(results.activity(0).result(0).indicator(0).baseline(0).value(), "540");
  EXPECT_EQ(results.activity(0).result(0).indicator(0).baseline(0).year(), "2023");
  EXPECT_EQ(results.activity(0).result(1).indicator(0).baseline_size(), 0);
}

// A figure of any size is a decimal, as XML Schema wants it.
TEST(PlanExportTest, FiguresHaveNoExponent) {
  for (const auto& [value, text] : std::initializer_list<std::pair<double, const char*>>{
           {600, "600"}, {98.5, "98.5"}, {3e17, "300000000000000000.000000"}, {1e-7, "0.000000"}, {-4, "-4"}}) {
    EXPECT_EQ(FigureText(value), text);
  }
}

TEST(PlanExportTest, IatiTellsWhetherMoreIsBetter) {
  struct Case {
    double planned, actual;
    bool met, ascending;
  };
  for (const Case& c : std::initializer_list<Case>{{10, 12, true, true},
                                                   {10, 8, false, true},
                                                   {10, 8, true, false},
                                                   {10, 12, false, false},
                                                   {10, 10, true, true}}) {
    PlanExport plan = MakeExport();
    v1::Tracking::Target& target = *plan.trackings[0].mutable_target();
    target.clear_comparator();
    target.set_planned(c.planned);
    target.set_actual(c.actual);
    target.set_met(c.met);
    IatiResults results;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Exporter().Iati(plan), &results).ok());
    EXPECT_EQ(results.activity(0).result(0).indicator(0).ascending(), c.ascending) << c.planned << " " << c.actual;
  }
  PlanExport plan = MakeExport();
  plan.trackings[0].mutable_target()->set_comparator(v1::PlanTarget::AT_MOST);
  IatiResults results;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Exporter().Iati(plan), &results).ok());
  EXPECT_FALSE(results.activity(0).result(0).indicator(0).ascending());
}

}  // namespace
}  // namespace duban
