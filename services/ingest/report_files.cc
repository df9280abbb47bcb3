// SPDX-License-Identifier: Apache-2.0
// A PDF's text is in a font that is not embedded, its codes are UTF-16 units and its ToUnicode map is the identity.
#include "services/ingest/report_files.h"

#include <fmt/format.h>
#include <zip.h>

#include <cstdlib>
#include <map>
#include <string_view>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr double kLineWidth = 28;   // ems
constexpr size_t kSheetLines = 22;  // without the page number

std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

struct SetLine {
  double indent;  // ems
  std::string text;
};

double Width(char32_t c) { return c < 0x80 ? 0.5 : 1; }

// No line begins with a closing mark.
bool Hangs(char32_t c) { return std::u32string_view(U"，。、；：）》”’！？%").find(c) != std::u32string_view::npos; }

void SetParagraph(std::string_view text, bool title, std::vector<SetLine>* lines) {
  double left = title ? kLineWidth : kLineWidth - 2;
  SetLine line{title ? 4.0 : 2.0, ""};
  for (const CodePoint& c : CodePoints(text)) {
    if (left < Width(c.value) && !Hangs(c.value)) {
      lines->push_back(std::move(line));
      line = {0, ""};
      left = kLineWidth;
    }
    line.text.append(text, c.offset, c.size);
    left -= Width(c.value);
  }
  lines->push_back(std::move(line));
}

// Sheets of lines, page numbers last.
std::vector<std::vector<SetLine>> SetSheets(const Paragraphs& paragraphs) {
  std::vector<SetLine> lines;
  for (const std::string& text : paragraphs) SetParagraph(text, &text == &paragraphs.front(), &lines);
  std::vector<std::vector<SetLine>> sheets;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i % kSheetLines == 0) sheets.emplace_back();
    sheets.back().push_back(lines[i]);
  }
  for (size_t i = 0; i < sheets.size(); ++i) sheets[i].push_back({13, fmt::format("- {} -", i + 1)});
  return sheets;
}

// The text in the PDF's font, as a string of hexadecimal digits.
std::string Codes(std::string_view text) {
  std::string out;
  for (const CodePoint& c : CodePoints(text)) out += fmt::format("{:04X}", static_cast<uint32_t>(c.value));
  return out;
}

std::string Stream(const std::string& dictionary, const std::string& content) {
  return fmt::format("<< {} /Length {} >>\nstream\n{}\nendstream", dictionary, content.size(), content);
}

std::string ToUnicode() {
  std::string out =
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
      "1 begincodespacerange <0000> <FFFF> endcodespacerange\n";
  for (int high = 0; high < 256; high += 64) {
    out += "64 beginbfrange\n";
    for (int i = high; i < high + 64; ++i) out += fmt::format("<{0:02X}00> <{0:02X}FF> <{0:02X}00>\n", i);
    out += "endbfrange\n";
  }
  return out + "endcmap CMapName currentdict /CMap defineresource pop end end";
}

// How 一、 headings leave their numbers to Word: restarts begin a new list, the first is that of the style.
class Numbers {
 public:
  // The list that `text` begins a number of; 0 if none. Takes the number off.
  int Take(std::string* text) {
    static constexpr std::string_view kNumbers[] = {"一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、"};
    for (size_t i = 0; i < std::size(kNumbers); ++i) {
      if (!text->starts_with(kNumbers[i]) || (i != 0 && i != next_)) continue;
      lists_ += i == 0;
      next_ = i + 1;
      text->erase(0, kNumbers[i].size());
      return lists_;
    }
    return 0;
  }

  std::string Xml() const {
    std::string out = "<w:numbering xmlns:w='w'>";
    for (int list = 1; list <= lists_; ++list) {
      out += fmt::format(
          "<w:abstractNum w:abstractNumId='{0}'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt "
          "w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl></w:abstractNum>",
          list);
    }
    for (int list = 1; list <= lists_; ++list)
      out += fmt::format("<w:num w:numId='{0}'><w:abstractNumId w:val='{0}'/></w:num>", list);
    return out + "</w:numbering>";
  }

 private:
  int lists_ = 0;
  size_t next_ = 0;
};

}  // namespace

std::string MakeZip(const ZipEntries& entries) {
  zip_error_t error;
  zip_source_t* archive = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(archive);
  zip_t* zip = zip_open_from_source(archive, ZIP_CREATE, &error);
  for (const auto& [name, text] : entries) {
    // RAW: names as they are, also those of no good charset.
    if (zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), ZIP_FL_ENC_RAW) < 0)
      std::abort();
  }
  if (zip_close(zip) != 0) std::abort();
  zip_source_open(archive);
  zip_source_seek(archive, 0, SEEK_END);
  std::string bytes(static_cast<size_t>(zip_source_tell(archive)), '\0');
  zip_source_seek(archive, 0, SEEK_SET);
  zip_source_read(archive, bytes.data(), bytes.size());
  zip_source_close(archive);
  zip_source_free(archive);
  return bytes;
}

std::string MakeHtml(const Paragraphs& paragraphs) {
  std::string out =
      "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><div class=\"nav\"><a href=\"/\">首页</a> "
      "<a href=\"/xx\">信息公开</a></div><div class=\"content\">";
  for (const std::string& text : paragraphs) {
    const std::string tag = &text == &paragraphs.front() ? "h1" : "p";
    out += fmt::format("<{0}>{1}</{0}>\n", tag, Escape(text));
  }
  return out + "</div><div class=\"footer\">版权所有</div></body></html>";
}

std::string MakeDocx(const Paragraphs& paragraphs) {
  Numbers numbers;
  std::string body;
  for (const std::string& paragraph : paragraphs) {
    std::string text = paragraph;
    const int list = numbers.Take(&text);
    std::string properties = &paragraph == &paragraphs.front() ? "<w:pStyle w:val='Title'/>" : "";
    if (list > 0) properties = "<w:pStyle w:val='1'/>";
    if (list > 1) properties += fmt::format("<w:numPr><w:numId w:val='{}'/></w:numPr>", list);
    const size_t half = ValidUtf8Prefix(std::string_view(text).substr(0, text.size() / 2));
    body += fmt::format("<w:p><w:pPr>{}</w:pPr><w:r><w:t>{}</w:t></w:r><w:r><w:t>{}</w:t></w:r></w:p>", properties,
                        Escape(std::string_view(text).substr(0, half)), Escape(std::string_view(text).substr(half)));
  }
  return MakeZip({{"[Content_Types].xml", "<Types/>"},
                  {"word/document.xml", "<w:document xmlns:w='w'><w:body>" + body + "</w:body></w:document>"},
                  {"word/numbering.xml", numbers.Xml()},
                  {"word/styles.xml",
                   "<w:styles xmlns:w='w'><w:style w:styleId='base'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr>"
                   "</w:pPr></w:style><w:style w:styleId='1'><w:basedOn w:val='base'/></w:style></w:styles>"}});
}

std::string MakeOfd(const Paragraphs& paragraphs) {
  constexpr double kEm = 5.6, kLeft = 26, kTop = 30, kLine = 10;  // mm
  ZipEntries entries = {
      {"OFD.xml",
       "<ofd:OFD xmlns:ofd='o'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"}};
  std::string pages;
  for (const std::vector<SetLine>& sheet : SetSheets(paragraphs)) {
    const std::string path = fmt::format("Pages/Page_{}/Content.xml", entries.size() - 1);
    std::string content;
    for (size_t i = 0; i < sheet.size(); ++i) {
      content += fmt::format(
          "<ofd:TextObject Boundary='{:.1f} {:.1f} 160 7' Size='5.6'><ofd:TextCode X='0' Y='5' DeltaX='g 27 5.6'>{}"
          "</ofd:TextCode></ofd:TextObject>",
          kLeft + sheet[i].indent * kEm, kTop + static_cast<double>(i) * kLine, Escape(sheet[i].text));
    }
    pages += fmt::format("<ofd:Page BaseLoc='{}'/>", path);
    entries.push_back({"Doc_0/" + path, "<ofd:Page xmlns:ofd='o'><ofd:Content><ofd:Layer>" + content +
                                            "</ofd:Layer></ofd:Content></ofd:Page>"});
  }
  entries.push_back(
      {"Doc_0/Document.xml", "<ofd:Document xmlns:ofd='o'><ofd:Pages>" + pages + "</ofd:Pages></ofd:Document>"});
  return MakeZip(entries);
}

std::string MakePdf(const Paragraphs& paragraphs) {
  constexpr double kEm = 16, kLeft = 73, kTop = 760, kLine = 28;  // pt
  std::vector<std::string> contents;
  for (const std::vector<SetLine>& sheet : SetSheets(paragraphs)) {
    std::string content;
    for (size_t i = 0; i < sheet.size(); ++i) {
      content += fmt::format("BT /F {} Tf {:.1f} {:.1f} Td <{}> Tj ET\n", kEm, kLeft + sheet[i].indent * kEm,
                             kTop - static_cast<double>(i) * kLine, Codes(sheet[i].text));
    }
    contents.push_back(std::move(content));
  }
  return MakePdfOf(contents);
}

std::string MakePdfOf(const std::vector<std::string>& sheets, const std::vector<std::string>& objects,
                      const std::string& trailer) {
  constexpr int kFirstSheet = 10, kFirstFurther = 100;
  std::map<int, std::string> all = {
      {1, "<< /Type /Catalog /Pages 2 0 R >>"},
      {3,
       "<< /Type /Font /Subtype /Type0 /BaseFont /FangSong /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 "
       "0 R >>"},
      {4,
       "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /FangSong /CIDSystemInfo << /Registry (Adobe) /Ordering "
       "(Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 /W [32 126 500] >>"},
      {5,
       "<< /Type /FontDescriptor /FontName /FangSong /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 "
       "/Descent -200 /CapHeight 700 /StemV 80 >>"},
      {6, Stream("", ToUnicode())}};
  std::string kids;
  for (size_t i = 0; i < sheets.size(); ++i) {
    const int page = kFirstSheet + 2 * static_cast<int>(i);
    kids += fmt::format("{} 0 R ", page);
    all[page] = fmt::format(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F 3 0 R >> "
        "/XObject << /X 100 0 R >> >> >>",
        page + 1);
    all[page + 1] = Stream("", sheets[i]);
  }
  all[2] = fmt::format("<< /Type /Pages /Count {} /Kids [{}] >>", sheets.size(), kids);
  for (size_t i = 0; i < objects.size(); ++i) all[kFirstFurther + static_cast<int>(i)] = objects[i];
  std::string out = "%PDF-1.4\n", table;
  for (const auto& [number, object] : all) {
    table += fmt::format("{} 1\n{:010} 00000 n \n", number, out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", number, object);
  }
  const size_t at = out.size();
  return out +
         fmt::format("xref\n0 1\n0000000000 65535 f \n{}trailer\n<< /Size {} /Root 1 0 R {} >>\nstartxref\n{}\n%%EOF\n",
                     table, all.rbegin()->first + 1, trailer, at);
}

}  // namespace duban
