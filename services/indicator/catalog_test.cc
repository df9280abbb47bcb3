// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "common/base/status.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Catalog& TheCatalog() {
  static const auto& catalog = *new std::unique_ptr<const Catalog>(Catalog::Create().value());
  return *catalog;
}

v1::Quantity MakeQuantity(v1::Quantity::Kind kind, const std::string& unit) {
  v1::Quantity quantity;
  quantity.set_kind(kind);
  quantity.set_unit(unit);
  return quantity;
}

TEST(CatalogTest, FindsMetrics) {
  struct Case {
    std::string label;
    v1::Quantity::Kind kind;
    std::string unit;
    std::string id;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"受理法律援助案件", v1::Quantity::COUNT, "宗", "legal_aid.cases_accepted"},
           {"法律援助案件受理", v1::Quantity::COUNT, "件", "legal_aid.cases_accepted"},
           {"帮助受援人挽回经济损失", v1::Quantity::MONEY, "元", "legal_aid.recovered"},
           {"调解成功率", v1::Quantity::PERCENT, "%", "mediation.success_rate"},
           {"受理行政复议案件", v1::Quantity::COUNT, "宗", "reconsideration.cases_accepted"},
           {"行政复议办结", v1::Quantity::COUNT, "件", "reconsideration.cases_closed"},
           {"行政机关负责人出庭应诉率", v1::Quantity::PERCENT, "%", "litigation.head_appearance_rate"},
           {"登记在册的律师事务所", v1::Quantity::COUNT, "家", "lawyers.firms"},
           {"引进全国优秀律师事务所", v1::Quantity::COUNT, "家", "lawyers.firms_new"},
           {"执业律师", v1::Quantity::COUNT, "人", "lawyers.practising"},
           {"兼职人民调解员", v1::Quantity::COUNT, "名", "mediation.part_time_mediators"},
           {"专职调解员", v1::Quantity::COUNT, "名", "mediation.full_time_mediators"},
           {"专兼职调解员", v1::Quantity::COUNT, "名", "mediation.mediators"},
           {"新增专职调解员", v1::Quantity::COUNT, "名", "mediation.new_mediators"},
           {"选聘专职人民调解员", v1::Quantity::COUNT, "名", "mediation.new_mediators"},
           {"党员律师人数", v1::Quantity::COUNT, "人", ""},
           {"新增律师总数", v1::Quantity::COUNT, "人", ""},
           {"新增律师", v1::Quantity::COUNT, "人", "lawyers.new"},
           {"新增公职律师", v1::Quantity::COUNT, "名", "lawyers.public_new"},
           {"每万人拥有律师", v1::Quantity::COUNT, "名", "lawyers.per_10k"},
           {"办结各类公证", v1::Quantity::COUNT, "件", "notary.cases"},
           {"在册社区矫正对象", v1::Quantity::COUNT, "人", "correction.in_custody"},
           {"审查规范性文件", v1::Quantity::COUNT, "件", "review.normative_documents"},
           {"地区生产总值", v1::Quantity::MONEY, "元", "economy.gdp"},
           {"城镇居民人均可支配收入", v1::Quantity::MONEY, "元", "economy.urban_income"},
           // What there is, and what came, went or was renewed in a year.
           {"高新技术企业总数", v1::Quantity::COUNT, "家", "economy.high_tech_firms"},
           {"新增高新技术企业", v1::Quantity::COUNT, "家", ""},
           {"市场主体总量", v1::Quantity::COUNT, "户", "economy.market_entities"},
           {"新登记市场主体", v1::Quantity::COUNT, "户", "economy.market_entities_new"},
           {"新登记市场主体注销", v1::Quantity::COUNT, "户", ""},
           {"司法所", v1::Quantity::COUNT, "个", "service.justice_stations"},
           {"新建司法所", v1::Quantity::COUNT, "个", ""},
           {"改造司法所", v1::Quantity::COUNT, "个", ""},
           {"司法所完成升级", v1::Quantity::COUNT, "个", ""},
           {"医疗机构床位总数", v1::Quantity::COUNT, "张", "society.hospital_beds"},
           {"新增床位", v1::Quantity::COUNT, "张", ""},
           {"每千人口床位数", v1::Quantity::COUNT, "张", ""},
           {"法律明白人", v1::Quantity::COUNT, "名", "publicity.law_abiding_persons"},
           {"新培育“法律明白人”", v1::Quantity::COUNT, "名", "publicity.law_abiding_persons_new"},
           {"公证员", v1::Quantity::COUNT, "名", "notary.notaries"},
           {"增加公证员", v1::Quantity::COUNT, "名", ""},
           {"吊销执业律师", v1::Quantity::COUNT, "人", ""},
           // What was done to some of them or what some of them won.
           {"检查市场主体", v1::Quantity::COUNT, "户次", ""},
           {"惠及市场主体", v1::Quantity::COUNT, "户", ""},
           {"干警受到市级表彰", v1::Quantity::COUNT, "名", ""},
           {"检查公证机构", v1::Quantity::COUNT, "家", ""},
           {"执法人员轮训", v1::Quantity::COUNT, "人次", ""},
           // Who does it and what is done.
           {"司法鉴定机构", v1::Quantity::COUNT, "家", "appraisal.agencies"},
           {"司法鉴定机构办理鉴定", v1::Quantity::COUNT, "件", "appraisal.cases"},
           {"公证处", v1::Quantity::COUNT, "家", "notary.agencies"},
           {"公证机构", v1::Quantity::COUNT, "个", "notary.agencies"},
           {"公证机构办理公证", v1::Quantity::COUNT, "件", "notary.cases"},
           // A part or an outcome is not the whole.
           {"国内公证", v1::Quantity::COUNT, "件", ""},
           {"公证旧存", v1::Quantity::COUNT, "件", ""},
           {"涉外公证", v1::Quantity::COUNT, "件", "notary.foreign_cases"},
           {"问题线索", v1::Quantity::COUNT, "条", "enforcement.problems_found"},
           {"问题线索立案", v1::Quantity::COUNT, "起", ""},
           {"行政复议终止", v1::Quantity::COUNT, "件", ""},
           {"行政复议调解结案", v1::Quantity::COUNT, "件", "reconsideration.mediated"},
           {"审结刑事案件", v1::Quantity::COUNT, "件", ""},
           {"刑事案件发案", v1::Quantity::COUNT, "起", "society.crime_cases"},
           {"老旧小区惠及居民", v1::Quantity::COUNT, "户", ""},
           {"非税收入", v1::Quantity::MONEY, "元", ""},
           {"实施重点项目", v1::Quantity::COUNT, "个", "economy.projects"},
           {"重点项目开工", v1::Quantity::COUNT, "个", ""},
           {"招商引资签约项目", v1::Quantity::COUNT, "个", "economy.projects_signed"},
           {"法治副校长进校授课", v1::Quantity::COUNT, "场次", ""},
           {"办理行政许可", v1::Quantity::COUNT, "件", "government.items_approved"},
           {"行政许可案卷", v1::Quantity::COUNT, "宗", ""},
           {"压减审批事项", v1::Quantity::COUNT, "项", ""},
           // Things of another name.
           {"规模以上工业增加值", v1::Quantity::MONEY, "元", "economy.industrial_output"},
           {"规模以上工业总产值", v1::Quantity::MONEY, "元", "economy.industrial_gross_output"},
           {"重点项目完成投资", v1::Quantity::MONEY, "元", ""},
           {"参加基本医疗保险", v1::Quantity::COUNT, "人", "society.insured"},
           {"养老保险参保", v1::Quantity::COUNT, "人", ""},
           {"普法惠及群众", v1::Quantity::COUNT, "人次", "publicity.people_reached"},
           {"惠及群众", v1::Quantity::COUNT, "人", ""},
           {"培训干部", v1::Quantity::COUNT, "人次", "team.people_trained"},
           {"开展就业培训", v1::Quantity::COUNT, "人次", ""},
           // Rates and amounts that many things have.
           {"为消费者挽回经济损失", v1::Quantity::MONEY, "元", ""},
           {"法律援助挽回损失", v1::Quantity::MONEY, "元", "legal_aid.recovered"},
           {"学法考试优秀率", v1::Quantity::PERCENT, "%", "publicity.exam_pass_rate"},
           {"中考优秀率", v1::Quantity::PERCENT, "%", ""},
           {"案卷优秀率", v1::Quantity::PERCENT, "%", ""},
           {"政务服务办结率", v1::Quantity::PERCENT, "%", "service.one_stop_rate"},
           {"投诉办结率", v1::Quantity::PERCENT, "%", ""},
           {"住院患者满意度", v1::Quantity::PERCENT, "%", ""},
           {"公共法律服务满意率", v1::Quantity::PERCENT, "%", "service.satisfaction"},
           {"参加执法考试", v1::Quantity::COUNT, "人", ""},
           // Of another kind or sort of unit, excluded words, nothing like it.
           {"受理法律援助案件", v1::Quantity::MONEY, "元", ""},
           {"执业律师", v1::Quantity::COUNT, "家", ""},
           {"法律援助案件满意率", v1::Quantity::COUNT, "件", ""},
           {"擦洗门窗", v1::Quantity::COUNT, "扇", ""},
           {"", v1::Quantity::COUNT, "件", ""},
       }) {
    SCOPED_TRACE(c.label + " " + c.unit);
    const v1::Metric* metric = TheCatalog().Find(c.label, MakeQuantity(c.kind, c.unit));
    EXPECT_EQ(metric == nullptr ? "" : metric->id(), c.id);
  }
}

TEST(CatalogTest, GrowthBelongsToTheMetricOfWhatGrew) {
  const v1::Quantity percent = MakeQuantity(v1::Quantity::PERCENT, "%");
  EXPECT_EQ(TheCatalog().Find("执业律师", percent), nullptr);
  ASSERT_NE(TheCatalog().Find("执业律师", percent, true), nullptr);
  EXPECT_EQ(TheCatalog().Find("执业律师", percent, true)->id(), "lawyers.practising");
}

TEST(CatalogTest, HoldsEnoughMetricsAndFindsEachById) {
  EXPECT_GE(TheCatalog().metrics().metric_size(), 200);
  for (const v1::Metric& metric : TheCatalog().metrics().metric())
    EXPECT_EQ(TheCatalog().Get(metric.id())->id(), metric.id());
  EXPECT_EQ(TheCatalog().Get("no.such"), nullptr);
}

// Each metric's display name or one of its aliases leads to it or to one that is closer to those words; none is dead.
TEST(CatalogTest, EveryMetricCanBeFound) {
  for (const v1::Metric& metric : TheCatalog().metrics().metric()) {
    const v1::Quantity quantity = MakeQuantity(metric.kind(), metric.unit());
    bool found = false;
    for (std::string alias : metric.aliases()) {
      alias.erase(std::remove(alias.begin(), alias.end(), ' '), alias.end());
      const v1::Metric* hit = TheCatalog().Find(alias, quantity);
      found = found || hit == &metric;
    }
    EXPECT_TRUE(found) << metric.id();
  }
}

constexpr std::string_view kGood = R"(
  id: "a.b" display_name: "甲" english_name: "A" unit: "件" kind: COUNT better: HIGHER aliases: "甲")";

TEST(CatalogTest, NamesTheLineOfAFault) {
  struct Case {
    std::string text;
    std::string message;
  };
  const std::string good = "metric {" + std::string(kGood) + "\n}\n";
  const auto with = [](std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
  };
  for (const Case& c : std::initializer_list<Case>{
           {"metric { id: \"a.b\"\n nonsense: 1 }", "my.textproto:2:"},
           {"", "my.textproto:1: no metric"},
           {"# nothing but words\nwords { name: \"w\" word: \"乙\" }", "my.textproto:1: no metric"},
           {good + good, "my.textproto:4: a.b: the id is there twice"},
           {good + with(good, "unit: \"件\"", "unit: \"%\""), "my.textproto:4: a.b: unit % is not of kind COUNT"},
           {good + with(good, "COUNT", "PERCENT"), "my.textproto:4: a.b: unit 件 is not of kind PERCENT"},
           {with(good, "aliases: \"甲\"", "aliases: \"乙 甲丙\" exclusions: \"甲\""),
            "my.textproto:1: a.b: exclusion '甲' forbids alias '乙 甲丙'"},
           {good + "words { name: \"w\" word: \"甲\" }\nwords { name: \"w\" word: \"乙\" }\n",
            "my.textproto:5: words 'w': want a name of its own"},
           {good + with(good, "aliases", "exclusions: \"@w\" aliases"),
            "my.textproto:4: a.b: exclusion '@w': no such list of words"},
           {with(good, "aliases", "exclusions: \"@w\" aliases") + "words { name: \"w\" word: \"甲\" }",
            "my.textproto:1: a.b: exclusion '甲' forbids alias '甲'"},
           {good + with(good, "a.b", "Ab"), "my.textproto:4: id: 'Ab', want theme.name"},
           {with(good, "display_name: \"甲\"", ""), "my.textproto:1: a.b: display_name is empty"},
           {with(good, "english_name: \"A\"", ""), "a.b: english_name is empty"},
           {with(good, "unit: \"件\"", ""), "a.b: unit is empty"},
           {with(good, "kind: COUNT", ""), "a.b: kind is missing"},
           {with(good, "better: HIGHER", ""), "a.b: better is missing"},
           {with(good, "aliases: \"甲\"", ""), "a.b: aliases are missing"},
           {with(good, "aliases: \"甲\"", "aliases: \" \""), "a.b: an alias is empty"},
           {with(good, "aliases", "exclusions: \"\" aliases"), "a.b: an exclusion is empty"},
           {with(good, "unit", "parent: \"x.y\" unit"), "a.b: parent 'x.y' is unknown"},
           {with(good, "unit", "parent: \"a.b\" unit"), "a.b: is its own ancestor"},
       }) {
    SCOPED_TRACE(c.text);
    const auto catalog = Catalog::Create("my.textproto", c.text);
    ASSERT_FALSE(catalog.ok());
    EXPECT_EQ(catalog.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(Message(catalog.status()), StartsWith("my.textproto:"));
    EXPECT_THAT(Message(catalog.status()), HasSubstr(c.message));
  }
  EXPECT_TRUE(Catalog::Create("my.textproto", good).ok());
}

TEST(CatalogTest, ANameOfAListStandsForItsWords) {
  const std::string text = "metric {" + std::string(kGood) +
                           " exclusions: [\"乙\", \"@w\"] }\n"
                           "words { name: \"v\" word: \"戊\" } words { name: \"w\" word: [\"丙\", \"丁\"] }";
  const auto catalog = Catalog::Create("my.textproto", text);
  ASSERT_TRUE(catalog.ok()) << Message(catalog.status());
  EXPECT_THAT((*catalog)->Get("a.b")->exclusions(), ElementsAre("乙", "丙", "丁"));
  const v1::Quantity quantity = MakeQuantity(v1::Quantity::COUNT, "件");
  EXPECT_NE((*catalog)->Find("甲戊", quantity), nullptr);
  for (const char* label : {"甲乙", "丙甲", "甲丁"}) EXPECT_EQ((*catalog)->Find(label, quantity), nullptr) << label;
}

TEST(CatalogTest, ADrawIsNoAnswer) {
  const std::string first = "metric {" + std::string(kGood) + "}";
  std::string second = first;
  second.replace(second.find("a.b"), 3, "a.c");
  const auto catalog = Catalog::Create("my.textproto", first + second);
  ASSERT_TRUE(catalog.ok());
  EXPECT_EQ((*catalog)->Find("甲", MakeQuantity(v1::Quantity::COUNT, "件")), nullptr);
}

}  // namespace
}  // namespace duban
