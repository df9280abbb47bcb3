// SPDX-License-Identifier: Apache-2.0
// One table is one table, however a report sets it: rows or cells a line, a web page's or a DOCX's grid. Its figures
// come out with the names of their rows, the years of their columns and the unit above the table.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/cli/local_analysis.h"
#include "services/ingest/report_files.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using Rows = std::vector<std::vector<std::string>>;

const char kTitle[] = "青岚县司法局2023年工作总结";
const char kLead[] = "全年主要业务情况见下表，各项指标均较上年有所增长，其中公证收费增幅最大，群众满意度稳步提升。";
const char kUnit[] = "单位：万元";

const Rows& Table() {
  static const Rows rows = {
      {"项目", "2023年", "2022年"}, {"公证收费", "521.5", "447.9"}, {"挽回经济损失", "4735", "3812"}};
  return rows;
}

std::string Text(const std::string& between) {
  std::string text = fmt::format("{}\n{}\n{}\n", kTitle, kLead, kUnit);
  for (const auto& row : Table()) {
    for (size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : between) + row[i];
    text += "\n";
  }
  return text;
}

std::string Html() {
  std::string page =
      fmt::format("<html><body><div><h1>{}</h1><p>{}</p><table><tr><td colspan='3'>{}</td></tr>", kTitle, kLead, kUnit);
  for (const auto& row : Table()) {
    page += "<tr>";
    for (const std::string& cell : row) page += "<td><p><span>" + cell + "</span></p></td>";
    page += "</tr>";
  }
  return page + "</table></div></body></html>";
}

std::string Docx() {
  const auto paragraph = [](const std::string& text) { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>"; };
  std::string body = paragraph(kTitle) + paragraph(kLead) + paragraph(kUnit) + "<w:tbl>";
  for (const auto& row : Table()) {
    body += "<w:tr>";
    for (const std::string& cell : row) body += "<w:tc>" + paragraph(cell) + "</w:tc>";
    body += "</w:tr>";
  }
  return MakeZip({{"word/document.xml", "<w:document xmlns:w='w'><w:body>" + body + "</w:tbl></w:body></w:document>"}});
}

TEST(TablesTest, EverySettingGivesTheSameFigures) {
  const auto local = LocalAnalysis::Create();
  ASSERT_TRUE(local.ok()) << local.status();
  struct Setting {
    std::string name, bytes;
  };
  for (const Setting& setting : std::vector<Setting>{{"tabs", Text("\t")},
                                                     {"blanks", Text("    ")},
                                                     {"a cell a line", Text("\n")},
                                                     {"html", Html()},
                                                     {"docx", Docx()}}) {
    SCOPED_TRACE(setting.name);
    const auto analysis = (*local)->Analyze(setting.bytes, "report");
    ASSERT_TRUE(analysis.ok()) << analysis.status();
    std::vector<std::string> figures;
    for (const v1::Indicator& indicator : analysis->indicators()) {
      figures.push_back(fmt::format("{} {} {} {}", indicator.label(), indicator.year(), indicator.quantity().value(),
                                    indicator.quantity().unit()));
    }
    EXPECT_THAT(figures, ElementsAre("公证收费 2023 5215000 元", "公证收费 2022 4479000 元",
                                     "挽回经济损失 2023 47350000 元", "挽回经济损失 2022 38120000 元"));
  }
}

}  // namespace
}  // namespace duban
