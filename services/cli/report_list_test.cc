// SPDX-License-Identifier: Apache-2.0
#include "services/cli/report_list.h"

#include <fstream>

#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/report_files.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kText[] = "青岚县司法局2023年工作总结\n全年调解620件。";

class ReportListTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  testing::TempDir folder_;
};

std::vector<std::string> Names(const absl::StatusOr<std::vector<ReportSource>>& sources) {
  std::vector<std::string> names;
  EXPECT_TRUE(sources.ok()) << sources.status();
  if (!sources.ok()) return names;
  for (const ReportSource& source : *sources)
    names.push_back(source.source_uri.substr(source.source_uri.rfind('/') + 1));
  return names;
}

TEST_F(ReportListTest, FolderHoldsEveryFormat) {
  for (const char* name : {"b.txt", "a.PDF", "c.docx", "d.ofd", "e.html", "f.htm", "g.png", "h.doc", "i", ".j"})
    Write(name, "x");
  EXPECT_THAT(Names(ListReports({folder_.path()})),
              ElementsAre("a.PDF", "b.txt", "c.docx", "d.ofd", "e.html", "f.htm", "h.doc", "i"));
}

TEST_F(ReportListTest, FolderHoldsZips) {
  Write("a.zip", MakeZip({{"in.txt", kText}}));
  Write("b.zip", "PK\3\4 and no more");
  const auto sources = ListReports({folder_.path()});
  EXPECT_THAT(Names(sources), ElementsAre("a.zip!in.txt", "b.zip"));
  EXPECT_EQ(*sources->front().read(), kText);
  EXPECT_EQ(sources->back().read().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ReportListTest, ZipHoldsReports) {
  const std::string gb = "\xB1\xA8\xB8\xE6.txt";  // 报告 in GB18030
  const std::string path =
      Write("all.zip", MakeZip({{"a.txt", kText}, {gb, kText}, {"c.png", "x"}, {"in.zip", "PK\3\4"}}));
  const auto sources = ListReports({path});
  EXPECT_THAT(Names(sources), ElementsAre("all.zip!a.txt", "all.zip!报告.txt", "all.zip!in.zip"));
  EXPECT_EQ(*sources->front().read(), kText);
  EXPECT_EQ(*(*sources)[1].read(), kText);
}

TEST_F(ReportListTest, DocumentsThatAreZipsAreReports) {
  const std::string docx = Write("a.docx", MakeDocx({"青岚县司法局2023年工作总结"}));
  const std::string ofd = Write("b", MakeOfd({"青岚县司法局2023年工作总结"}));
  EXPECT_THAT(Names(ListReports({docx, ofd, "-"})), ElementsAre("a.docx", "b", "-"));
}

TEST_F(ReportListTest, RefusesZipsThatAreNone) {
  EXPECT_EQ(ListReports({Write("a.zip", MakeZip({{"x.png", "x"}}))}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ListReports({Write("b.zip", "PK\3\4 and no more")}).status().code(), absl::StatusCode::kInvalidArgument);
  const auto upwards = ListReports({Write("c.zip", MakeZip({{"../a.txt", kText}}))});
  EXPECT_EQ(upwards.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(upwards.status().message()), HasSubstr("c.zip"));
  const auto bomb = ListReports({Write("d.zip", MakeZip({{"a.txt", std::string(20u << 20, ' ')}}))});
  ASSERT_TRUE(bomb.ok());
  EXPECT_EQ(bomb->front().read().status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace duban
