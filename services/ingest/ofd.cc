// SPDX-License-Identifier: Apache-2.0
// OFD.xml names the document, which names its pages in order; a page's TextCode elements carry X and Y relative to
// their object's boundary.
#include "services/ingest/ofd.h"

#include <cmath>
#include <cstdio>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/package_xml.h"
#include "services/ingest/sheet.h"

namespace duban {
namespace {

// A TextObject's place, letter's height and transformation (CTM; c and b, which rotate, are passed over).
struct Frame {
  double x = 0, y = 0, size = 4, a = 1, d = 1;
};

Frame FrameOf(const pugi::xml_node& object) {
  Frame frame;
  double e = 0, f = 0, b = 0, c = 0;
  if (std::sscanf(object.attribute("CTM").value(), "%lf %lf %lf %lf %lf %lf", &frame.a, &b, &c, &frame.d, &e, &f) !=
      6) {
    frame.a = frame.d = 1;
    e = f = 0;
  }
  if (std::sscanf(object.attribute("Boundary").value(), "%lf %lf", &frame.x, &frame.y) != 2) frame.x = frame.y = 0;
  frame.x += e;
  frame.y += f;
  frame.size = object.attribute("Size").as_double(4) * std::abs(frame.d);
  return frame;
}

// Letters of ASCII are half as wide as ideographs.
double Width(std::string_view text) {
  double width = 0;
  for (const CodePoint& c : CodePoints(text)) width += c.value < 0x80 ? 0.5 : 1;
  return width;
}

void CollectText(const pugi::xml_node& node, const Frame& frame, Sheet* out, int depth = 0) {
  if (depth > 100) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = LocalName(child);
    if (name == "TextObject") {
      CollectText(child, FrameOf(child), out, depth + 1);
    } else if (name == "TextCode") {
      const std::string text = child.child_value();
      // Y is the letters' base line.
      out->push_back({frame.x + frame.a * child.attribute("X").as_double(),
                      frame.y + frame.d * child.attribute("Y").as_double() - frame.size, Width(text) * frame.size,
                      frame.size, text.substr(0, ValidUtf8Prefix(text))});
    } else {
      CollectText(child, frame, out, depth + 1);
    }
  }
}

}  // namespace

absl::StatusOr<Page> ReadOfd(const ZipArchive& package) {
  DUBAN_ASSIGN_OR_RETURN(const auto root, ReadXml(package, "OFD.xml"));
  const pugi::xml_node body = FindChild(root->document_element(), "DocBody");
  std::string path = FindChild(body, "DocRoot").child_value();
  if (path.starts_with('/')) path.erase(0, 1);
  DUBAN_ASSIGN_OR_RETURN(const auto document, ReadXml(package, path));
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  std::vector<Sheet> sheets;
  for (const pugi::xml_node& entry : FindChild(document->document_element(), "Pages").children()) {
    std::string location = entry.attribute("BaseLoc").value();
    location = location.starts_with('/') ? location.substr(1) : folder + location;
    DUBAN_ASSIGN_OR_RETURN(const auto content, ReadXml(package, location));
    CollectText(content->document_element(), {}, &sheets.emplace_back());
  }
  return ReadSheets(std::move(sheets));
}

}  // namespace duban
