// SPDX-License-Identifier: Apache-2.0
// Any parts of a DOCX or OFD, and any bytes that pass for a zip, are a page of valid lines, or refused.
//
// A zip's checksums would keep a fuzzer from ever reaching the XML: input that begins with d (DOCX) or o (OFD) is the
// XML of the parts named below, in that order, each ended by a zero byte. All else is a package as it is.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/text/utf8.h"
#include "services/ingest/office.h"
#include "services/ingest/report_files.h"

namespace {

constexpr const char* kDocxParts[] = {"word/document.xml", "word/numbering.xml", "word/styles.xml"};
constexpr const char* kOfdParts[] = {"OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml",
                                     "Doc_0/Pages/Page_1/Content.xml"};

template <size_t kCount>
std::string Pack(const char* const (&names)[kCount], std::string_view parts) {
  duban::ZipEntries entries;
  for (const char* name : names) {
    const size_t end = std::min(parts.find('\0'), parts.size());
    entries.emplace_back(name, parts.substr(0, end));
    parts.remove_prefix(std::min(end + 1, parts.size()));
  }
  return duban::MakeZip(entries);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with('d')) bytes = Pack(kDocxParts, std::string_view(bytes).substr(1));
  if (bytes.starts_with('o')) bytes = Pack(kOfdParts, std::string_view(bytes).substr(1));
  const auto page = duban::ReadOffice(bytes);
  if (!page.ok()) return 0;
  for (const duban::PageLine& line : page->lines) {
    if (!duban::IsValidUtf8(line.text)) std::abort();
  }
  return 0;
}
