// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/evidence.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace duban {
namespace {

constexpr std::string_view kText = "青岚县司法局2023年工作总结\n2023年办案。";
constexpr size_t kTitleSize = 37;

class EvidenceTest : public ::testing::Test {
 protected:
  EvidenceTest() {
    page_.fields = {{"发布日期", "2024-01-12 10:06", ingest::PageLexicon::Label::PUBLISHED},
                    {"", "2024-01-13", ingest::PageLexicon::Label::PUBLISHED}};
    page_.around = "青岚县人民政府网站";
    document_.set_text(std::string(kText));
    document_.set_title(std::string(kText.substr(0, kTitleSize)));
  }

  // What the writer adds for a proof: the entry's source and words, and its span if it has one.
  std::string Added(const Proof& proof, std::vector<TitlePart> title = {{0, kTitleSize, v1::FieldEvidence::TEXT, 0}}) {
    document_.clear_evidence();
    EvidenceWriter(page_, std::move(title), &document_).Add("field", proof, "other");
    EXPECT_EQ(document_.evidence_size(), 1);
    const v1::FieldEvidence& added = document_.evidence(0);
    EXPECT_EQ(added.field(), "field");
    std::string out = v1::FieldEvidence::Source_Name(added.source()) + " " + added.text();
    if (added.has_span()) {
      out += " " + std::to_string(added.span().begin()) + "-" + std::to_string(added.span().end());
    }
    return out;
  }

  CleanPage page_;
  v1::Document document_;
};

TEST_F(EvidenceTest, TellsWhereTheWordsStand) {
  EXPECT_EQ(Added({Proof::kText, 38, 45}), "TEXT 2023年 38-45");
  EXPECT_EQ(Added({Proof::kTitle, 18, 25}), "TEXT 2023年 18-25");
  EXPECT_EQ(Added({Proof::kField, 0, 10, 0}), "PAGE_FIELD 2024-01-12");
  EXPECT_EQ(Added({Proof::kField, 0, 10, 1}), "PAGE 2024-01-13") << "a field that is not kept";
  EXPECT_EQ(Added({Proof::kAround, 0, 9}), "PAGE 青岚县");
  EXPECT_EQ(Added({}), "DERIVED other");
}

// A proof that stands on nothing there is becomes a derived one; it never reaches beyond its place.
TEST_F(EvidenceTest, ProofsOutOfRangeAreDerived) {
  for (const Proof& proof :
       {Proof{Proof::kText, 38, kText.size() + 1}, Proof{Proof::kText, 38, 38}, Proof{Proof::kText, 45, 38},
        Proof{Proof::kText, 1000, 2000}, Proof{Proof::kTitle, kTitleSize, kTitleSize + 3},
        Proof{Proof::kTitle, 0, kTitleSize + 3}, Proof{Proof::kTitle, 0, 0}}) {
    SCOPED_TRACE(std::to_string(proof.begin) + "-" + std::to_string(proof.end));
    EXPECT_EQ(Added(proof), "DERIVED other");
  }
  EXPECT_EQ(Added({Proof::kText, 38, kText.size()}), "TEXT 2023年办案。 38-54") << "to the very end";
}

TEST_F(EvidenceTest, ATitleOfPartsIsFoundPartByPart) {
  // 甲总结和乙计划, whose parts stand apart in the text; 和 stands in neither.
  document_.set_title("甲总结和乙计划");
  document_.set_text("《甲总结》《乙计划》");
  const std::vector<TitlePart> parts = {{0, 9, v1::FieldEvidence::TEXT, 3}, {12, 21, v1::FieldEvidence::TEXT, 18}};
  EXPECT_EQ(Added({Proof::kTitle, 3, 9}, parts), "TEXT 总结 6-12");
  EXPECT_EQ(Added({Proof::kTitle, 12, 15}, parts), "TEXT 乙 18-21");
  EXPECT_EQ(Added({Proof::kTitle, 3, 15}, parts), "TEXT 总结》《乙 6-21");
  EXPECT_EQ(Added({Proof::kTitle, 9, 12}, parts), "DERIVED other");
  EXPECT_EQ(Added({Proof::kTitle, 3, 9}, {{0, 21, v1::FieldEvidence::SOURCE_URI, 0}}), "SOURCE_URI 总结");
}

TEST_F(EvidenceTest, AComposedTitleIsDerived) {
  EvidenceWriter(page_, {}, &document_).AddTitle("agency, report_year");
  ASSERT_EQ(document_.evidence_size(), 1);
  EXPECT_EQ(document_.evidence(0).source(), v1::FieldEvidence::DERIVED);
  EXPECT_EQ(document_.evidence(0).text(), "agency, report_year");
}

}  // namespace
}  // namespace duban
