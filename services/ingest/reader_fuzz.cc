// SPDX-License-Identifier: Apache-2.0
// Any bytes are read or refused; what is read is valid UTF-8, one paragraph a line, and reads the same again. Web pages
// are read by duban-convert beside the running program: html_fuzz is the target for their parser.
#include <cstdint>
#include <cstdlib>

#include "common/text/utf8.h"
#include "services/ingest/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace duban;
  static const auto* const reader = new absl::StatusOr<std::unique_ptr<const Reader>>(Reader::Create());
  const auto document = (**reader)->Read(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!document.ok()) return 0;
  const std::string& text = document->text();
  if (text.empty() || !IsValidUtf8(text) || !IsValidUtf8(document->title())) std::abort();
  if (text.find("\n\n") != std::string::npos || text.back() == '\n') std::abort();
  return 0;
}
