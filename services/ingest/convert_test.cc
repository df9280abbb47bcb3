// SPDX-License-Identifier: Apache-2.0
// Binary formats through the reader and its child process.
#include "services/ingest/convert.h"

#include <zip.h>

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/reader.h"

namespace duban {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string Zip(const Entries& entries) {
  zip_error_t error;
  zip_source_t* archive = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(archive);
  zip_t* zip = zip_open_from_source(archive, ZIP_CREATE, &error);
  for (const auto& [name, text] : entries) {
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), 0);
  }
  EXPECT_EQ(zip_close(zip), 0);
  zip_source_open(archive);
  zip_source_seek(archive, 0, SEEK_END);
  std::string bytes(static_cast<size_t>(zip_source_tell(archive)), '\0');
  zip_source_seek(archive, 0, SEEK_SET);
  zip_source_read(archive, bytes.data(), bytes.size());
  zip_source_close(archive);
  zip_source_free(archive);
  return bytes;
}

std::string Docx() {
  return Zip({{"word/document.xml",
               "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>景宁县司法局2023年工作总结</w:t></w:r></w:p>"
               "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId "
               "w:val='1'/></w:numPr></w:pPr><w:r><w:t>主要工作</w:t></w:r></w:p>"
               "<w:p><w:r><w:t>全年调解</w:t></w:r><w:r><w:t>620件。</w:t></w:r></w:p>"
               "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId "
               "w:val='1'/></w:numPr></w:pPr><w:r><w:t>存在问题</w:t></w:r></w:p>"
               "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>公证</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>520</w:t></w:r></"
               "w:p></w:tc>"
               "</w:tr></w:tbl></w:body></w:document>"},
              {"word/numbering.xml",
               "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
               "<w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl></w:abstractNum>"
               "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"}});
}

absl::StatusOr<v1::Document> Read(const std::string& bytes) {
  static const auto* const reader = new absl::StatusOr<std::unique_ptr<const Reader>>(Reader::Create());
  return (**reader)->Read(bytes, "");
}

TEST(ConvertTest, ReadsDocxWithItsNumbers) {
  const absl::StatusOr<v1::Document> document = Read(Docx());
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text(), "景宁县司法局2023年工作总结\n一、主要工作\n全年调解620件。\n二、存在问题\n公证\t520");
  EXPECT_EQ(document->report_year(), 2023);
}

TEST(ConvertTest, ReadsOfdInReadingOrder) {
  const absl::StatusOr<v1::Document> document = Read(
      Zip({{"OFD.xml", "<o:OFD xmlns:o='o'><o:DocBody><o:DocRoot>D/Document.xml</o:DocRoot></o:DocBody></o:OFD>"},
           {"D/Document.xml", "<o:Document xmlns:o='o'><o:Pages><o:Page BaseLoc='P/C.xml'/></o:Pages></o:Document>"},
           {"D/P/C.xml",
            "<o:Page xmlns:o='o'><o:TextObject Boundary='50 40 9 6'><o:TextCode X='0' "
            "Y='5'>620件。</o:TextCode></o:TextObject>"
            "<o:TextObject Boundary='20 40 9 6'><o:TextCode X='0' Y='5'>全年调解</o:TextCode></o:TextObject>"
            "<o:TextObject Boundary='20 20 9 6'><o:TextCode X='0' "
            "Y='5'>景宁县司法局2023年工作总结</o:TextCode></o:TextObject>"
            "</o:Page>"}}));
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text(), "景宁县司法局2023年工作总结\n全年调解620件。");
}

TEST(ConvertTest, RefusesEachFaultForItsReason) {
  struct Case {
    std::string name, bytes, message;
    absl::StatusCode code;
  };
  for (const Case& c : std::vector<Case>{
           {"damaged PDF", "%PDF-1.4 nothing", "damaged PDF", absl::StatusCode::kInvalidArgument},
           {"cut zip", Docx().substr(0, 200), "damaged zip", absl::StatusCode::kInvalidArgument},
           {"broken XML", Zip({{"word/document.xml", "<w:document><"}}), "word/document.xml",
            absl::StatusCode::kInvalidArgument},
           {"another zip", Zip({{"../../x", "a"}}), "want a DOCX or OFD", absl::StatusCode::kFailedPrecondition},
           {"bomb", Zip({{"word/document.xml", std::string(20u << 20, ' ')}}), "100 times",
            absl::StatusCode::kFailedPrecondition},
           {"no text", Zip({{"word/document.xml", "<w:document/>"}}), "no text layer",
            absl::StatusCode::kFailedPrecondition},
           {"old Word", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Word", absl::StatusCode::kFailedPrecondition},
       }) {
    SCOPED_TRACE(c.name);
    const absl::Status status = Read(c.bytes).status();
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace duban
