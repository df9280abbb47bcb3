// SPDX-License-Identifier: Apache-2.0
// Any UTF-8 text, read as a web page in this process: lines of valid UTF-8, none of them empty or broken. What takes
// long or much memory is the limits of duban-convert to stop, and libFuzzer's here (-timeout, -rss_limit_mb).
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/text/utf8.h"
#include "services/ingest/html.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto page = duban::ReadHtml(bytes.substr(0, duban::ValidUtf8Prefix(bytes)));
  if (!page.ok()) return 0;
  for (const duban::PageLine& line : page->lines) {
    if (duban::TrimSpace(line.text).empty() || !duban::IsValidUtf8(line.text)) std::abort();
    if (line.text.find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
