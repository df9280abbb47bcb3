// SPDX-License-Identifier: Apache-2.0
// What a commitment's words tell: action, steps, figures, theme, problem, and rows of task tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/lexicon.h"
#include "embedded/themes.textproto.h"
#include "services/plan/plan_targets.h"
#include "services/plan/planner_test_util.h"
#include "services/plan/problem_links.h"
#include "services/plan/task_table.h"
#include "services/plan/themes.h"
#include "services/plan/wording.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(WordingTest, FindsTheVerbAndItsObject) {
  const WordingReader reader(PlanWords());
  struct Case {
    const char* clause;
    const char* action;
    const char* object;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"建成柳荫路服务站", "建成", "柳荫路服务站"},
           {"持续推进“智慧矫正中心”建设", "推进", "“智慧矫正中心”建设"},
           {"将企业开办时间压缩至半天", "压缩", "企业开办时间"},
           {"将推行容缺受理", "推行", "容缺受理"},
           {"重新犯罪率控制在0.2%以内", "控制", "重新犯罪率"},
           {"在3个商圈设立“蓝领法务”岗", "设立", "“蓝领法务”岗"},
           {"对5个部门开展实地督察", "开展", "实地督察"},
           {"法律援助案件受理600件", "受理", "法律援助案件"},
           {"发案数较上年下降10%", "下降", "发案数"},
           {"企业开办时间控制在半天以内", "控制", "企业开办时间"},
           {"投诉按期办结率不低于99%", "", ""},
           {"法律服务中心建成", "建成", "法律服务中心"},
           {"加强和改进普法工作", "加强", "普法工作"},
           {"确保调解成功率不低于97%", "确保", "调解成功率不低于97%"},
           {"力争建成法治公园", "建成", "法治公园"},
           {"“完善机制”的一年", "", ""},
           {"律师事务所", "", ""},
           {"", "", ""},
       }) {
    const Act act = reader.Read(c.clause);
    EXPECT_EQ(act.action, c.action) << c.clause;
    EXPECT_EQ(act.object, c.object) << c.clause;
  }
}

TEST(WordingTest, MeasuresAreTheOtherStepsWithoutMarkers) {
  const std::string text =
      "抓好普法。①编印读本，（2）举办讲座20场；二要培育能手，奋力谱写新篇章，责任单位：普法科，群众满意。";
  std::vector<std::string> steps;
  for (const Piece& step : WordingReader(PlanWords()).Measures(text, {0, text.size()}))
    steps.emplace_back(step.of(text));
  EXPECT_THAT(steps, ElementsAre("编印读本", "举办讲座20场", "培育能手"));
}

struct Figure {
  const char* words;
  double value;
  const char* unit;
  v1::Quantity::Kind kind = v1::Quantity::COUNT;
};

std::vector<std::string> Targets(const std::string& text, const std::vector<Figure>& figures) {
  std::vector<v1::Indicator> indicators;
  size_t from = 0;
  for (const Figure& figure : figures) {
    v1::Indicator& indicator = indicators.emplace_back();
    indicator.set_id("i" + std::to_string(indicators.size()));
    from = text.find(figure.words, from);
    indicator.mutable_span()->set_begin(static_cast<int32_t>(from));
    from += std::string_view(figure.words).size();
    indicator.mutable_span()->set_end(static_cast<int32_t>(from));
    indicator.mutable_quantity()->set_value(figure.value);
    indicator.mutable_quantity()->set_unit(figure.unit);
    indicator.mutable_quantity()->set_kind(figure.kind);
  }
  std::vector<const v1::Indicator*> pointers;
  for (const v1::Indicator& indicator : indicators) pointers.push_back(&indicator);
  std::vector<std::string> out;
  for (const v1::PlanTarget& target : PlanTargetReader(PlanWords()).Read(text, {0, text.size()}, pointers, 2024)) {
    EXPECT_EQ(target.text(), text.substr(target.span().begin(), target.span().end() - target.span().begin()));
    out.push_back(target.indicator() + " " + v1::PlanTarget::Comparator_Name(target.comparator()) + " " +
                  target.text());
    EXPECT_EQ(target.has_value(), target.comparator() != v1::PlanTarget::NOT_ABOVE_LAST_YEAR &&
                                      target.comparator() != v1::PlanTarget::NOT_BELOW_LAST_YEAR);
  }
  return out;
}

TEST(PlanTargetTest, ReadsHowAFigureIsCompared) {
  constexpr auto kPercent = v1::Quantity::PERCENT;
  constexpr auto kDays = v1::Quantity::DURATION;
  struct Case {
    const char* text;
    Figure figure;
    const char* want;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"受理案件不少于620件。", {"620件", 620, "件"}, "i1 AT_LEAST 不少于620件"},
           {"满意率达到98%", {"98%", 98, "%", kPercent}, "i1 AT_LEAST 达到98%"},
           {"走访企业50家以上", {"50家", 50, "家"}, "i1 AT_LEAST 50家以上"},
           {"成功率不低于97%", {"97%", 97, "%", kPercent}, "i1 AT_LEAST 不低于97%"},
           {"确保合格率95%", {"95%", 95, "%", kPercent}, "i1 AT_LEAST 确保合格率95%"},
           {"司法确认率提高到25%", {"25%", 25, "%", kPercent}, "i1 AT_LEAST 提高到25%"},
           {"事故不超过3起", {"3起", 3, "起"}, "i1 AT_MOST 不超过3起"},
           {"败诉率控制在8%以内", {"8%", 8, "%", kPercent}, "i1 AT_MOST 控制在8%以内"},
           {"差错率控制在1%左右", {"1%", 1, "%", kPercent}, "i1 AT_MOST 控制在1%"},
           {"平均用时不多于4天", {"4天", 4, "天", kDays}, "i1 AT_MOST 不多于4天"},
           {"死亡人数控制在5人以下", {"5人", 5, "人"}, "i1 AT_MOST 控制在5人以下"},
           {"办理期限压缩至20天", {"20天", 20, "天", kDays}, "i1 AT_MOST 压缩至20天"},
           {"执业律师较上年增长10%", {"10%", 10, "%", kPercent}, "i1 INCREASE_BY 增长10%"},
           {"办证量增长5%以上", {"5%", 5, "%", kPercent}, "i1 INCREASE_BY 增长5%"},
           {"调解率提高不低于3个百分点", {"3个百分点", 3, "个百分点", kPercent}, "i1 INCREASE_BY 提高不低于3个百分点"},
           {"公证员比2023年增加2名", {"2名", 2, "名"}, "i1 INCREASE_BY 增加2名"},
           {"公证员比2019年增加2名", {"2名", 2, "名"}, "i1 AT_LEAST 2名"},
           {"案件数较2023年减少30件", {"30件", 30, "件"}, "i1 DECREASE_BY 减少30件"},
           {"公证员比上年增加2名", {"2名", 2, "名"}, "i1 INCREASE_BY 增加2名"},
           {"增加公证员2名", {"2名", 2, "名"}, "i1 AT_LEAST 2名"},
           {"发案数同比下降5%", {"5%", 5, "%", kPercent}, "i1 DECREASE_BY 下降5%"},
           {"压减审批时限30%", {"30%", 30, "%", kPercent}, "i1 DECREASE_BY 压减审批时限30%"},
           {"发案率下降到5%", {"5%", 5, "%", kPercent}, "i1 AT_MOST 下降到5%"},
           {"覆盖率100%", {"100%", 100, "%", kPercent}, "i1 AT_LEAST 100%"},
           {"重新犯罪率0.2%", {"0.2%", 0.2, "%", kPercent}, "i1 AT_MOST 0.2%"},
           {"进入全市前3名", {"3名", 3, "名", v1::Quantity::RANK}, "i1 AT_MOST 3名"},
           {"平均办理时间5天", {"5天", 5, "天", kDays}, "i1 AT_MOST 5天"},
           {"人均培训40学时", {"40学时", 40, "学时", kDays}, "i1 AT_LEAST 40学时"},
           {"建成服务站3个", {"3个", 3, "个"}, "i1 EQUAL 3个"},
           {"举办讲座30场", {"30场", 30, "场"}, "i1 AT_LEAST 30场"},
           {"投入300万元", {"300万元", 3e6, "元", v1::Quantity::MONEY}, "i1 AT_LEAST 300万元"},
       }) {
    EXPECT_THAT(Targets(c.text, {c.figure}), ElementsAre(c.want)) << c.text;
  }
}

TEST(PlanTargetTest, ReadsFiguresInWords) {
  for (const auto& [text, want] : std::initializer_list<std::pair<const char*, const char*>>{
           {"实现法律顾问村居全覆盖", " AT_LEAST 全覆盖"},
           {"一审败诉率不高于上年水平", " NOT_ABOVE_LAST_YEAR 不高于上年"},
           {"事故起数控制在上年以内", " NOT_ABOVE_LAST_YEAR 控制在上年"},
           {"一审败诉率不高于2023年", " NOT_ABOVE_LAST_YEAR 不高于2023年"},
           {"办件量较2023年增长", " NOT_BELOW_LAST_YEAR 较2023年增长"},
           {"法律顾问覆盖所有村居", " AT_LEAST 覆盖所有"},
           {"信访量较上年下降", " NOT_ABOVE_LAST_YEAR 较上年下降"},
           {"办件量不低于去年同期", " NOT_BELOW_LAST_YEAR 不低于去年"},
           {"办证量同比有所增长", " NOT_BELOW_LAST_YEAR 同比有所增长"},
           {"事故起数只降不升", " NOT_ABOVE_LAST_YEAR 只降不升"},
       }) {
    EXPECT_THAT(Targets(text, {}), ElementsAre(want)) << text;
  }
  for (const char* text :
       {"完善机制", "总结去年经验", "扩大覆盖面", "", "同比分析发案情况", "总结2023年经验", "较2019年增长"}) {
    EXPECT_THAT(Targets(text, {}), IsEmpty()) << text;
  }
}

TEST(PlanTargetTest, EachFigureHasItsOwnBound) {
  EXPECT_THAT(
      Targets("败诉率控制在5%以内、满意率98%，建站2个，村居全覆盖",
              {{"5%", 5, "%", v1::Quantity::PERCENT}, {"98%", 98, "%", v1::Quantity::PERCENT}, {"2个", 2, "个"}}),
      ElementsAre("i1 AT_MOST 控制在5%以内", "i2 AT_LEAST 98%", "i3 AT_LEAST 2个", " AT_LEAST 全覆盖"));
  EXPECT_THAT(Targets("村居全覆盖率达100%", {{"100%", 100, "%", v1::Quantity::PERCENT}}),
              ElementsAre("i1 AT_LEAST 达100%"));
}

// The whole is no promise of its own.
TEST(PlanTargetTest, APartIsPromisedWithoutItsWhole) {
  struct Case {
    const char* text;
    Figure whole, part;
    std::vector<std::string> want;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"12个乡镇中有8个达标", {"12个", 12, "个"}, {"8个", 8, "个"}, {"i2 AT_LEAST 8个"}},
           {"力争15个村中12个以上建成示范村", {"15个", 15, "个"}, {"12个", 12, "个"}, {"i2 AT_LEAST 12个以上"}},
           {"9所学校中至少有6所达标", {"9所", 9, "所"}, {"6所", 6, "所"}, {"i2 AT_LEAST 至少有6所"}},
           {"整治9处，集中8处开工", {"9处", 9, "处"}, {"8处", 8, "处"}, {"i1 AT_LEAST 9处", "i2 AT_LEAST 8处"}},
           {"走访9户集中安置8户", {"9户", 9, "户"}, {"8户", 8, "户"}, {"i1 AT_LEAST 9户", "i2 AT_LEAST 8户"}},
           {"为5个镇中小学送书8个", {"5个", 5, "个"}, {"8个", 8, "个"}, {"i1 AT_LEAST 5个", "i2 AT_LEAST 8个"}},
           {"为9个镇中心配8名医生", {"9个", 9, "个"}, {"8名", 8, "名"}, {"i1 AT_LEAST 9个", "i2 AT_LEAST 8名"}},
       }) {
    EXPECT_THAT(Targets(c.text, {c.whole, c.part}), ::testing::ElementsAreArray(c.want)) << c.text;
  }
}

TEST(ThemeTest, MetricsThenWordsThenHeadings) {
  const ThemeFinder finder(ParseLexicon<ThemeLexicon>("themes.textproto", embedded::themes_textproto).value());
  using List = std::vector<std::string>;
  EXPECT_EQ(finder.Find("新建法律援助工作站", "新建法律援助工作站，方便群众", {}, {}), "legal_aid");
  EXPECT_EQ(finder.Find("受理案件600件", "受理案件600件，宣传普法", {"普法"}, List{"legal_aid.cases_accepted"}),
            "legal_aid");
  EXPECT_EQ(finder.Find("受理", "受理", {}, List{"notary.a", "lawyers.b", "lawyers.c"}), "lawyers");
  EXPECT_EQ(finder.Find("加强行政执法监督", "加强行政执法监督，复议调解衔接", {}, {}), "enforcement");
  EXPECT_EQ(finder.Find("完善台账", "完善台账", List{"行政复议", "社区矫正"}, {}), "correction");
  EXPECT_EQ(finder.Find("完善台账", "完善台账", {}, {}), "");
  EXPECT_EQ(finder.Find("", "", {}, List{"unknown.metric"}), "");
  EXPECT_EQ(ThemeFinder(ThemeLexicon()).Find("普法", "普法", {}, {}), "");
}

TEST(ProblemLinkTest, NeedsWhatTellsAProblemFromTheOthers) {
  const GramReader reader(TrackWords());
  const WordSet shortcomings(PlanWords().shortcoming());
  google::protobuf::RepeatedPtrField<v1::Problem> problems;
  std::string text = "云溪县司法局工作总结。云溪县司法局调解纠纷。存在问题：";
  for (const char* title :
       {"偏远乡镇律师资源不足", "涉外法律服务人才短缺", "司法所规范化建设滞后", "在服务上", "云溪县司法局工作不实"}) {
    v1::Problem& problem = *problems.Add();
    problem.set_id("q" + std::to_string(problems.size()));
    problem.set_title(title);
    problem.mutable_span()->set_begin(static_cast<int32_t>(text.size()));
    text += title;
    if (problems.size() == 4) text += "，小区楼栋法务终端偏少";
    problem.mutable_span()->set_end(static_cast<int32_t>(text.size()));
    text += "。";
  }
  const ProblemLinker linker(reader, shortcomings, GramWeights(TrackWords()), text, problems);
  for (const auto& [item, id] : std::initializer_list<std::pair<const char*, const char*>>{
           {"选派律师到偏远乡镇驻点，缓解律师资源紧张", "q1"},
           {"培养涉外法律服务人才10名", "q2"},
           {"在小区楼栋布设法务终端20台", "q4"},
           {"加强律师行业党建", ""},
           {"举办公共法律服务集市", ""},
           {"建成云溪县法治公园", ""},
           {"统筹偏远乡镇律师资源和涉外法律服务人才", ""},
           {"", ""},
       }) {
    EXPECT_EQ(linker.Find(item), id) << item;
  }
  EXPECT_EQ(ProblemLinker(reader, shortcomings, GramWeights(TrackWords()), text, {}).Find("偏远乡镇律师资源"), "");
}

TEST(TaskTableTest, ReadsRowsByTheirHeads) {
  const std::string text =
      "重点任务\n序号\t工作任务\t责任 "
      "单位\t配合单位\t完成时限\n1\t建成平台\t办公室\t各司法所\t6月底\n2\t培训600人次\t\t\t\n"
      "编印读本\t普法科\t\t年内\n正文。\n| 任务 | 牵头单位 |\n| 办讲座 | 普法科 |\n";
  const TaskTableFinder finder(PlanWords());
  const auto tables = finder.Find(text, {0, text.size()});
  std::vector<std::string> rows;
  for (const TaskTable& table : tables) {
    for (const TaskRow& row : table.rows) {
      rows.push_back(std::string(row.number.of(text)) + "|" + std::string(row.task.of(text)) + "|" +
                     std::string(row.unit.of(text)) + "|" + std::string(row.partners.of(text)) + "|" +
                     std::string(row.due.of(text)));
    }
  }
  EXPECT_EQ(tables.size(), 2u);
  EXPECT_THAT(rows, ElementsAre("1|建成平台|办公室|各司法所|6月底", "2|培训600人次|||", "|编印读本|普法科||年内",
                                "|办讲座|普法科||"));
  for (const char* other : {"指标\t单位\t2024年\n公证\t件\t500\n", "任务\n办公室\n", "任务\t进展\n建站\t完成\n", ""}) {
    EXPECT_THAT(finder.Find(other, {0, std::string_view(other).size()}), IsEmpty()) << other;
  }
}

}  // namespace
}  // namespace duban
