// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "services/plan/export_sheet.h"

namespace duban {
namespace {

// A page of A4 across; heads come again on every page and lines are not torn.
constexpr char kStyle[] = R"(@page { size: A4 landscape; margin: 12mm; }
body { font: 10pt "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 16pt; text-align: center; }
table { border-collapse: collapse; width: 100%; margin-bottom: 8mm; }
th, td { border: 1px solid #444; padding: 2px 4px; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; background: #eee; }
tr { break-inside: avoid; }
h1:not(:first-of-type) { break-before: page; }
)";

std::string Escape(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string Row(const char* element, const std::vector<std::string>& cells) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) row += fmt::format("<{0}>{1}</{0}>", element, Escape(cell));
  return row + "</tr>\n";
}

}  // namespace

std::string PlanExporter::Html(const PlanExport& plan) const {
  std::vector<std::string> heads;
  for (const auto& column : words_.columns()) heads.push_back(column.head());
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta "
      "charset=\"utf-8\">\n<title>{}</title>\n<style>\n{}</style>\n"
      "</head>\n<body>\n",
      Escape(words_.title()), kStyle);
  std::string agency;
  int number = 0;
  for (const v1::Tracking& tracking : plan.trackings) {
    const std::string own = AgencyOfItem(tracking.plan_item());
    if (number == 0 || own != agency) {
      if (number != 0) html += "</tbody>\n</table>\n";
      html += fmt::format("<h1>{}{}</h1>\n", Escape(AgencyTitle(plan, own)), Escape(words_.title()));
      if (!plan.as_of.empty()) html += fmt::format("<p>{} {}</p>\n", Escape(words_.as_of()), Escape(plan.as_of));
      html += "<table>\n<thead>\n" + Row("th", heads) + "</thead>\n<tbody>\n";
      agency = own;
      number = 0;
    }
    html += Row("td", SheetCells(words_, themes_, plan, tracking, ++number));
  }
  if (number != 0) html += "</tbody>\n</table>\n";
  return html + "</body>\n</html>\n";
}

}  // namespace duban
