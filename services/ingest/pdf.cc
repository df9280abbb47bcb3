// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/pdf.h"

#include <poppler-document.h>
#include <poppler-page.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/status.h"
#include "services/ingest/sheet.h"

namespace duban {
namespace {

Sheet TextOf(const poppler::page& page) {
  Sheet sheet;
  for (const poppler::text_box& box : page.text_list()) {
    const poppler::byte_array utf8 = box.text().to_utf8();
    const poppler::rectf place = box.bbox();
    sheet.push_back({place.x(), place.y(), place.width(), place.height(), std::string(utf8.data(), utf8.size())});
  }
  return sheet;
}

}  // namespace

absl::StatusOr<Page> ReadPdf(std::string_view bytes) {
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (document == nullptr) return InvalidField("content", "damaged PDF");
  if (document->is_locked()) return absl::FailedPreconditionError("content: encrypted PDF, want one without password");
  std::vector<Sheet> sheets;
  for (int i = 0; i < document->pages(); ++i) {
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    if (page == nullptr) return InvalidField("content", "damaged PDF");
    sheets.push_back(TextOf(*page));
  }
  Page whole = ReadSheets(std::move(sheets));
  if (whole.lines.empty())
    return absl::FailedPreconditionError("content: no text layer, want a PDF with text instead of scans");
  return whole;
}

}  // namespace duban
