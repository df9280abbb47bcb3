// SPDX-License-Identifier: Apache-2.0
// Paragraphs (w:p) of word/document.xml in order; text is w:t, w:tab and w:br of runs that are not hidden. A paragraph
// with w:numPr, its own or its style's, has a generated number: its level's format and text stand in
// word/numbering.xml, counters are kept by list and level, a deeper level starts anew.
#include "services/ingest/docx.h"

#include <algorithm>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/grid.h"
#include "services/ingest/package_xml.h"
#include "services/ingest/table_limits.h"

namespace duban {
namespace {

constexpr int kLevels = 9;
constexpr int kDeepestNesting = 200;   // nested elements
constexpr int kHighestStart = 32'767;  // of a list

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
      if (LocalName(node) == "abstractNum") {
        for (const pugi::xml_node& level : node.children("w:lvl")) {
          const int index = level.attribute("w:ilvl").as_int();
          if (index < 0 || index >= kLevels) continue;
          abstracts[Value(node, "w:abstractNumId")][index] = {
              Value(level.child("w:numFmt")), Value(level.child("w:lvlText")),
              std::clamp(level.child("w:start").attribute("w:val").as_int(1), 0, kHighestStart)};
        }
      } else if (LocalName(node) == "num") {
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
        text.replace(at, place.size(), FormatNumber(std::max(counters[index], 1), its.format));
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

// A place in a list. `list` is empty outside of lists; 0 takes a paragraph out of its style's list.
struct ListPlace {
  std::string list;
  int level = 0;
};

ListPlace PlaceOf(const pugi::xml_node& properties) {
  const pugi::xml_node number = properties.child("w:numPr");
  return {Value(number.child("w:numId")), number.child("w:ilvl").attribute("w:val").as_int()};
}

// The lists that paragraph styles stand in, their own or that of the style they are based on.
class Styles {
 public:
  explicit Styles(const pugi::xml_node& root) {
    for (const pugi::xml_node& style : root.children("w:style")) {
      styles_[Value(style, "w:styleId")] = {PlaceOf(style.child("w:pPr")), Value(style.child("w:basedOn"))};
    }
  }

  ListPlace Find(std::string style) const {
    constexpr int kDeepest = 10;  // styles may be based on each other in a circle
    for (int i = 0; i < kDeepest; ++i) {
      const auto found = styles_.find(style);
      if (found == styles_.end()) break;
      if (!found->second.place.list.empty()) return found->second.place;
      style = found->second.based_on;
    }
    return {};
  }

 private:
  struct Style {
    ListPlace place;
    std::string based_on;
  };
  std::map<std::string, Style> styles_;
};

// Elements around paragraphs, rows or cells that add nothing to them.
bool IsWrapper(std::string_view name) {
  return name == "sdt" || name == "sdtContent" || name == "customXml" || name == "ins" || name == "moveTo";
}

// Calls `visit` with each child, those of wrappers included.
template <typename Visit>
void ForEachChild(const pugi::xml_node& node, const Visit& visit, int depth = 0) {
  for (const pugi::xml_node& child : node.children()) {
    if (!IsWrapper(LocalName(child))) {
      visit(child);
    } else if (depth < kDeepestNesting) {
      ForEachChild(child, visit, depth + 1);
    }
  }
}

// Text that stands elsewhere or nowhere: deleted, moved away, or written once more for older readers.
bool IsSkipped(std::string_view name) {
  return name == "pPr" || name == "rPr" || name == "del" || name == "moveFrom" || name == "instrText" ||
         name == "Fallback";
}

// Whether a run is hidden text (w:vanish), which no reader of the paper sees.
bool IsHidden(const pugi::xml_node& run) {
  const pugi::xml_node vanish = run.child("w:rPr").child("w:vanish");
  const std::string value = Value(vanish);
  return vanish && value != "0" && value != "false" && value != "off";
}

// All text of a paragraph; the paragraphs of a text box inside are run together.
void AppendText(const pugi::xml_node& node, std::string* text, int depth = 0) {
  if (depth > kDeepestNesting) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = LocalName(child);
    if (name == "t") {
      text->append(child.child_value());
    } else if (name == "tab") {
      text->push_back(' ');
    } else if (name == "br" || name == "cr") {
      text->push_back('\n');
    } else if (!IsSkipped(name) && !IsHidden(child)) {
      AppendText(child, text, depth + 1);
    }
  }
}

class DocxWriter {
 public:
  DocxWriter(Numbering numbering, Styles styles, Page* page)
      : numbering_(std::move(numbering)), styles_(std::move(styles)), page_(page) {}

  void Write(const pugi::xml_node& body, int depth = 0) {
    if (depth > kDeepestNesting) return;
    ForEachChild(body, [&](const pugi::xml_node& node) {
      const std::string_view name = LocalName(node);
      if (name == "p") {
        WriteParagraph(node);
      } else if (name == "tbl") {
        WriteTable(node, depth);
      } else if (name == "tr" || name == "tc") {
        Write(node, depth + 1);
      }
    });
  }

 private:
  void WriteParagraph(const pugi::xml_node& paragraph) {
    const pugi::xml_node properties = paragraph.child("w:pPr");
    ListPlace place = PlaceOf(properties);
    if (place.list.empty()) place = styles_.Find(Value(properties.child("w:pStyle")));
    std::string text = numbering_.Next(place.list, place.level);
    AppendText(paragraph, &text);
    const bool title = Value(properties.child("w:pStyle")) == "Title";
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      Add(text.substr(begin, end - begin), title);
      begin = end + 1;
    }
  }

  // A table of data as a grid; one with a table inside or with a cell too long for one is layout.
  void WriteTable(const pugi::xml_node& table, int depth) {
    std::vector<GridRow> grid;
    size_t longest = 0, widest = 0;
    bool nested = false;
    ForEachChild(table, [&](const pugi::xml_node& row) {
      if (LocalName(row) != "tr") return;
      GridRow& cells = grid.emplace_back();
      ForEachChild(row, [&](const pugi::xml_node& cell) {
        if (LocalName(cell) != "tc") return;
        cells.push_back(ReadCell(cell));
        longest = std::max(longest, cells.back().text.size());
        ForEachChild(cell, [&](const pugi::xml_node& inner) { nested = nested || LocalName(inner) == "tbl"; });
      });
      widest = std::max(widest, cells.size());
    });
    const bool layout = nested || widest < 2 || (longest > kLongestTableCell && grid.size() < kFewestLongRows);
    if (layout) return Write(table, depth + 1);
    for (const std::string& line : WriteGrid(grid)) Add(line, false);
  }

  static GridCell ReadCell(const pugi::xml_node& cell) {
    GridCell out;
    // A blank between paragraphs.
    ForEachChild(cell, [&](const pugi::xml_node& paragraph) {
      std::string text;
      if (LocalName(paragraph) == "p") AppendText(paragraph, &text);
      std::replace(text.begin(), text.end(), '\n', ' ');
      const std::string_view trimmed = TrimSpace(text);
      if (!out.text.empty() && !trimmed.empty()) out.text += ' ';
      out.text += trimmed;
    });
    const pugi::xml_node properties = cell.child("w:tcPr");
    out.columns = std::clamp(properties.child("w:gridSpan").attribute("w:val").as_int(1), 1, kWidestSpan);
    const pugi::xml_node merged = properties.child("w:vMerge");
    out.continues = merged && Value(merged) != "restart";
    return out;
  }

  void Add(const std::string& text, bool title) {
    if (TrimSpace(text).empty()) return;
    page_->lines.push_back({.text = text, .title = title, .whole = true});
  }

  Numbering numbering_;
  Styles styles_;
  Page* page_;
};

// A part that a package may do without; empty then.
absl::StatusOr<std::unique_ptr<pugi::xml_document>> ReadOptional(const ZipArchive& package, const std::string& name) {
  if (package.Find(name) == nullptr) return std::make_unique<pugi::xml_document>();
  return ReadXml(package, name);
}

}  // namespace

absl::StatusOr<Page> ReadDocx(const ZipArchive& package) {
  DUBAN_ASSIGN_OR_RETURN(const auto document, ReadXml(package, "word/document.xml"));
  DUBAN_ASSIGN_OR_RETURN(const auto numbering, ReadOptional(package, "word/numbering.xml"));
  DUBAN_ASSIGN_OR_RETURN(const auto styles, ReadOptional(package, "word/styles.xml"));
  Page page;
  DocxWriter(Numbering(numbering->document_element()), Styles(styles->document_element()), &page)
      .Write(FindChild(document->document_element(), "body"));
  return page;
}

}  // namespace duban
