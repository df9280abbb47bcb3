// SPDX-License-Identifier: Apache-2.0
// services/plan/grams.h: what a piece of text is about, as pairs of neighbouring characters and quoted names.
//
//   const GramReader reader(lexicon);
//   reader.Read("扎实推进“云上矫正站”建设")   // 云上 上矫 矫正 正站: the words of the genre fall out
//
// Short forms are read as what they stand for. Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

// Two neighbouring characters, folded to half width.
using Gram = uint64_t;

struct Grams {
  // A gram where it stands. Grams of one run overlap: together they are one unbroken string.
  struct Place {
    Gram gram = 0;
    int run = 0;
  };
  std::vector<Place> places;
  // What stands inside “” and 《》, without the names that every bureau uses.
  struct Name {
    std::string text;       // folded
    bool is_title = false;  // in 《》
    int before = -1;        // the run right before it, which may be empty,
    int behind = -1;        // and the one right behind it
  };
  std::vector<Name> names;
  // A word of rank (省级) and the folded characters right behind it, which it ranks.
  struct Rank {
    int rank = 0;
    std::string of;
  };
  std::vector<Rank> ranks;
};

class GramReader {
 public:
  explicit GramReader(const TrackLexicon& lexicon);

  // The grams of `text`; generic words, digits and punctuation separate runs. `text` must be valid UTF-8.
  Grams Read(std::string_view text) const;

 private:
  WordSet generic_;
  WordSet common_names_;
  WordSet short_forms_;
  WordSet rank_words_;
  std::unordered_map<std::string, int> ranks_;
  std::unordered_map<std::string, std::string> long_forms_;
};

// The distinct grams of `grams`, sorted.
std::vector<Gram> DistinctGrams(const Grams& grams);

}  // namespace duban
