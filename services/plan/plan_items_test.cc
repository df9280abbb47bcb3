// SPDX-License-Identifier: Apache-2.0
#include "services/plan/plan_items.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "services/plan/planner.h"
#include "services/plan/planner_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A report made of sections; spans follow from the words.
class Report {
 public:
  explicit Report(int plan_year = 2024) {
    document_.set_plan_year(plan_year);
    document_.set_name("documents/0123456789abcdef0123456789abcdef");
  }

  // Appends text and, for all but plain text, a section that spans it. Sections close their elder ones by level.
  Report& Add(int level, const std::string& marker, const std::string& heading, const std::string& body,
              v1::Section::Role role = v1::Section::PLAN) {
    while (!open_.empty() && outline_.sections(open_.back()).level() >= level) open_.pop_back();
    v1::Section& section = *outline_.add_sections();
    section.set_id("s" + std::to_string(outline_.sections_size()));
    if (!open_.empty()) section.set_parent(outline_.sections(open_.back()).id());
    section.set_level(level);
    section.set_marker(marker);
    section.set_heading(heading);
    section.set_role(role);
    section.mutable_span()->set_begin(size());
    section.mutable_heading_span()->set_begin(size() + static_cast<int>(marker.size()));
    section.mutable_heading_span()->set_end(size() + static_cast<int>(marker.size() + heading.size()));
    document_.mutable_text()->append(marker + heading + body);
    open_.push_back(outline_.sections_size() - 1);
    for (int index : open_) outline_.mutable_sections(index)->mutable_span()->set_end(size());
    return *this;
  }

  // The next place of `words` becomes an indicator.
  Report& Figure(const std::string& words, v1::Indicator::Aspect aspect) {
    v1::Indicator& indicator = *set_.add_indicators();
    indicator.set_id("i" + std::to_string(set_.indicators_size()));
    indicator.set_aspect(aspect);
    const size_t at = document_.text().find(words);
    indicator.mutable_span()->set_begin(static_cast<int>(at));
    indicator.mutable_span()->set_end(static_cast<int>(at + words.size()));
    return *this;
  }

  std::vector<v1::PlanItem> Items() const {
    return Planner::Create().value()->FindPlanItems(document_, outline_, set_);
  }

 private:
  int size() const { return static_cast<int>(document_.text().size()); }

  v1::Document document_;
  v1::Outline outline_;
  v1::IndicatorSet set_;
  std::vector<int> open_;
};

std::vector<std::string> Titles(const std::vector<v1::PlanItem>& items) {
  std::vector<std::string> titles;
  for (const v1::PlanItem& item : items) titles.push_back(item.marker() + "|" + item.title());
  return titles;
}

TEST(PlanItemsTest, EnumeratedLeafIsOneItem) {
  const auto items = Report()
                         .Add(1, "三、", "2024年工作打算", "\n2024年，全局上下以上级精神为指导，推进各项工作。\n")
                         .Add(2, "（一）", "办好实事", "\n")
                         .Add(5, "一是", "建成云溪法律服务站", "。6月底前完成装修，年内投用。配备律师3名。")
                         .Add(5, "二是", "擦亮“小板凳”调解品牌", "，培育调解能手。\n")
                         .Items();
  EXPECT_THAT(Titles(items), ElementsAre("一是|建成云溪法律服务站", "二是|擦亮“小板凳”调解品牌"));
  EXPECT_EQ(items[0].text(), "一是建成云溪法律服务站。6月底前完成装修，年内投用。配备律师3名。");
  EXPECT_EQ(items[0].id(), "p1");
  EXPECT_EQ(items[0].section(), "s3");
  EXPECT_EQ(items[0].year(), 2024);
  EXPECT_EQ(items[0].due_date(), "2024-12-31");
  EXPECT_THAT(items[0].path(), ElementsAre("2024年工作打算", "办好实事"));
  EXPECT_EQ(items[1].span().end() - items[1].span().begin(), static_cast<int>(items[1].text().size()));
}

TEST(PlanItemsTest, EnumeratedLeafCommitsWithoutAVerbThatIsKnown) {
  const auto items = Report()
                         .Add(1, "三、", "2024年工作打算", "\n")
                         .Add(5, "一是", "以更严标准淬炼队伍", "。\n")
                         .Add(5, "二是", "奋力谱写新篇章", "。\n")
                         .Items();
  EXPECT_THAT(Titles(items), ElementsAre("一是|以更严标准淬炼队伍"));
}

TEST(PlanItemsTest, LeafWithoutEnumeratorsGivesOnePerCommittingSentence) {
  const auto items =
      Report()
          .Add(2, "（二）", "提升服务", "。健全窗口轮值制度，缩短等候时间。奋力谱写新篇章。开展“送法进厂”活动20场！\n")
          .Add(2, "（三）", "全力创建示范街道", "。")
          .Items();
  EXPECT_THAT(Titles(items), ElementsAre("|健全窗口轮值制度", "|开展“送法进厂”活动20场", "（三）|全力创建示范街道"));
  EXPECT_THAT(items[0].path(), ElementsAre("提升服务"));
}

TEST(PlanItemsTest, OtherRolesHoldNone) {
  EXPECT_THAT(Report()
                  .Add(1, "一、", "工作成效", "", v1::Section::ACHIEVEMENT)
                  .Add(5, "一是", "建成平台", "。", v1::Section::ACHIEVEMENT)
                  .Add(1, "二、", "不足", "推进力度不够。", v1::Section::PROBLEM)
                  .Items(),
              IsEmpty());
  EXPECT_THAT(Report().Items(), IsEmpty());
}

TEST(PlanItemsTest, TargetsAreThoseInsideTheItem) {
  const auto items = Report()
                         .Add(1, "一、", "目标", "调解成功率达97%。")
                         .Add(5, "一是", "受理援助案件不少于600件", "，上年为560件。")
                         .Add(5, "二是", "满意率保持99%以上", "。")
                         .Figure("97%", v1::Indicator::TARGET)
                         .Figure("600件", v1::Indicator::TARGET)
                         .Figure("560件", v1::Indicator::BASELINE)
                         .Figure("99%", v1::Indicator::TARGET)
                         .Items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_THAT(items[0].targets(), ElementsAre("i2"));
  EXPECT_THAT(items[1].targets(), ElementsAre("i4"));
}

TEST(PlanItemsTest, ATitleOfAPlanIsNoItem) {
  EXPECT_THAT(Titles(Report().Add(1, "四、", "做法", "\n").Add(3, "4、", "2024年打算", "\n").Items()), IsEmpty());
  EXPECT_THAT(Titles(Report().Add(3, "4．", "下一步工作安排", "：\n").Items()), IsEmpty());
  EXPECT_THAT(Titles(Report().Add(2, "（四）", "2024年重点工作安排", "\n").Items()), IsEmpty());
  // What stands under it is.
  EXPECT_THAT(
      Titles(Report().Add(3, "4、", "2024年打算", "\n建成云溪服务站。以上是全部内容。培育调解能手。\n").Items()),
      ElementsAre("|建成云溪服务站", "|培育调解能手"));
  // A plan that is to be made is one.
  EXPECT_THAT(Titles(Report().Add(3, "4、", "制定2024年普法计划", "。\n").Items()),
              ElementsAre("4、|制定2024年普法计划"));
}

// Former bug: only a verb did, so 败诉率 was no promise under a number of its own.
TEST(PlanItemsTest, AHeadingCommitsByAFigureInWords) {
  EXPECT_THAT(Titles(Report().Add(2, "（二）", "败诉率不高于上年", "。\n").Items()),
              ElementsAre("（二）|败诉率不高于上年"));
}

TEST(PlanItemsTest, RowsOfATaskTableAreItems) {
  const auto items =
      Report()
          .Add(1, "一、", "重点任务",
               "\n明确任务如下：\n序号\t工作任务\t责任单位\t配合单位\t完成时限\n1\t建成云溪法律服务中心"
               "\t服务科\t办公室、各司法所\t6月\n2\t培训调解员600人次，编印读本\t基层科\t\t全年\n完善督办机制。\n")
          .Figure("600人次", v1::Indicator::TARGET)
          .Items();
  EXPECT_THAT(Titles(items), ElementsAre("1|建成云溪法律服务中心", "2|培训调解员600人次", "|完善督办机制"));
  EXPECT_EQ(items[0].text(), "1\t建成云溪法律服务中心");
  EXPECT_EQ(items[0].responsible_unit(), "服务科");
  EXPECT_THAT(items[0].cooperating_units(), ElementsAre("办公室", "各司法所"));
  EXPECT_EQ(items[0].due_date(), "2024-06-30");
  EXPECT_EQ(items[0].action(), "建成");
  EXPECT_EQ(items[0].theme(), "service");
  EXPECT_THAT(items[1].targets(), ElementsAre("i1"));
  EXPECT_EQ(items[1].object(), "调解员");
  ASSERT_EQ(items[1].measures_size(), 1);
  EXPECT_EQ(items[1].measures(0).text(), "编印读本");
  EXPECT_EQ(items[1].due_date(), "");
}

// Former bugs: （四）修通河堤路 had no verb that is known; a semicolon in brackets cut the promise from its figure.
TEST(PlanItemsTest, AnEnumeratedLineCommitsWhateverItsVerb) {
  const auto title = [](const char* marker, const char* heading, const char* body) {
    return Titles(Report().Add(marker[0] == '\xef' ? 2 : 1, marker, heading, body).Items());
  };
  EXPECT_THAT(title("（四）", "修通河堤路", "。\n"), ElementsAre("（四）|修通河堤路"));
  EXPECT_THAT(title("五、", "硬化通组道路12公里", "\n"), ElementsAre("五、|硬化通组道路12公里"));
  EXPECT_THAT(title("（二）", "发展社员8名，（责任部门：社务办", "；时限：11月底前）。\n"),
              ElementsAre("（二）|发展社员8名"));
  EXPECT_THAT(title("（三）", "亮化村道5公里", "；绿化村庄6个。"), ElementsAre("（三）|亮化村道5公里"));
  for (const char* heading :
       {"党建方面", "信访工作", "重点任务", "2024年工作打算", "坚定不移走群众路线", "奋力谱写新篇章",
        "以上级会议精神为指导", "几项重点如下", "让我们携手同行", "聚焦三件事："}) {
    EXPECT_THAT(title("（一）", heading, "\n"), IsEmpty()) << heading;
  }
  // Without a number it is a heading like any other.
  EXPECT_THAT(Titles(Report().Add(2, "", "河堤路", "\n").Items()), IsEmpty());
}

TEST(PlanItemsTest, ColumnsOfMeasuresAndTargetsStandApart) {
  const auto items =
      Report()
          .Add(0, "", "云溪县2024年任务分解表",
               "\n| 序号 | 重点任务 | 具体措施 | 目标值 | 牵头单位 | 完成时限 |\n|---|:---:|---|---|---|---|\n"
               "| 1 | 改造老旧小区 | 惠及居民5200户；加装电梯 | 36个 | 建设科 | 9月底 |\n"
               "| 2 | 学生近视率 |  | ≤50% | 体卫科 | 全年 |\n"
               "| 3 | 培训教师 | 分两期举办 | 180—200名 | 人事科 | 6月 |\n"
               "| 4 | 窗口满意率 | | 95%以上 | 政务科 | |\n"
               "| 5 | 引进资金 | | 不少于1.2亿元 | 招商科 | |\n")
          .Figure("5200户", v1::Indicator::TARGET)
          .Items();
  ASSERT_THAT(Titles(items), ElementsAre("1|改造老旧小区", "2|学生近视率", "3|培训教师", "4|窗口满意率", "5|引进资金"));
  ASSERT_EQ(items[0].measures_size(), 2);
  EXPECT_EQ(items[0].measures(0).text(), "惠及居民5200户");
  EXPECT_EQ(items[0].measures(1).text(), "加装电梯");
  EXPECT_EQ(items[0].object(), "老旧小区");
  EXPECT_EQ(items[0].responsible_unit(), "建设科");
  EXPECT_THAT(items[0].targets(), ElementsAre("i1"));
  const auto target = [&](int item, int at) {
    const v1::PlanTarget& t = items[item].plan_targets(at);
    return fmt::format("{} {} {} {}", v1::PlanTarget::Comparator_Name(t.comparator()), t.value(), t.unit(), t.text());
  };
  ASSERT_EQ(items[0].plan_targets_size(), 2);
  EXPECT_EQ(target(0, 1), "AT_LEAST 36 个 36个");
  ASSERT_EQ(items[1].plan_targets_size(), 1);
  EXPECT_EQ(target(1, 0), "AT_MOST 50 % ≤50%");
  EXPECT_EQ(items[2].plan_targets_size(), 0) << "two numbers are no single one";
  ASSERT_EQ(items[3].plan_targets_size(), 1);
  EXPECT_EQ(target(3, 0), "AT_LEAST 95 % 95%以上");
  ASSERT_EQ(items[4].plan_targets_size(), 1);
  EXPECT_EQ(target(4, 0), "AT_LEAST 120000000 元 不少于1.2亿元");
}

TEST(PlanItemsTest, OfTwoColumnsOfTasksTheOneThatTellsRowsApartIsTheTitle) {
  const auto grouped = Report().Add(
      1, "一、", "任务", "\n重点工作\t工作内容\t责任单位\n水利\t整修水闸2座\t水利站\n水利\t新建水厂\t水利站\n");
  EXPECT_THAT(Titles(grouped.Items()), ElementsAre("|整修水闸2座", "|新建水厂"));
  const auto apart = Report().Add(
      1, "一、", "任务", "\n项目名称\t工作内容\t责任单位\n北闸整修\t更换闸门\t水利站\n水厂新建\t完成选址\t水利站\n");
  EXPECT_THAT(Titles(apart.Items()), ElementsAre("|北闸整修", "|水厂新建"));
  EXPECT_EQ(apart.Items()[0].measures(0).text(), "更换闸门");
}

TEST(PlanItemsTest, TellsCommitmentsFromSlogans) {
  const PlanItemFinder finder(PlanWords(), {}, {});
  for (const char* sentence : {
           "完善法律援助值班制度。",
           "以上级会议精神为指导，抓好普法队伍建设。",
           "进一步规范执法，助力营商环境优化。",
           "在全县12个乡镇推行“驻村律师”制度。",
       }) {
    EXPECT_TRUE(finder.Commits(sentence)) << sentence;
  }
  for (const char* sentence : {
           "奋力谱写法治建设新篇章。",
           "坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神。",
           "2024年，我局将坚持党的领导，推动司法行政工作更上一层楼。",
           "重点抓好以下几项工作：",
           "让我们同心同德，为建设新云溪而努力奋斗！",
           "",
           "。",
       }) {
    EXPECT_FALSE(finder.Commits(sentence)) << sentence;
  }
}

TEST(PlanItemsTest, SurvivesAnOutlineThatDoesNotFitTheText) {
  v1::Document document;
  document.set_text("短文。");
  v1::Outline outline;
  v1::Section& section = *outline.add_sections();
  section.set_id("s1");
  section.set_parent("s1");
  section.set_role(v1::Section::PLAN);
  section.mutable_span()->set_begin(-5);
  section.mutable_span()->set_end(500);
  v1::Section& leaf = *outline.add_sections();
  leaf = section;
  leaf.set_id("s2");
  EXPECT_THAT(PlanItemFinder(PlanWords(), {}, {}).Find(document, outline, {}), IsEmpty());
}

struct DueCase {
  const char* text;
  int year;
  const char* date;
};

TEST(DeadlineTest, ReadsTheLastDayThatKeepsIt) {
  const DeadlineFinder finder(PlanWords());
  for (const DueCase& c : std::initializer_list<DueCase>{
           {"6月底前建成", 2024, "2024-06-30"},
           {"2月底前", 2024, "2024-02-29"},
           {"２月底前", 2023, "2023-02-28"},
           {"十一月底前完成改造", 2024, "2024-11-30"},
           {"十月底前", 2024, "2024-10-31"},
           {"二月末", 2025, "2025-02-28"},
           {"年内投用", 2024, "2024-12-31"},
           {"一季度出台办法", 2024, "2024-03-31"},
           {"第三季度末开工", 2024, "2024-09-30"},
           {"上半年启动，年底前完工", 2024, "2024-12-31"},
           {"9月15日前报送", 2024, "2024-09-15"},
           {"2025年6月底前", 2024, "2025-06-30"},
           {"2025年底前建成", 2024, "2025-12-31"},
           {"到2026年末", 2024, "2026-12-31"},
           {"12月31日之前", 2024, "2024-12-31"},
           {"9月中旬前完成，下旬验收", 2024, "2024-09-20"},
           {"明年6月底前", 2024, "2025-06-30"},
           {"明年年底建成", 2024, "2025-12-31"},
           {"2025年第一季度", 2024, "2025-03-31"},
           {"较2023年上半年提高，年内完成", 2024, "2024-12-31"},
           {"三年内见效，今年内起步", 2024, "2024-12-31"},
       }) {
    EXPECT_EQ(finder.DueDate(c.text, c.year), c.date) << c.text;
  }
  for (const char* text : {"3月开展宣传月活动", "每月不少于1次", "完善机制", "13月底前", "", "12·4宪法日", "三年内建成",
                           "近年内", "较2023年上半年提高", "力争5年内全覆盖"}) {
    EXPECT_EQ(finder.DueDate(text, 2024), "") << text;
  }
  EXPECT_EQ(finder.DueDate("年内建成", 0), "");
}

TEST(DeadlineTest, CellsNeedNoWordBehindTheMonth) {
  const DeadlineFinder finder(PlanWords());
  for (const DueCase& c : std::initializer_list<DueCase>{{"6月", 2024, "2024-06-30"},
                                                         {" 2024年11月 ", 2024, "2024-11-30"},
                                                         {"2024.6.30", 2024, "2024-06-30"},
                                                         {"2024-09", 2024, "2024-09-30"},
                                                         {"10/15", 2024, "2024-10-15"},
                                                         {"9月30日", 2024, "2024-09-30"},
                                                         {"第三季度", 2024, "2024-09-30"},
                                                         {"全年", 2024, ""},
                                                         {"长期坚持", 2024, ""},
                                                         {"", 2024, ""}}) {
    EXPECT_EQ(finder.DueDateOfCell(c.text, c.year), c.date) << c.text;
  }
}

struct UnitCase {
  const char* text;
  const char* responsible;
  std::vector<std::string> cooperating;
};

TEST(UnitTest, ReadsLabelsVerbsAndPrepositions) {
  const UnitFinder finder(PlanWords());
  for (const UnitCase& c : std::initializer_list<UnitCase>{
           {"建成平台。（责任单位：法律援助中心；配合单位：各司法所、办公室）", "法律援助中心", {"各司法所", "办公室"}},
           {"牵头单位:普法科、办公室。", "普法科、办公室", {}},
           {"由复议科牵头，各科室配合，完善机制", "复议科", {"各科室"}},
           {"（云溪县公安局牵头，县教育局、各乡镇配合）", "云溪县公安局", {"县教育局", "各乡镇"}},
           {"宣传科负责，协办单位：团县委等", "宣传科", {"团县委"}},
           {"会同县教育局、团县委开展宣讲", "", {"县教育局", "团县委"}},
           {"联合市妇联和市总工会举办讲座", "", {"市妇联", "市总工会"}},
           {"会同住房和城乡建设局等部门排查", "", {"住房和城乡建设局"}},
           {"责任单位：普法科。普法科配合做好宣传", "普法科", {}},
           {"牵头推进营商环境建设", "", {}},
           {"对工作不负责的予以通报", "", {}},
           {"发挥依法治县办牵头抓总作用", "", {}},
           {"推动乡镇参与调解", "", {}},
           {"建成联合调解中心，开展联合执法", "", {}},
           {"会同有关人员研究", "", {}},
           {"责任单位", "", {}},
           {"配合单位：", "", {}},
           {"", "", {}},
       }) {
    const Units units = finder.Find(c.text);
    EXPECT_EQ(units.responsible, c.responsible) << c.text;
    EXPECT_EQ(units.cooperating, c.cooperating) << c.text;
  }
}

TEST(CharactersTest, SplitsSentencesAndClauses) {
  const std::string text = "印发《办法，试行》，办结1,100件；“好！”结束。下句\n　末行";
  std::vector<std::string> sentences, clauses;
  for (const Piece& piece : Sentences(text, {0, text.size()})) sentences.emplace_back(piece.of(text));
  for (const Piece& piece : Clauses(text, {0, text.size()})) clauses.emplace_back(piece.of(text));
  EXPECT_THAT(sentences, ElementsAre("印发《办法，试行》，办结1,100件；“好！”", "结束。", "下句", "末行"));
  EXPECT_THAT(clauses, ElementsAre("印发《办法，试行》", "办结1,100件", "“好！”结束", "下句", "末行"));
}

}  // namespace
}  // namespace duban
