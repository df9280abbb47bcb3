// SPDX-License-Identifier: Apache-2.0
// OFD.xml names the document, which names its pages in order; a page's TextCode elements carry X and Y relative to
// their object's boundary. They are put in reading order (by line, then from left to right), lines are told by Y.
#include "services/ingest/ofd.h"

#include <algorithm>
#include <cstdio>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/package_xml.h"

namespace duban {
namespace {

struct Glyphs {
  double x, y;
  std::string text;
};

void CollectText(const pugi::xml_node& node, double x, double y, std::vector<Glyphs>* out, int depth = 0) {
  if (depth > 100) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = LocalName(child);
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

// A sheet's lines. A line that begins a letter's width or more right of the sheet's left edge is indented.
Page ReadSheet(std::vector<Glyphs> glyphs) {
  constexpr double kSameLine = 2.0;                      // mm
  constexpr double kIndent = 4.0, kWidestIndent = 16.0;  // mm; what stands further right is centred
  Page sheet;
  std::stable_sort(glyphs.begin(), glyphs.end(), [](const Glyphs& a, const Glyphs& b) { return a.y < b.y; });
  double edge = 1e9;
  for (const Glyphs& glyph : glyphs) edge = std::min(edge, glyph.x);
  for (size_t begin = 0; begin < glyphs.size();) {
    size_t end = begin + 1;
    while (end < glyphs.size() && glyphs[end].y - glyphs[end - 1].y < kSameLine) ++end;
    std::stable_sort(glyphs.begin() + static_cast<std::ptrdiff_t>(begin),
                     glyphs.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Glyphs& a, const Glyphs& b) { return a.x < b.x; });
    const double indent = glyphs[begin].x - edge;
    std::string line = indent >= kIndent && indent <= kWidestIndent ? "  " : "";
    for (size_t i = begin; i < end; ++i) line += glyphs[i].text;
    if (!TrimSpace(line).empty()) sheet.lines.push_back({.text = line});
    begin = end;
  }
  return sheet;
}

}  // namespace

absl::StatusOr<Page> ReadOfd(const ZipArchive& package) {
  DUBAN_ASSIGN_OR_RETURN(const auto root, ReadXml(package, "OFD.xml"));
  const pugi::xml_node body = FindChild(root->document_element(), "DocBody");
  std::string path = FindChild(body, "DocRoot").child_value();
  if (path.starts_with('/')) path.erase(0, 1);
  DUBAN_ASSIGN_OR_RETURN(const auto document, ReadXml(package, path));
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  std::vector<Page> sheets;
  for (const pugi::xml_node& entry : FindChild(document->document_element(), "Pages").children()) {
    std::string location = entry.attribute("BaseLoc").value();
    location = location.starts_with('/') ? location.substr(1) : folder + location;
    DUBAN_ASSIGN_OR_RETURN(const auto content, ReadXml(package, location));
    std::vector<Glyphs> glyphs;
    CollectText(content->document_element(), 0, 0, &glyphs);
    sheets.push_back(ReadSheet(std::move(glyphs)));
  }
  return JoinSheets(std::move(sheets));
}

}  // namespace duban
