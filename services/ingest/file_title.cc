// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/file_title.h"

#include <algorithm>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/ingest/dates.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : HexDigit(text[i + 2]);
    out.push_back(low < 0 ? text[i] : static_cast<char>(high * 16 + low));
    if (low >= 0) i += 2;
  }
  return out;
}

}  // namespace

std::string TitleOfUri(std::string_view uri, const ingest::ReportLexicon& lexicon) {
  uri = uri.substr(0, uri.find_first_of("?#"));
  uri.remove_prefix(uri.rfind('/') + 1);
  std::string name = Unescape(uri.substr(0, uri.rfind('.')));
  if (!IsValidUtf8(name) || FindYears(Fold(name), lexicon.year_word()).empty()) return "";
  while (LongestEnding(name, lexicon.paper()) == 0) {
    const size_t bracket = std::min(name.rfind('('), name.rfind("（"));
    const bool closed = name.ends_with(")") || name.ends_with("）");
    if (!closed || bracket == std::string::npos) return "";
    name = TrimSpace(std::string_view(name).substr(0, bracket));
  }
  return name;
}

}  // namespace duban
