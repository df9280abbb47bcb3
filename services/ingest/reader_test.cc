// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/reader.h"

#include <fmt/format.h>
#include <unicode/ucnv.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/base/lexicon.h"
#include "common/text/utf8.h"
#include "embedded/page_cases.textproto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/page_case.pb.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

const Reader& TheReader() {
  static const Reader* const reader = [] {
    auto made = Reader::Create();
    EXPECT_TRUE(made.ok()) << made.status();
    return made->release();
  }();
  return *reader;
}

const ingest::PageCases& Cases() {
  static const auto* const cases = [] {
    auto parsed = ParseLexicon<ingest::PageCases>("page_cases.textproto", embedded::page_cases_textproto);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return new ingest::PageCases(*std::move(parsed));
  }();
  return *cases;
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::string UriOf(const ingest::PageCase& c) { return c.source_uri().empty() ? "page" : c.source_uri(); }

// Bytes of `text` in another charset, without byte order mark.
std::string Encode(const std::string& text, const char* charset) {
  UErrorCode error = U_ZERO_ERROR;
  std::string out(text.size() * 4 + 16, '\0');
  const int32_t size = ucnv_convert(charset, "UTF-8", out.data(), static_cast<int32_t>(out.size()), text.data(),
                                    static_cast<int32_t>(text.size()), &error);
  EXPECT_TRUE(U_SUCCESS(error)) << u_errorName(error);
  out.resize(static_cast<size_t>(size));
  return out;
}

void ExpectText(const std::string& want, const std::string& have) {
  if (!want.empty()) {
    EXPECT_TRUE(have == (want == "-" ? "" : want)) << "want " << want << "\nhave " << have;
  }
}

void ExpectYear(int want, int have) {
  if (want != 0) {
    EXPECT_EQ(have, std::max(want, 0));
  }
}

void Check(const ingest::PageCase& c, const v1::Document& document) {
  ExpectText(c.title(), document.title());
  ExpectText(c.agency(), document.agency().display_name());
  ExpectText(c.canonical(), document.agency().canonical_name());
  ExpectText(c.region_code(), document.region().code());
  ExpectText(c.region(), document.region().name());
  ExpectText(c.published_at(), document.published_at());
  ExpectText(c.made_at(), document.made_at());
  ExpectText(c.signed_at(), document.signed_at());
  ExpectText(Joined(c.text()), document.text());
  ExpectYear(c.report_year(), document.report_year());
  ExpectYear(c.plan_year(), document.plan_year());
  if (c.level() != v1::Agency::LEVEL_UNSPECIFIED) {
    EXPECT_EQ(document.agency().level(), c.level());
  }
  if (c.kind() != v1::Document::KIND_UNSPECIFIED) {
    EXPECT_EQ(document.kind(), c.kind());
  }
  ExpectText(c.months(), document.has_period() ? std::to_string(document.period().first_month()) + "-" +
                                                     std::to_string(document.period().last_month())
                                               : "");
  if (c.candidate_size() > 0) {
    std::string candidates = Joined(document.region().candidate_codes());
    EXPECT_EQ(candidates, Joined(c.candidate()) == "-" ? "" : Joined(c.candidate()));
  }
  std::vector<std::string> evidence;
  for (const v1::FieldEvidence& entry : document.evidence()) {
    evidence.push_back(entry.field() + " " + v1::FieldEvidence::Source_Name(entry.source()) + " " + entry.text());
  }
  EXPECT_THAT(evidence, testing::IsSupersetOf(c.evidence()));
  std::vector<std::string> fields;
  for (const auto& field : document.page_fields()) fields.push_back(field.label() + "=" + field.value());
  EXPECT_THAT(fields, testing::IsSupersetOf(c.field()));
}

TEST(ReaderTest, ReadsEveryPage) {
  ASSERT_GT(Cases().case__size(), 250);
  for (const ingest::PageCase& c : Cases().case_()) {
    SCOPED_TRACE(c.name());
    const absl::StatusOr<v1::Document> document = TheReader().Read(Joined(c.page()), UriOf(c));
    ASSERT_TRUE(document.ok()) << document.status();
    Check(c, *document);
  }
}

// The fields of a document that are derived and set.
std::vector<std::string> DerivedFields(const v1::Document& document) {
  std::vector<std::string> fields;
  const auto add = [&](const char* name, bool set) {
    if (set) fields.emplace_back(name);
  };
  add("title", !document.title().empty());
  add("agency", !document.agency().display_name().empty());
  add("region", !document.region().name().empty());
  add("report_year", document.report_year() != 0);
  add("plan_year", document.plan_year() != 0);
  add("period", document.has_period());
  add("kind", document.kind() != v1::Document::KIND_UNSPECIFIED);
  add("published_at", !document.published_at().empty());
  add("made_at", !document.made_at().empty());
  add("signed_at", !document.signed_at().empty());
  return fields;
}

// Whether the words of an entry stand where it says.
bool Stands(const v1::FieldEvidence& entry, const v1::Document& document, const std::string& page) {
  if (entry.text().empty() || entry.has_span() != (entry.source() == v1::FieldEvidence::TEXT)) return false;
  switch (entry.source()) {
    case v1::FieldEvidence::TEXT:
      return entry.span().begin() < entry.span().end() &&
             document.text().substr(static_cast<size_t>(entry.span().begin()),
                                    static_cast<size_t>(entry.span().end() - entry.span().begin())) == entry.text();
    case v1::FieldEvidence::PAGE_FIELD:
      return std::any_of(
          document.page_fields().begin(), document.page_fields().end(),
          [&](const v1::Document::PageField& field) { return field.value().find(entry.text()) != std::string::npos; });
    case v1::FieldEvidence::PAGE:
      return page.find(entry.text()) != std::string::npos;
    case v1::FieldEvidence::SOURCE_URI:
      return document.title().find(entry.text()) != std::string::npos;  // percent escapes read
    default:
      return entry.source() == v1::FieldEvidence::DERIVED;
  }
}

TEST(ReaderTest, EveryDerivedFieldHasItsEvidence) {
  std::map<v1::FieldEvidence::Source, int> sources;
  for (const ingest::PageCase& c : Cases().case_()) {
    SCOPED_TRACE(c.name());
    const std::string page = Joined(c.page());
    const absl::StatusOr<v1::Document> document = TheReader().Read(page, UriOf(c));
    ASSERT_TRUE(document.ok()) << document.status();
    std::vector<std::string> fields;
    for (const v1::FieldEvidence& entry : document->evidence()) {
      fields.push_back(entry.field());
      ++sources[entry.source()];
      EXPECT_TRUE(Stands(entry, *document, page)) << entry.ShortDebugString();
    }
    EXPECT_EQ(fields, DerivedFields(*document));
  }
  EXPECT_GT(sources[v1::FieldEvidence::TEXT], 100);
  EXPECT_GT(sources[v1::FieldEvidence::PAGE_FIELD], 5);
  EXPECT_GT(sources[v1::FieldEvidence::PAGE], 0);
  EXPECT_GT(sources[v1::FieldEvidence::SOURCE_URI], 0);
  EXPECT_GT(sources[v1::FieldEvidence::DERIVED], 0);
}

TEST(ReaderTest, CharsetDoesNotMatter) {
  int read = 0;
  for (const ingest::PageCase& c : Cases().case_()) {
    SCOPED_TRACE(c.name());
    const std::string page = Joined(c.page());
    for (const char* charset : {"GB18030", "UTF-16LE", "UTF-16BE"}) {
      SCOPED_TRACE(charset);
      const absl::StatusOr<v1::Document> document = TheReader().Read(Encode(page, charset), UriOf(c));
      ASSERT_TRUE(document.ok()) << document.status();
      EXPECT_EQ(document->charset(), charset);
      Check(c, *document);
      ++read;
    }
  }
  EXPECT_GT(read, 100);
}

TEST(ReaderTest, ReadsBig5) {
  const std::string page =
      "龍門縣司法局2024年工作總結\n2024年，龍門縣司法局辦理案件560件，調解糾紛2300件，成績顯著，受到表揚。";
  const absl::StatusOr<v1::Document> document = TheReader().Read(Encode(page, "Big5"), "");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->charset(), "Big5");
  EXPECT_EQ(document->text(), page);
}

TEST(ReaderTest, NamesBytesAndAgencies) {
  const absl::StatusOr<v1::Document> document = TheReader().Read("江山市司法局2023年工作总结\n全年办案。", "a.txt");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_THAT(document->name(), testing::MatchesRegex("documents/[0-9a-f]{32}"));
  EXPECT_THAT(document->agency().name(), testing::MatchesRegex("agencies/[0-9a-f]{16}"));
  EXPECT_EQ(document->media_type(), "text/plain");
  EXPECT_EQ(document->source_uri(), "a.txt");
  EXPECT_EQ(document->byte_size(), 53);
}

// A report in another language is accepted, and reported as such.
TEST(ReaderTest, TellsTheLanguage) {
  for (const auto& [text, language] : std::vector<std::pair<std::string, std::string>>{
           {"江山市司法局2023年工作总结\n全年办案120件。", "zh-Hans"},
           {"龍門縣司法局2024年工作總結\n辦理案件560件，調解糾紛2300件。", "zh-Hant"},
           {"江山市司法局2023年工作总结\n引进 Microsoft Office Professional Plus 软件，开展 WTO 规则培训3期。",
            "zh-Hans"},
           {"Annual report of the harbour office, 2023\nIt closed 120 cases and opened 5 rooms.", "und-Latn"},
           {"Отчёт о работе управления за 2023 год\nРассмотрено 120 дел.", "und-Cyrl"},
           {"港湾事務所の令和五年度業務報告について\n百二十件の相談を受け付けました。", "ja"},
           {"항만사무소 2023년 업무보고\n상담 120건을 처리하였다.", "ko"},
           {"༢༠༢༣ལོའི་ལས་དོན་སྙན་ཞུ།", "bo"},
           {"2023 120 5%", "und"}}) {
    SCOPED_TRACE(text);
    const absl::StatusOr<v1::Document> document = TheReader().Read(text, "");
    ASSERT_TRUE(document.ok()) << document.status();
    EXPECT_EQ(document->language(), language);
  }
}

TEST(ReaderTest, RefusesWhatIsNoReport) {
  struct Case {
    std::string name, bytes, message;
  };
  std::string random(4000, '\0');
  std::mt19937 generator(5);
  for (char& c : random) c = static_cast<char>(generator());
  for (const Case& c : std::vector<Case>{
           {"empty", "", "content: 0 bytes, want a report"},
           {"blank", " \n\t　\n", "blank text"},
           {"random bytes", random, "want text in UTF-8"},
           {"NUL bytes", std::string("ab\0\0\0cd", 7), "binary data"},
           {"control characters", "\x01\x02\x03\x04工作", "binary data"},
           {"no charset", "\xFF\xFE\xFD\x80\x80\xFF\xFF\xFF\xFF", "want text"},
           {"UTF-8 with a broken character", "工作\xE6\xB3", "UTF-8 that breaks at byte 6"},
           {"furniture only", "首页\n打印本页\n分享到：", "no text besides page furniture"},
       }) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<v1::Document> document = TheReader().Read(c.bytes, "");
    EXPECT_EQ(document.status().code(), absl::StatusCode::kInvalidArgument) << document.status();
    EXPECT_THAT(std::string(document.status().message()), HasSubstr(c.message));
  }
}

TEST(ReaderTest, RefusesNestingThatWouldEatTheStack) {
  std::string page = "<html><body>";
  for (int i = 0; i < 20'000; ++i) page += "<div>";
  const absl::Status status = TheReader().Read(page, "").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("nested deeper than 5000"));
}

// Former bugs: each took time with the square of its size, minutes at this one. What bounds them is the test's time.
TEST(ReaderTest, ReadsHostileTextInLinearTime) {
  const auto times = [](const std::string& before, const std::string& piece, int count) {
    std::string text = before;
    for (int i = 0; i < count; ++i) text += piece;
    return text;
  };
  const std::string title = "青岚县司法局2023年工作总结\n";
  const std::string meta = "<meta name=\"ArticleTitle\" content=\"青岚县司法局2023年工作总结\">";
  struct Case {
    std::string name, page;
  };
  for (const Case& c : std::vector<Case>{
           {"a number that goes on in every line", times(title + "全年受理案件和调解纠纷共计620\n", "1 1\n", 200'000)},
           {"a long number above a paragraph", times(title + std::string(400'000, '1') + "\n", "x\n", 200'000)},
           {"cells", times(title, "\t1", 400'000)},
           {"titles and lines to hold them against",
            times(times("<html><head>", meta, 30'000) + "</head><body>", "<p>没有句号的短行</p>", 30'000)},
       }) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<v1::Document> document = TheReader().Read(c.page, "");
    if (!document.ok()) {
      EXPECT_EQ(document.status().code(), absl::StatusCode::kInvalidArgument) << document.status();
    }
  }
}

// Blanks around lines, empty lines and line ends of another system change nothing.
TEST(ReaderTest, LayoutOfLinesDoesNotMatter) {
  const std::string plain =
      "江山市司法局2023年工作总结\n一、主要工作\n全年办案120件，成效明显。\n二、下步打算\n新建调解室5个。";
  const absl::StatusOr<v1::Document> want = TheReader().Read(plain, "");
  ASSERT_TRUE(want.ok());
  for (const std::string_view line_end : {"\r\n", "\n\n", "\r", "　\n　　", " \r\n\r\n\t"}) {
    std::string page;
    for (const char c : plain) page += c == '\n' ? std::string(line_end) : std::string(1, c);
    const absl::StatusOr<v1::Document> document = TheReader().Read(page, "");
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->text(), want->text());
    EXPECT_EQ(document->report_year(), 2023);
  }
}

// Every character of the clean text stands in the page, in the same order.
TEST(ReaderTest, TextIsASubsequenceOfThePage) {
  for (const ingest::PageCase& c : Cases().case_()) {
    const std::string page = Joined(c.page());
    if (page.find("rowspan") != std::string::npos) continue;  // such cells stand in each of their rows
    const absl::StatusOr<v1::Document> document = TheReader().Read(page, "");
    ASSERT_TRUE(document.ok());
    size_t at = 0;
    for (const CodePoint& point : CodePoints(document->text())) {
      if (IsSpace(point.value)) continue;
      at = page.find(document->text().substr(point.offset, point.size), at);
      ASSERT_NE(at, std::string::npos) << c.name();
    }
  }
}

// A page of a report and furniture around it, with what a reader of it would read.
struct MadePage {
  std::string plain, html;
  std::vector<std::string> sentences;
};

MadePage MakePage(std::mt19937* random) {
  const auto one_of = [&](const std::vector<std::string>& words) { return words[(*random)() % words.size()]; };
  const auto number = [&](uint32_t most) { return std::to_string(1 + (*random)() % most); };
  MadePage page;
  std::vector<std::string> lines = {"首页 > 政务公开 > 工作总结",
                                    "来源：青岚县司法局　发布时间：2024-01-12　浏览次数：356"};
  const std::string title = "青岚县司法局2023年工作总结";
  lines.insert(lines.begin() + 1, title);
  page.sentences.push_back(title);
  const std::vector<std::string> numbers = {"一", "二", "三", "四", "五"};
  for (size_t part = 0; part < 1 + (*random)() % 4; ++part) {
    const std::string heading = numbers[part] + "、" + one_of({"主要工作", "强化法律服务", "存在问题", "下步打算"});
    lines.push_back(heading);
    page.sentences.push_back(heading);
    for (size_t paragraph = 0; paragraph < 1 + (*random)() % 3; ++paragraph) {
      std::string line;
      for (size_t i = 0; i < 1 + (*random)() % 4; ++i) {
        const std::string sentence =
            one_of({"全县受理", "来源广泛，", "截至年底", "（一）分享经验，", "附件管理方面", "1.打印店主体"}) +
            one_of({"法律援助案件", "人民调解案件", "公证事项"}) + number(9000) +
            one_of({"件，同比增长", "宗,办结率", "起、其中一成占"}) + number(99) +
            one_of({"%。", "．5％，群众满意。", "%；", "%！"});
        line += sentence;
        page.sentences.push_back(sentence);
      }
      lines.push_back(line);
    }
  }
  if ((*random)() % 2 == 0) {
    lines.push_back("一年来全县司法行政各项工作取得新的进展，得到了各方面的充分肯定和好评。");
    page.sentences.push_back(lines.back());
  }
  for (const char* line : {"相关链接", "友情链接", "版权所有：青岚县人民政府"}) lines.push_back(line);
  page.html = "<html><body>";
  for (const std::string& line : lines) {
    page.plain += line + one_of({"\n", "\r\n", "\n\n　　"});
    const std::string tag = one_of({"p", "div"});
    page.html += "<" + tag + one_of({">", " style=\"text-indent:2em\">&nbsp;"}) + line + "</" + tag + ">";
  }
  return page;
}

// The other way round: no sentence of the report is lost.
TEST(ReaderTest, EverySentenceOfAPageIsInTheText) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    const MadePage page = MakePage(&random);
    std::vector<std::string> forms = {page.plain};
    if (round % 20 == 0) forms.push_back(page.html);  // each takes a process
    for (const std::string& bytes : forms) {
      const absl::StatusOr<v1::Document> document = TheReader().Read(bytes, "");
      ASSERT_TRUE(document.ok()) << document.status();
      size_t at = 0;
      for (const std::string& sentence : page.sentences) {
        at = document->text().find(sentence, at);
        ASSERT_NE(at, std::string::npos) << sentence << " of\n" << bytes << "\nis not in\n" << document->text();
        at += sentence.size();
      }
      EXPECT_EQ(document->text().find("浏览次数"), std::string::npos);
      EXPECT_EQ(document->text().find("友情链接"), std::string::npos);
    }
  }
}

TEST(ReaderTest, ReadsRealReports) {
  const char* directory = std::getenv("DUBAN_REPORTS_DIR");
  if (directory == nullptr) GTEST_SKIP() << "DUBAN_REPORTS_DIR is not set: no real reports to read";
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const absl::StatusOr<std::string> bytes = ReadFile(entry.path().string());
    ASSERT_TRUE(bytes.ok());
    const absl::StatusOr<v1::Document> document = TheReader().Read(*bytes, entry.path().string());
    ASSERT_TRUE(document.ok()) << entry.path() << document.status();
    EXPECT_FALSE(document->region().code().empty()) << entry.path();
    EXPECT_FALSE(document->agency().display_name().empty()) << entry.path();
    EXPECT_NE(document->report_year() + document->plan_year(), 0) << entry.path();
    EXPECT_THAT(document->text(), testing::Not(HasSubstr("发布时间"))) << entry.path();
    ++read;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace duban
