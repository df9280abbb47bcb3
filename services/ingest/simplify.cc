// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/simplify.h"

#include <fmt/format.h>

#include "common/base/status.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr char32_t kFirst = 0x4E00, kLast = 0x9FFF;
constexpr size_t kSample = 30000;         // bytes looked at
constexpr size_t kTraditionalShare = 33;  // one of so many ideographs

bool InTable(char32_t c) { return c >= kFirst && c <= kLast; }

}  // namespace

absl::StatusOr<Simplifier> Simplifier::Create(const ingest::TraditionalLexicon& lexicon) {
  Simplifier simplifier;
  simplifier.simplified_.resize(kLast - kFirst + 1);
  for (const std::string& pairs : lexicon.pairs()) {
    for (size_t at = 0; at < pairs.size(); at += 6) {
      const CodePoint from = DecodeAt(pairs, at), to = DecodeAt(pairs, at + 3);
      if (!InTable(from.value) || !InTable(to.value)) {
        return InvalidField("pairs", fmt::format("{}, want pairs of ideographs", pairs));
      }
      simplifier.simplified_[from.value - kFirst] = static_cast<char16_t>(to.value);
    }
  }
  return simplifier;
}

bool Simplifier::IsTraditional(std::string_view text) const {
  size_t all = 0, traditional = 0;
  for (const CodePoint& c : CodePoints(text)) {
    if (!InTable(c.value)) continue;
    ++all;
    traditional += simplified_[c.value - kFirst] != 0;
  }
  return traditional * kTraditionalShare >= all && traditional > 0;
}

std::string Simplifier::Simplify(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  for (const CodePoint& c : CodePoints(text)) {
    const char16_t to = InTable(c.value) ? simplified_[c.value - kFirst] : 0;
    if (to != 0) {
      AppendUtf8(to, &out);
    } else {
      out.append(text.substr(c.offset, c.size));
    }
  }
  return out;
}

}  // namespace duban
