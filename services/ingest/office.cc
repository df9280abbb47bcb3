// SPDX-License-Identifier: Apache-2.0
// DOCX: paragraphs (w:p) of word/document.xml in order; text is w:t, w:tab and w:br. A paragraph with w:numPr has a
// generated number: its level's format and text stand in word/numbering.xml, counters are kept by list and level, a
// deeper level starts anew.
//
// OFD: OFD.xml names the document, which names its pages in order; a page's TextCode elements carry X and Y relative to
// their object's boundary. They are put in reading order (by line, then from left to right), lines are told by Y.
//
// Entries are read by name only and nothing is written, so names like ../../etc/passwd are harmless. pugixml expands no
// entities but the five of XML, so entity bombs stay unexpanded.
#include "services/ingest/office.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr zip_int64_t kMostEntries = 2000;
constexpr zip_uint64_t kLargestEntry = 64u << 20;
constexpr zip_uint64_t kFreeEntry = 1u << 20;  // unpacked bytes up to which any ratio will do
constexpr zip_uint64_t kHighestRatio = 100;
constexpr int kLevels = 9;

class Package {
 public:
  static absl::StatusOr<Package> Open(std::string_view bytes) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* zip = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (zip == nullptr) {
      const absl::Status status = InvalidField("content", fmt::format("damaged zip: {}", zip_error_strerror(&error)));
      if (source != nullptr) zip_source_free(source);
      zip_error_fini(&error);
      return status;
    }
    Package package(zip);
    if (zip_get_num_entries(zip, 0) > kMostEntries)
      return absl::FailedPreconditionError("content: zip of more than 2000 entries");
    return package;
  }

  bool Has(const std::string& name) const { return zip_name_locate(zip_.get(), name.c_str(), 0) >= 0; }

  // An entry as XML.
  absl::StatusOr<std::unique_ptr<pugi::xml_document>> Xml(const std::string& name) const {
    zip_stat_t stat;
    if (zip_stat(zip_.get(), name.c_str(), 0, &stat) != 0)
      return InvalidField("content", fmt::format("zip without {}", name));
    if (stat.encryption_method != ZIP_EM_NONE)
      return absl::FailedPreconditionError("content: encrypted, want a file without password");
    const bool bomb = stat.size > kFreeEntry && stat.size / std::max<zip_uint64_t>(stat.comp_size, 1) > kHighestRatio;
    if (stat.size > kLargestEntry || bomb) {
      return absl::FailedPreconditionError(fmt::format(
          "content: {} unpacks to {} bytes, want at most 64 MiB and 100 times its packed size", name, stat.size));
    }
    std::string text(stat.size, '\0');
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(zip_.get(), name.c_str(), 0), &zip_fclose);
    if (file == nullptr || zip_fread(file.get(), text.data(), text.size()) != static_cast<zip_int64_t>(text.size())) {
      return InvalidField("content", fmt::format("damaged zip: {} does not unpack", name));
    }
    auto document = std::make_unique<pugi::xml_document>();
    const pugi::xml_parse_result parsed =
        document->load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    if (!parsed) return InvalidField("content", fmt::format("{}: {}", name, parsed.description()));
    return document;
  }

 private:
  explicit Package(zip_t* zip) : zip_(zip, &zip_discard) {}
  std::unique_ptr<zip_t, decltype(&zip_discard)> zip_;
};

// The name without its namespace's prefix.
std::string_view Local(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Find(const pugi::xml_node& node, std::string_view local) {
  for (const pugi::xml_node& child : node.children()) {
    if (Local(child) == local) return child;
  }
  return {};
}

std::string Value(const pugi::xml_node& node, const char* attribute = "w:val") {
  return node.attribute(attribute).value();
}

// 12 -> 十二, up to 99.
std::string ChineseNumber(int n) {
  static constexpr const char* kDigits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (n < 1 || n > 99) return std::to_string(n);
  return n < 10 ? kDigits[n] : std::string(n < 20 ? "" : kDigits[n / 10]) + "十" + kDigits[n % 10];
}

std::string FormatNumber(int n, const std::string& format) {
  if (format.rfind("chinese", 0) == 0 || format.rfind("japanese", 0) == 0 || format.rfind("ideograph", 0) == 0 ||
      format.rfind("taiwanese", 0) == 0) {
    return ChineseNumber(n);
  }
  if (format == "decimalEnclosedCircle" || format == "decimalEnclosedCircleChinese") {
    std::string circled;
    AppendUtf8(n >= 1 && n <= 20 ? static_cast<char32_t>(0x2460 + n - 1) : '0' + static_cast<char32_t>(n % 10),
               &circled);
    return circled;
  }
  if (format == "lowerLetter" || format == "upperLetter")
    return std::string(1, static_cast<char>((format[0] == 'l' ? 'a' : 'A') + (n - 1) % 26));
  return format == "bullet" || format == "none" ? "" : std::to_string(n);
}

// The generated numbers of a DOCX.
class Numbering {
 public:
  explicit Numbering(const pugi::xml_node& root) {
    std::map<std::string, std::map<int, Level>> abstracts;
    for (const pugi::xml_node& node : root.children()) {
      if (Local(node) == "abstractNum") {
        for (const pugi::xml_node& level : node.children("w:lvl")) {
          abstracts[Value(node, "w:abstractNumId")][level.attribute("w:ilvl").as_int()] = {
              Value(level.child("w:numFmt")), Value(level.child("w:lvlText")),
              level.child("w:start").attribute("w:val").as_int(1)};
        }
      } else if (Local(node) == "num") {
        lists_[Value(node, "w:numId")] = abstracts[Value(node.child("w:abstractNumId"))];
      }
    }
  }

  // The next number of a list, as its text says: 第%1章 with 2 is 第二章.
  std::string Next(const std::string& list, int level) {
    const auto found = lists_.find(list);
    if (found == lists_.end() || level < 0 || level >= kLevels) return "";
    std::vector<int>& counters = counters_[list];
    counters.resize(kLevels, 0);
    const std::map<int, Level>& levels = found->second;
    const auto own = levels.find(level);
    if (own == levels.end()) return "";
    counters[level] = counters[level] == 0 ? own->second.start : counters[level] + 1;
    std::fill(counters.begin() + level + 1, counters.end(), 0);
    std::string text = own->second.text;
    for (const auto& [index, its] : levels) {
      const std::string place = "%" + std::to_string(index + 1);
      if (const size_t at = text.find(place); at != std::string::npos) {
        text.replace(at, place.size(),
                     FormatNumber(std::max(counters[std::clamp(index, 0, kLevels - 1)], 1), its.format));
      }
    }
    return own->second.format == "bullet" ? "" : text;
  }

 private:
  struct Level {
    std::string format, text;
    int start = 1;
  };
  std::map<std::string, std::map<int, Level>> lists_;
  std::map<std::string, std::vector<int>> counters_;
};

// All text of a paragraph or cell; paragraphs inside are run together.
void AppendText(const pugi::xml_node& node, std::string* text, int depth = 0) {
  if (depth > 200) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = Local(child);
    if (name == "t") {
      text->append(child.child_value());
    } else if (name == "tab") {
      text->push_back(' ');
    } else if (name == "br" || name == "cr") {
      text->push_back('\n');
    } else if (name != "pPr" && name != "rPr" && name != "del" && name != "instrText" && name != "Fallback") {
      AppendText(child, text, depth + 1);
    }
  }
}

class DocxWriter {
 public:
  DocxWriter(Numbering numbering, Page* page) : numbering_(std::move(numbering)), page_(page) {}

  void Write(const pugi::xml_node& body, int depth = 0) {
    if (depth > 200) return;
    for (const pugi::xml_node& node : body.children()) {
      const std::string_view name = Local(node);
      if (name == "p") {
        WriteParagraph(node);
      } else if (name == "tr") {
        WriteRow(node);
      } else if (name == "tbl" || name == "sdt" || name == "sdtContent" || name == "ins") {
        Write(node, depth + 1);
      }
    }
  }

 private:
  void WriteParagraph(const pugi::xml_node& paragraph) {
    const pugi::xml_node properties = paragraph.child("w:pPr");
    std::string text;
    if (const pugi::xml_node number = properties.child("w:numPr"); number) {
      text = numbering_.Next(Value(number.child("w:numId")), number.child("w:ilvl").attribute("w:val").as_int());
    }
    AppendText(paragraph, &text);
    const bool title = Value(properties.child("w:pStyle")) == "Title";
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      Add(text.substr(begin, end - begin), title);
      begin = end + 1;
    }
  }

  void WriteRow(const pugi::xml_node& row) {
    std::string line;
    for (const pugi::xml_node& cell : row.children()) {
      if (Local(cell) != "tc") continue;
      std::string text;
      AppendText(cell, &text);
      std::replace(text.begin(), text.end(), '\n', ' ');
      if (!line.empty()) line += '\t';
      line += TrimSpace(text);
    }
    Add(line, false);
  }

  void Add(const std::string& text, bool title) {
    if (TrimSpace(text).empty()) return;
    page_->lines.push_back({.text = text, .title = title, .whole = true});
  }

  Numbering numbering_;
  Page* page_;
};

absl::StatusOr<Page> ReadDocx(const Package& package) {
  DUBAN_ASSIGN_OR_RETURN(const auto document, package.Xml("word/document.xml"));
  auto numbering = std::make_unique<pugi::xml_document>();
  if (package.Has("word/numbering.xml")) {
    DUBAN_ASSIGN_OR_RETURN(numbering, package.Xml("word/numbering.xml"));
  }
  Page page;
  DocxWriter(Numbering(numbering->document_element()), &page).Write(Find(document->document_element(), "body"));
  return page;
}

struct Glyphs {
  double x, y;
  std::string text;
};

void CollectText(const pugi::xml_node& node, double x, double y, std::vector<Glyphs>* out, int depth = 0) {
  if (depth > 100) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = Local(child);
    if (name == "TextObject") {
      double left = 0, top = 0;
      if (std::sscanf(child.attribute("Boundary").value(), "%lf %lf", &left, &top) != 2) left = top = 0;
      CollectText(child, left, top, out, depth + 1);
    } else if (name == "TextCode") {
      out->push_back({x + child.attribute("X").as_double(), y + child.attribute("Y").as_double(), child.child_value()});
    } else {
      CollectText(child, x, y, out, depth + 1);
    }
  }
}

void WriteOfdPage(std::vector<Glyphs> glyphs, Page* page) {
  constexpr double kSameLine = 2.0;  // mm
  std::stable_sort(glyphs.begin(), glyphs.end(), [](const Glyphs& a, const Glyphs& b) { return a.y < b.y; });
  for (size_t begin = 0; begin < glyphs.size();) {
    size_t end = begin + 1;
    while (end < glyphs.size() && glyphs[end].y - glyphs[end - 1].y < kSameLine) ++end;
    std::stable_sort(glyphs.begin() + static_cast<std::ptrdiff_t>(begin),
                     glyphs.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Glyphs& a, const Glyphs& b) { return a.x < b.x; });
    std::string line;
    for (size_t i = begin; i < end; ++i) line += glyphs[i].text;
    if (!TrimSpace(line).empty()) page->lines.push_back({.text = line});
    begin = end;
  }
}

absl::StatusOr<Page> ReadOfd(const Package& package) {
  DUBAN_ASSIGN_OR_RETURN(const auto root, package.Xml("OFD.xml"));
  const pugi::xml_node body = Find(root->document_element(), "DocBody");
  std::string path = Find(body, "DocRoot").child_value();
  if (path.starts_with('/')) path.erase(0, 1);
  DUBAN_ASSIGN_OR_RETURN(const auto document, package.Xml(path));
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  Page page;
  for (const pugi::xml_node& entry : Find(document->document_element(), "Pages").children()) {
    std::string location = entry.attribute("BaseLoc").value();
    location = location.starts_with('/') ? location.substr(1) : folder + location;
    DUBAN_ASSIGN_OR_RETURN(const auto content, package.Xml(location));
    std::vector<Glyphs> glyphs;
    CollectText(content->document_element(), 0, 0, &glyphs);
    WriteOfdPage(std::move(glyphs), &page);
  }
  return page;
}

}  // namespace

absl::StatusOr<Page> ReadOffice(std::string_view bytes) {
  DUBAN_ASSIGN_OR_RETURN(const Package package, Package::Open(bytes));
  Page page;
  if (package.Has("word/document.xml")) {
    DUBAN_ASSIGN_OR_RETURN(page, ReadDocx(package));
  } else if (package.Has("OFD.xml")) {
    DUBAN_ASSIGN_OR_RETURN(page, ReadOfd(package));
  } else {
    return absl::FailedPreconditionError("content: zip, want a DOCX or OFD document or its files one by one");
  }
  if (page.lines.empty()) return absl::FailedPreconditionError("content: no text layer, want a document with text");
  return page;
}

}  // namespace duban
