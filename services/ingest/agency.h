// SPDX-License-Identifier: Apache-2.0
// services/ingest/agency.h: which body reports, and where it sits.
//
//   AgencyFinder finder(page_lexicon, report_lexicon, regions);
//   AgencyFound found = finder.Find(clean_page, PageText(clean_page), signature);
//   // found.agency {坪山区司法局, 广东省深圳市坪山区司法局, COUNTY}, found.region {440310, 广东省深圳市坪山区}
//
// Pure; safe to use from any thread. Linear in the text.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/document.pb.h"
#include "services/ingest/clean.h"
#include "services/ingest/mentions.h"
#include "services/ingest/page_text.h"
#include "services/ingest/proof.h"
#include "services/ingest/region.h"
#include "services/ingest/signature.h"
#include "services/ingest/word_index.h"

namespace duban {

struct AgencyFound {
  v1::Agency agency;  // empty names if the page does not tell
  v1::Region region;
  Proof agency_proof, region_proof;
};

class AgencyFinder {
 public:
  // All must outlive the finder.
  AgencyFinder(const ingest::PageLexicon& page, const ingest::ReportLexicon& report, const RegionIndex& regions)
      : page_(page), report_(report), regions_(regions), mentions_(report, regions), slogans_(report.slogan()) {}

  // `said` is the page's, `signature` that of its text.
  AgencyFound Find(const CleanPage& page, const PageText& said, const Signature& signature) const;

 private:
  // An agency's name, and where it stands.
  struct Named {
    Mention mention;
    Proof proof, region_proof;
  };
  // A division's name in a title.
  struct PlaceHit {
    size_t begin = 0;
    RegionHit hit;
  };
  // A region as far as the text tells.
  struct Place {
    int entry = -1;  // -1: not known or ambiguous
    std::string name, full_name;
    Proof proof;
    std::vector<int> candidates;  // entries that it may be, if it is ambiguous
  };

  static Named InPage(const PageText& said, Mention mention);
  std::optional<Named> InPiece(std::string_view written, Proof base, bool needs_office) const;
  bool IsSuperior(std::string_view text, const Mention& mention) const;
  bool IsMedium(std::string_view source) const;
  std::optional<Named> Choose(const CleanPage& page, const PageText& said, const Signature& signature) const;
  std::optional<Named> OwnGovernment(std::string_view title, const PageText& said) const;
  std::optional<Named> Byline(std::string_view text) const;
  std::optional<Named> MostFrequent(const PageText& said, size_t begin) const;
  size_t BranchEnd(std::string_view title, size_t begin, const std::optional<PlaceHit>& place) const;
  std::optional<PlaceHit> FirstPlace(std::string_view title, size_t begin) const;
  std::optional<Named> FindNational(const CleanPage& page) const;
  std::vector<int> LikeliestOf(const RegionHit& hit, const RegionEvidence& evidence) const;
  void Discount(const PageText& said, RegionEvidence* evidence) const;
  Place PlaceOf(const Named& named, const RegionEvidence& evidence) const;
  Place MostMentioned(const Mention& mention, const PageText& said, const RegionEvidence& evidence) const;
  Place OfSlogans(const Mention& mention, const PageText& said, const RegionEvidence& evidence) const;
  Place PlaceOfEntry(int entry, std::string_view level, const PageText& said) const;
  Place FindPlace(const Named& named, const PageText& said, const RegionEvidence& evidence) const;
  void Describe(const Named& named, const Place& place, AgencyFound* found) const;

  const ingest::PageLexicon& page_;
  const ingest::ReportLexicon& report_;
  const RegionIndex& regions_;
  const MentionFinder mentions_;
  const WordIndex slogans_;
};

}  // namespace duban
