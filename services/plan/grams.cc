// SPDX-License-Identifier: Apache-2.0
#include "services/plan/grams.h"

#include <algorithm>

#include "common/text/fold.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

// Longer quotes are speech or sentences, not names.
constexpr size_t kLongestName = 120;

char32_t CloserOf(char32_t open) { return open == U'“' ? U'”' : open == U'《' ? U'》' : 0; }

// The name that opens at `open`; empty if it is not closed nearby.
std::string_view NameAt(std::string_view text, const CodePoint& open) {
  const char32_t closer = CloserOf(open.value);
  if (closer == 0) return {};
  const size_t begin = open.offset + open.size;
  for (size_t at = begin; at < std::min(text.size(), begin + kLongestName);) {
    const CodePoint c = DecodeAt(text, at);
    if (c.value == closer) return text.substr(begin, at - begin);
    at += c.size;
  }
  return {};
}

// Characters behind a word of rank that tell what it ranks, up to a stop.
constexpr size_t kRanked = 4;
constexpr size_t kLeastRanked = 2;

std::string RankedAt(std::string_view text, size_t at) {
  std::string out;
  if (const CodePoint open = DecodeAt(text, at); CloserOf(open.value) != 0) at += open.size;
  for (size_t n = 0; n < kRanked && at < text.size(); ++n) {
    const CodePoint c = DecodeAt(text, at);
    const char32_t folded = FoldCodePoint(c.value);
    if (IsSpace(c.value) || folded == 0 || IsDigit(folded) || IsPunctuation(folded)) break;
    AppendUtf8(folded, &out);
    at += c.size;
  }
  return out;
}

google::protobuf::RepeatedPtrField<std::string> RankWords(const TrackLexicon& lexicon) {
  google::protobuf::RepeatedPtrField<std::string> words;
  for (const auto& rank : lexicon.rank()) words.MergeFrom(rank.word());
  return words;
}

google::protobuf::RepeatedPtrField<std::string> ShortForms(const TrackLexicon& lexicon) {
  google::protobuf::RepeatedPtrField<std::string> words;
  for (const auto& synonym : lexicon.synonym()) *words.Add() = synonym.word();
  return words;
}

}  // namespace

GramReader::GramReader(const TrackLexicon& lexicon)
    : generic_(lexicon.generic()),
      common_names_(lexicon.common_name()),
      short_forms_(ShortForms(lexicon)),
      rank_words_(RankWords(lexicon)) {
  for (int i = 0; i < lexicon.rank_size(); ++i) {
    for (const std::string& word : lexicon.rank(i).word()) ranks_.emplace(word, i);
  }
  for (const auto& synonym : lexicon.synonym()) long_forms_.emplace(synonym.word(), synonym.as());
}

Grams GramReader::Read(std::string_view text) const {
  Grams grams;
  int run = 0;
  char32_t previous = 0;
  const auto cut = [&] {
    previous = 0;
    ++run;
  };
  const auto add = [&](char32_t c) {
    if (previous != 0) grams.places.push_back({static_cast<Gram>(previous) << 32 | c, run});
    previous = c;
  };
  size_t ranked = 0;                       // behind the last word of rank
  size_t closes = std::string_view::npos;  // where the last name is closed
  for (size_t at = 0; at < text.size();) {
    if (const size_t rank = at < ranked ? 0 : rank_words_.MatchAt(text, at); rank != 0) {
      ranked = at + rank;
      std::string of = RankedAt(text, ranked);
      if (CountCodePoints(of) >= kLeastRanked)
        grams.ranks.push_back({ranks_.at(std::string(text.substr(at, rank))), std::move(of)});
    }
    if (const size_t skip = std::max(generic_.MatchAt(text, at), common_names_.MatchAt(text, at)); skip != 0) {
      cut();
      at += skip;
      continue;
    }
    if (const size_t size = short_forms_.MatchAt(text, at); size != 0) {
      for (const CodePoint& c : CodePoints(long_forms_.at(std::string(text.substr(at, size))))) add(c.value);
      at += size;
      continue;
    }
    const CodePoint c = DecodeAt(text, at);
    at += c.size;
    if (const std::string_view name = NameAt(text, c); !name.empty() && !common_names_.Starts(name)) {
      grams.names.push_back({.text = Fold(name), .is_title = c.value == U'《', .before = run});
      closes = at + name.size();
    }
    const char32_t folded = FoldCodePoint(c.value);
    if (IsSpace(c.value) || folded == 0) continue;
    if (IsDigit(folded) || IsPunctuation(folded)) {
      cut();
      if (c.offset == closes) grams.names.back().behind = run;
      continue;
    }
    add(folded);
  }
  return grams;
}

std::vector<Gram> DistinctGrams(const Grams& grams) {
  std::vector<Gram> out;
  out.reserve(grams.places.size());
  for (const Grams::Place& place : grams.places) out.push_back(place.gram);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace duban
