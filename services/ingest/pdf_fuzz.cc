// SPDX-License-Identifier: Apache-2.0
// Any bytes are a PDF's page of valid lines, or refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/text/utf8.h"
#include "services/ingest/pdf.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto page = duban::ReadPdf(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!page.ok()) return 0;
  for (const duban::PageLine& line : page->lines) {
    if (!duban::IsValidUtf8(line.text)) std::abort();
  }
  return 0;
}
