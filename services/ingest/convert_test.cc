// SPDX-License-Identifier: Apache-2.0
// Binary formats and web pages through the reader and its child process.
#include "services/ingest/convert.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/reader.h"
#include "services/ingest/report_files.h"

namespace duban {
namespace {

std::string NumberedDocx() {
  return MakeZip(
      {{"word/document.xml",
        "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>青岚县司法局2023年工作总结</w:t></w:r></w:p>"
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

std::string Paragraph(const std::string& text) { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>"; }

std::string Cell(const std::string& text, const std::string& properties = "") {
  return "<w:tc><w:tcPr>" + properties + "</w:tcPr><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>";
}

// A head of two rows, a cell over two rows, and a table that is layout.
TEST(ConvertTest, ReadsTablesOfDocx) {
  const std::string restart = "<w:vMerge w:val='restart'/>", goes_on = "<w:vMerge/>", wide = "<w:gridSpan w:val='2'/>";
  const std::string table = "<w:tbl><w:tr>" + Cell("单位：万元", "<w:gridSpan w:val='4'/>") + "</w:tr><w:tr>" +
                            Cell("类别", restart) + Cell("项目", restart) + Cell("2023年", wide) + "</w:tr><w:tr>" +
                            Cell("", goes_on) + Cell("", goes_on) + Cell("收入") + Cell("支出") + "</w:tr><w:tr>" +
                            Cell("公证", restart) + Cell("国内") + Cell("520") + Cell("310") + "</w:tr><w:tr>" +
                            Cell("", goes_on) + Cell("涉外") + Cell("42") + Cell("13") + "</w:tr></w:tbl>";
  const std::string layout = "<w:tbl><w:tr><w:tc>" + Paragraph("青岚县司法局2023年工作总结") +
                             Paragraph("2023年，我局各项业务稳步增长。") + table + "</w:tc></w:tr></w:tbl>";
  const absl::StatusOr<v1::Document> document =
      Read(MakeZip({{"word/document.xml", "<w:document xmlns:w='w'><w:body>" + layout + "</w:body></w:document>"}}));
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text(),
            "青岚县司法局2023年工作总结\n2023年，我局各项业务稳步增长。\n单位：万元\n"
            "类别\t项目\t2023年收入\t2023年支出\n公证\t国内\t520\t310\n公证\t涉外\t42\t13");
}

std::string TableRow(const std::string& label, const std::string& figure) {
  return "<w:tr>" + Cell(label) + Cell(figure) + "</w:tr>";
}

// Former bugs.
TEST(ConvertTest, KeepsEveryWordOfDocx) {
  struct Case {
    std::string name, body, want;
  };
  for (const Case& c : std::vector<Case>{
           {"paragraphs of a cell",
            "<w:tbl>" + TableRow("项目", "件数") + "<w:tr>" + Cell("公证") + "<w:tc>" + Paragraph("786 ") +
                Paragraph("") + Paragraph("520") + "</w:tc></w:tr></w:tbl>",
            "项目\t件数\n公证\t786 520"},
           {"moved text",
            "<w:p><w:moveFrom><w:r><w:t>调解620件。</w:t></w:r></w:moveFrom><w:r><w:t>公证520件。</w:t></w:r>"
            "<w:moveTo><w:r><w:t>调解620件。</w:t></w:r></w:moveTo></w:p>",
            "公证520件。调解620件。"},
           {"hidden text goes, and what a style has hidden and the run shows stays",
            "<w:p><w:r><w:rPr><w:b/><w:vanish/></w:rPr><w:t>密件。</w:t></w:r><w:r><w:t>公证520件。</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>调解620件。</w:t></w:r></w:p>"
            "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:rPr><w:vanish w:val='true'/></w:rPr>"
            "<w:t>密件。</w:t></w:r></w:p>",
            "公证520件。调解620件。"},
           {"paragraphs in XML of others", "<w:customXml>" + Paragraph("调解620件。") + "</w:customXml>",
            "调解620件。"},
           {"rows in controls and XML of others",
            "<w:tbl>" + TableRow("项目", "件数") + "<w:sdt><w:sdtContent>" + TableRow("公证", "520") +
                "</w:sdtContent></w:sdt><w:customXml>" + TableRow("调解", "620") + "</w:customXml></w:tbl>",
            "项目\t件数\n公证\t520\n调解\t620"},
           {"cells in controls",
            "<w:tbl>" + TableRow("项目", "件数") + "<w:tr>" + Cell("公证") + "<w:sdt><w:sdtContent>" + Cell("520") +
                "</w:sdtContent></w:sdt></w:tr></w:tbl>",
            "项目\t件数\n公证\t520"},
       }) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<v1::Document> document = Read(MakeZip(
        {{"word/document.xml", "<w:document xmlns:w='w'><w:body>" + Paragraph("青岚县司法局2023年工作总结") +
                                   Paragraph("2023年，我局各项业务稳步增长。") + c.body + "</w:body></w:document>"}}));
    ASSERT_TRUE(document.ok()) << document.status();
    EXPECT_EQ(document->text(), "青岚县司法局2023年工作总结\n2023年，我局各项业务稳步增长。\n" + c.want);
  }
}

TEST(ConvertTest, ReadsDocxWithItsNumbers) {
  const absl::StatusOr<v1::Document> document = Read(NumberedDocx());
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text(), "青岚县司法局2023年工作总结\n一、主要工作\n全年调解620件。\n二、存在问题\n公证\t520");
  EXPECT_EQ(document->report_year(), 2023);
}

// Numbers of levels and lists that no format has.
TEST(ConvertTest, ReadsHostileNumbering) {
  const std::string item =
      "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>"
      "<w:r><w:t>调解工作</w:t></w:r></w:p>";
  const absl::StatusOr<v1::Document> document = Read(MakeZip(
      {{"word/document.xml", "<w:document xmlns:w='w'><w:body>" + Paragraph("青岚县司法局2023年工作总结") + item +
                                 item + "</w:body></w:document>"},
       {"word/numbering.xml",
        "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='2147483647'/><w:lvl w:ilvl='-5'/>"
        "<w:lvl w:ilvl='0'><w:start w:val='2147483647'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>"
        "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"}}));
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text(), "青岚县司法局2023年工作总结\n32767.调解工作\n32768.调解工作");
}

TEST(ConvertTest, ReadsOfdInReadingOrder) {
  const absl::StatusOr<v1::Document> document = Read(MakeZip(
      {{"OFD.xml", "<o:OFD xmlns:o='o'><o:DocBody><o:DocRoot>D/Document.xml</o:DocRoot></o:DocBody></o:OFD>"},
       {"D/Document.xml", "<o:Document xmlns:o='o'><o:Pages><o:Page BaseLoc='P/C.xml'/></o:Pages></o:Document>"},
       {"D/P/C.xml",
        "<o:Page xmlns:o='o'><o:TextObject Boundary='36 40 9 6'><o:TextCode X='0' "
        "Y='5'>620件。</o:TextCode></o:TextObject>"
        "<o:TextObject Boundary='20 40 9 6'><o:TextCode X='0' Y='5'>全年调解</o:TextCode></o:TextObject>"
        "<o:TextObject Boundary='20 20 9 6'><o:TextCode X='0' "
        "Y='5'>青岚县司法局2023年工作总结</o:TextCode></o:TextObject>"
        "</o:Page>"}}));
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text(), "青岚县司法局2023年工作总结\n全年调解620件。");
}

// The XML of a DOCX with one paragraph.
std::string DocumentXml(const std::string& text, const std::string& prolog = "") {
  return prolog + "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:body></w:document>";
}

// `levels` forms, each of which draws the next ten times over.
std::string PdfBomb(int levels) {
  std::vector<std::string> forms;
  for (int i = 0; i < levels; ++i) {
    std::string content;
    for (int k = 0; k < 10; ++k) content += i + 1 < levels ? "/X Do\n" : "BT /F 9 Tf <4E00> Tj ET\n";
    forms.push_back(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> /XObject << "
        "/X " +
        std::to_string(101 + i) + " 0 R >> >> /Length " + std::to_string(content.size()) + " >>\nstream\n" + content +
        "\nendstream");
  }
  return MakePdfOf({"/X Do"}, forms);
}

TEST(ConvertTest, TellsDocxFromOfd) {
  struct Case {
    std::string bytes, type, text;
  };
  const std::string text = "青岚县司法局2023年工作总结\n全年调解620件。";
  for (const Case& c :
       std::vector<Case>{{NumberedDocx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                          "青岚县司法局2023年工作总结\n一、主要工作\n全年调解620件。\n二、存在问题\n公证\t520"},
                         {MakeOfd({"青岚县司法局2023年工作总结", "全年调解620件。"}), "application/ofd", text},
                         {MakePdf({"青岚县司法局2023年工作总结", "全年调解620件。"}), "application/pdf", text}}) {
    const absl::StatusOr<v1::Document> document = Read(c.bytes);
    ASSERT_TRUE(document.ok()) << document.status();
    EXPECT_EQ(document->media_type(), c.type);
    EXPECT_EQ(document->text(), c.text);
  }
}

struct Fault {
  std::string name, bytes, message;
  absl::StatusCode code;
};

void ExpectRefused(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    SCOPED_TRACE(fault.name);
    const absl::Status status = Read(fault.bytes).status();
    EXPECT_EQ(status.code(), fault.code) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(fault.message));
  }
}

TEST(ConvertTest, RefusesPdfFaults) {
  const std::string pdf = MakePdf({"青岚县司法局2023年工作总结", "全年调解620件。"});
  const std::string locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + std::string(32, 'o') + ") /U (" +
                             std::string(32, 'u') + ") >> /ID [(0123456789abcdef) (0123456789abcdef)]";
  ExpectRefused({
      {"damaged", "%PDF-1.4 nothing", "damaged PDF", absl::StatusCode::kInvalidArgument},
      {"cut in its first object", pdf.substr(0, 30), "damaged PDF", absl::StatusCode::kInvalidArgument},
      {"encrypted", MakePdfOf({""}, {}, locked), "encrypted PDF", absl::StatusCode::kFailedPrecondition},
      {"scans", MakePdfOf({"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q", ""}), "no text layer",
       absl::StatusCode::kFailedPrecondition},
      {"old Word", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Word", absl::StatusCode::kFailedPrecondition},
  });
}

TEST(ConvertTest, RefusesZipFaults) {
  const std::string docx = NumberedDocx();
  ZipEntries many, large;
  for (int i = 0; i < 2001; ++i) many.push_back({"e" + std::to_string(i), "x"});
  for (int i = 0; i < 5; ++i) large.push_back({"e" + std::to_string(i), std::string(60u << 20, 'x')});
  std::string flipped = docx;
  flipped[flipped.find("word/document.xml") + 40] ^= 0x55;
  ExpectRefused({
      {"cut", docx.substr(0, 200), "damaged zip", absl::StatusCode::kInvalidArgument},
      {"cut by a byte", docx.substr(0, docx.size() - 1), "damaged zip", absl::StatusCode::kInvalidArgument},
      {"a byte flipped", flipped, "damaged zip", absl::StatusCode::kInvalidArgument},
      {"another zip", MakeZip({{"x", "a"}}), "want a DOCX or OFD", absl::StatusCode::kFailedPrecondition},
      {"zip in a zip", MakeZip({{"a.docx", docx}}), "want a DOCX or OFD", absl::StatusCode::kFailedPrecondition},
      {"bomb by ratio", MakeZip({{"word/document.xml", std::string(20u << 20, ' ')}}), "100 times",
       absl::StatusCode::kFailedPrecondition},
      {"bomb by entries", MakeZip(many), "2001 entries", absl::StatusCode::kFailedPrecondition},
      {"bomb by sum", MakeZip(large), "256 MiB", absl::StatusCode::kFailedPrecondition},
      {"path upwards", MakeZip({{"word/document.xml", DocumentXml("a")}, {"../../etc/cron.d/x", "a"}}),
       "zip entry \"../../etc/cron.d/x\"", absl::StatusCode::kInvalidArgument},
      {"absolute path", MakeZip({{"/etc/passwd", "a"}}), "zip entry", absl::StatusCode::kInvalidArgument},
      {"path of Windows", MakeZip({{"a\\..\\..\\x", "a"}}), "zip entry", absl::StatusCode::kInvalidArgument},
      {"drive", MakeZip({{"C:x", "a"}}), "zip entry", absl::StatusCode::kInvalidArgument},
  });
}

TEST(ConvertTest, RefusesXmlFaults) {
  const std::string bomb =
      "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>";
  const std::string outside = "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>";
  std::string deep = "<w:document xmlns:w='w'><w:body>";
  for (int i = 0; i < 300'000; ++i) deep += "<w:tbl>";
  ExpectRefused({
      {"broken", MakeZip({{"word/document.xml", "<w:document><"}}), "word/document.xml",
       absl::StatusCode::kInvalidArgument},
      {"entity bomb", MakeZip({{"word/document.xml", DocumentXml("&b;", bomb)}}), "declares a document type",
       absl::StatusCode::kInvalidArgument},
      {"outer entity", MakeZip({{"word/document.xml", DocumentXml("&a;", outside)}}), "declares a document type",
       absl::StatusCode::kInvalidArgument},
      {"no end to nesting", MakeZip({{"word/document.xml", deep}}), "word/document.xml",
       absl::StatusCode::kFailedPrecondition},
      {"no UTF-8", MakeZip({{"word/document.xml", DocumentXml("\xD5\xFE")}}), "not valid in its charset",
       absl::StatusCode::kInvalidArgument},
      {"half a surrogate pair", MakeZip({{"word/document.xml", DocumentXml("&#xD800;")}}), "not valid in its charset",
       absl::StatusCode::kInvalidArgument},
      {"no text", MakeZip({{"word/document.xml", "<w:document/>"}}), "no text layer",
       absl::StatusCode::kFailedPrecondition},
      {"page that is not there",
       MakeZip({{"OFD.xml", "<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>"},
                {"D.xml", "<Document><Pages><Page BaseLoc='P.xml'/></Pages></Document>"}}),
       "zip without P.xml", absl::StatusCode::kInvalidArgument},
  });
}

std::string Times(size_t count, const std::string& text) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// Elements that are open anew in every paragraph: n * n of them.
std::string ReopenedElements(size_t count) {
  std::string page = "<body><p>";
  for (size_t i = 0; i < count; ++i) page += "<b id=" + std::to_string(i) + ">";
  return page + Times(4 * count, "<p>x");
}

std::string ManyAttributes(size_t count) {
  std::string page = "<body><p";
  for (size_t i = 0; i < count; ++i) page += " a" + std::to_string(i);
  return page + ">";
}

TEST(ConvertTest, ReadsWebPages) {
  const absl::StatusOr<Page> page = Convert(
      "<html><head><title>题目</title><meta name='PubDate' content='2024-01-12'></head><body><a>首页</a><div>"
      "<h1>青岚县司法局2023年工作总结</h1><p>全年调解620件，成功率98%。</p><table><tr><td>公证<td>520</table></div>"
      "<a>关闭</a></body></html>",
      "text/html", kHtmlLimits);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<std::string> lines;
  for (const PageLine& line : page->lines) {
    lines.push_back(std::string(line.main ? "m" : "") + (line.title ? "t" : "") + (line.whole ? "w" : "") +
                    std::to_string(line.blank_before) + " " + line.text);
  }
  EXPECT_THAT(lines, testing::ElementsAre("1 首页", "mt1 青岚县司法局2023年工作总结", "m1 全年调解620件，成功率98%。",
                                          "mw1 公证\t520", "1 关闭"));
  EXPECT_THAT(page->meta, testing::ElementsAre(testing::Pair("title", "题目"), testing::Pair("PubDate", "2024-01-12")));
}

// Former bugs: pages of some kilobytes that crashed the process that read them, or took it minutes and gigabytes.
TEST(ConvertTest, RefusesHtmlFaults) {
  ExpectRefused({
      {"no end to nesting", "<html>" + Times(150'000, "<lix>"), "nested deeper than 5000",
       absl::StatusCode::kFailedPrecondition},
      {"reopened elements", "<html>" + ReopenedElements(1000), "bytes of memory",
       absl::StatusCode::kFailedPrecondition},
  });
  for (const std::string& page : {Times(100'000, "<div></q>"), Times(150'000, "<PRE>"), ManyAttributes(40'000)}) {
    ConvertLimits limits = kHtmlLimits;
    limits.cpu_seconds = 1;
    const absl::Status status = Convert(page, "text/html", limits).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("more than 1 s of processor time"));
  }
}

// A file cut anywhere is read up to there or refused; the worker lives on.
TEST(ConvertTest, SurvivesCuts) {
  const std::string pdf = MakePdf({"青岚县司法局2023年工作总结", "全年调解620件。"});
  for (const std::string& whole : {pdf, NumberedDocx()}) {
    for (size_t i = 1; i < 12; ++i) {
      const absl::Status status = Read(whole.substr(0, whole.size() * i / 12)).status();
      EXPECT_TRUE(status.ok() || status.code() == absl::StatusCode::kInvalidArgument ||
                  status.code() == absl::StatusCode::kFailedPrecondition)
          << status;
    }
  }
}

TEST(ConvertTest, KeepsToItsLimits) {
  const std::string docx = NumberedDocx();
  ASSERT_TRUE(Convert(docx, "application/zip", {.memory_bytes = 64 << 20, .cpu_seconds = 1}).ok());
  std::string paragraphs;
  for (size_t i = 0; i < 600'000; ++i) paragraphs += "<w:p a='" + std::to_string(i * 7919 % 1'000'003) + "'/>";
  const std::string large = MakeZip({{"word/document.xml", "<w:document>" + paragraphs + "</w:document>"}});
  struct Case {
    std::string name, bytes, type;
    ConvertLimits limits;
    std::string message;
    absl::StatusCode code = absl::StatusCode::kFailedPrecondition;
  };
  for (const Case& c : std::vector<Case>{
           {"memory", large, "application/zip", {.memory_bytes = 64 << 20}, "more memory than"},
           {"processor", PdfBomb(9), "application/pdf", {.cpu_seconds = 1}, "more than 1 s of processor time"},
           {"deadline",
            PdfBomb(9),
            "application/pdf",
            {.deadline = std::chrono::milliseconds(50)},
            "more than 50 ms",
            absl::StatusCode::kUnavailable},
           {"output", docx, "application/zip", {.output_bytes = 20}, "more than 20 bytes of text"},
       }) {
    SCOPED_TRACE(c.name);
    const absl::Status status = Convert(c.bytes, c.type, c.limits).status();
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace duban
