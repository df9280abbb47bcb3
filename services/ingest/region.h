// SPDX-License-Identifier: Apache-2.0
// services/ingest/region.h: the administrative divisions of China, found in text and told apart.
//
//   DUBAN_ASSIGN_OR_RETURN(RegionIndex index, RegionIndex::Create(lexicon));
//   RegionHit hit = index.LongestAt("坪山区司法局", 0);            // 坪山区, full name, candidates
//   RegionEvidence evidence = index.Gather(text);                 // every mention, once
//   const int region = index.Resolve(hit.candidates, evidence);    // of entries(); -1 while ambiguous
//
// A RegionIndex is immutable: safe to use from any thread. Gather is linear in the text.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/document.pb.h"
#include "services/ingest/lexicon.pb.h"

namespace duban {

// A division's name that stands at some place of a text.
struct RegionHit {
  size_t size = 0;                  // 0: none
  bool full = false;                // 坪山区, not 坪山
  std::span<const int> candidates;  // divisions of that name, indices of RegionIndex::entries()
};

// How often each division's name is mentioned; same-named ones count alike.
struct RegionEvidence {
  std::vector<int> full;    // by entry: full name or alias
  std::vector<int> stem;    // by entry: short name
  std::vector<int> chains;  // by entry: right behind the name of its parent
};

class RegionIndex {
 public:
  struct Entry {
    std::string code;
    std::string name;       // 三门县
    std::string full_name;  // 浙江省台州市三门县
    v1::Agency::Level level = v1::Agency::LEVEL_UNSPECIFIED;
    int parent = -1;
    bool former = false;
    std::vector<std::string> former_names;  // 三门市, if it had been one
  };
  // What ends the name of a division.
  struct Ending {
    std::string word;
    v1::Agency::Level level = v1::Agency::LEVEL_UNSPECIFIED;
    bool or_county = false;
  };

  // INVALID_ARGUMENT: a code that is not six digits, or a division without province.
  static absl::StatusOr<RegionIndex> Create(const ingest::RegionLexicon& lexicon);

  const std::vector<Entry>& entries() const { return entries_; }

  // The longest division's name, full or short, at `offset` of `text`.
  RegionHit LongestAt(std::string_view text, size_t offset) const;

  // The ending that stands at `offset` for the division itself, as in 县司法局; null if none does.
  const Ending* EndingAt(std::string_view text, size_t offset) const;

  // The full name of an entry as `written`, if that is one that it had before; else its own.
  std::string FullNameAs(int entry, std::string_view written) const;

  // All mentions of a text.
  RegionEvidence Gather(std::string_view text) const;

  // Those of `candidates` that the evidence speaks for: the only one, or the one whose parents are mentioned most, or
  // all that are as likely.
  std::vector<int> Likeliest(std::span<const int> candidates, const RegionEvidence& evidence) const;

  // The same, if it is one; -1 if there is none or several are as likely.
  int Resolve(std::span<const int> candidates, const RegionEvidence& evidence) const;

  // The division of a level that a text is about: its full name is mentioned most, twice at least or once with its
  // short name or its parent's. `suffix` ends its name or a former one (县), or is empty for any. -1 if none is.
  int MostMentioned(const RegionEvidence& evidence, v1::Agency::Level level, std::string_view suffix) const;

 private:
  static constexpr size_t kHeads = 1 << 16;

  struct Name {
    std::string text;
    bool full;
    std::vector<int> entries;
  };

  void AddName(const std::string& text, bool full, int entry);
  std::string StemOf(std::string_view name) const;
  bool IsAncestor(int ancestor, int entry) const;
  bool IsCommon(std::string_view name) const;

  std::vector<Entry> entries_;
  std::vector<Ending> endings_;  // longest first
  std::vector<std::string> common_;
  std::vector<Name> names_;
  // Whether a name may begin with two characters, by a number that others share.
  std::vector<bool> may_begin_ = std::vector<bool>(kHeads);
  // By the first two characters (six bytes): names that begin so, longest first.
  std::unordered_map<std::string, std::vector<int>> by_head_;
};

}  // namespace duban
