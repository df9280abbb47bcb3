// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace duban {
namespace {

using ::testing::ElementsAre;

TEST(GridTest, WritesARowALine) {
  EXPECT_THAT(WriteGrid({{{"项目"}, {"数量"}}, {{"公证"}, {"520"}}}), ElementsAre("项目\t数量", "公证\t520"));
  EXPECT_THAT(WriteGrid({{{.text = "单位：万元", .columns = 3}}, {{"项目"}, {""}, {"数量"}}, {{""}, {" "}}}),
              ElementsAre("单位：万元", "项目\t\t数量"));
  EXPECT_THAT(WriteGrid({}), ElementsAre());
  EXPECT_THAT(WriteGrid({{}, {{""}}}), ElementsAre());
}

TEST(GridTest, RepeatsWordsOfCellsOverRowsButNoNumbers) {
  EXPECT_THAT(WriteGrid({{{.text = "公证", .rows = 3}, {"国内"}, {.text = "562", .rows = 2}},
                         {{"涉外"}},
                         {{"涉港澳"}, {"7"}},
                         {{"援助"}, {"刑事"}, {"42"}}}),
              ElementsAre("公证\t国内\t562", "公证\t涉外\t", "公证\t涉港澳\t7", "援助\t刑事\t42"));
}

TEST(GridTest, MergesHeadsOfSeveralRows) {
  const GridRow top = {{.text = "项目", .rows = 2}, {.text = "2023年", .columns = 2}, {.text = "2022年", .columns = 2}};
  const GridRow below = {{"件数"}, {"人数"}, {"件数"}, {"人数"}};
  const GridRow figures = {{"公证"}, {"520"}, {"610"}, {"480"}, {"530"}};
  EXPECT_THAT(WriteGrid({top, below, figures}),
              ElementsAre("项目\t2023年件数\t2023年人数\t2022年件数\t2022年人数", "公证\t520\t610\t480\t530"));
  // Without a cell that spans the head's rows: the head ends where the figures begin.
  const GridRow flat = {{"项目"}, {.text = "2023年", .columns = 2}}, names = {{""}, {"件数"}, {"人数"}};
  EXPECT_THAT(WriteGrid({flat, names, {{"公证"}, {"520"}, {"610"}}}),
              ElementsAre("项目\t2023年件数\t2023年人数", "公证\t520\t610"));
  // A wide cell above words alone is no head.
  EXPECT_THAT(WriteGrid({flat, names, {{"公证"}, {"多"}, {"少"}}}),
              ElementsAre("项目\t2023年\t", "\t件数\t人数", "公证\t多\t少"));
}

// Former bug: the rows that a first cell spans were taken for a head.
TEST(GridTest, AHeadStandsAboveFigures) {
  const GridRow first = {{.text = "公证", .rows = 2}, {.text = "国内", .columns = 2}}, second = {{"学历"}, {"婚姻"}};
  EXPECT_THAT(WriteGrid({first, second}), ElementsAre("公证\t国内\t", "公证\t学历\t婚姻"));
  EXPECT_THAT(WriteGrid({first, second, {{"援助"}, {"刑事"}, {"民事"}}, {{"合计"}, {"520"}, {"42"}}}),
              ElementsAre("公证\t国内\t", "公证\t学历\t婚姻", "援助\t刑事\t民事", "合计\t520\t42"));
  // A caption may stand between.
  EXPECT_THAT(WriteGrid({first, second, {{.text = "上半年", .columns = 3}}, {{"合计"}, {"520"}, {"42"}}}),
              ElementsAre("公证\t国内学历\t国内婚姻", "上半年", "合计\t520\t42"));
}

TEST(GridTest, ContinuesMergedCells) {
  EXPECT_THAT(WriteGrid({{{"公证"}, {"国内"}}, {{.text = "", .continues = true}, {"涉外"}}}),
              ElementsAre("公证\t国内", "公证\t涉外"));
  EXPECT_THAT(WriteGrid({{{.text = "", .continues = true}, {"涉外"}}}), ElementsAre("\t涉外"));
}

// Former bugs: what stood behind column 64 was dropped.
TEST(GridTest, SpansReachAsFarAsOtherRows) {
  EXPECT_THAT(WriteGrid({{{.text = "公证", .columns = 100}, {"520"}}, {{"援助"}, {"42"}}}),
              ElementsAre("公证\t520", "援助\t42"));
  EXPECT_THAT(WriteGrid({{{.text = "公证", .columns = 100}, {"520"}}}), ElementsAre("公证\t520"));
  EXPECT_THAT(WriteGrid({{{"公证"}, {"国内"}}, {{.text = "援助", .continues = true}, {"涉外"}}}),
              ElementsAre("公证\t国内", "援助\t涉外"));
  GridRow long_row(200, GridCell{"件"});
  long_row.push_back({"520"});
  EXPECT_TRUE(WriteGrid({long_row, long_row}).back().ends_with("件\t520"));
}

// Whatever spans a page claims, each cell is written, and all of it stays within a multiple of the cells.
TEST(GridTest, HostileSpansNeitherDropNorBlowUp) {
  std::mt19937 generator(7);
  const auto pick = [&](int most) { return static_cast<int>(generator() % static_cast<unsigned>(most)); };
  for (int round = 0; round < 200; ++round) {
    std::vector<GridRow> rows;
    std::vector<std::string> texts;
    size_t bytes = 0;
    for (int r = pick(60); r >= 0; --r) {
      GridRow& row = rows.emplace_back();
      for (int c = pick(8); c > 0; --c) {
        texts.push_back("<" + std::to_string(texts.size()) + std::string(static_cast<size_t>(pick(80)), 'x') + ">");
        row.push_back({texts.back(), 1 + pick(1000), 1 + pick(1000), pick(9) == 0});
        bytes += texts.back().size();
      }
    }
    std::string written;
    for (const std::string& line : WriteGrid(rows)) written += line;
    EXPECT_LE(written.size(), 5 * bytes + 64 * rows.size() + texts.size()) << texts.size() << " cells";
    for (const std::string& text : texts) EXPECT_NE(written.find(text), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace duban
