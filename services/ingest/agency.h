// SPDX-License-Identifier: Apache-2.0
// services/ingest/agency.h: which body reports, and where it sits.
//
//   AgencyFinder finder(report_lexicon, regions);
//   AgencyFound found = finder.Find(clean_page);
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
#include "services/ingest/region.h"

namespace duban {

struct AgencyFound {
  v1::Agency agency;  // empty names if the page does not tell
  v1::Region region;
};

class AgencyFinder {
 public:
  // All must outlive the finder.
  AgencyFinder(const ingest::PageLexicon& page, const ingest::ReportLexicon& report, const RegionIndex& regions)
      : page_(page), report_(report), regions_(regions) {}

  // `signature` is the agency below the text as written, empty if there is none.
  AgencyFound Find(const CleanPage& page, const std::string& signature) const;

 private:
  // An agency's name in a text.
  struct Mention {
    size_t begin = 0, end = 0;
    std::vector<RegionHit> chain;  // 深圳市 坪山区; empty for 县司法局
    std::string region;            // the last one as written
    bool unknown = false;          // region is a name that is not in the tables, behind those of chain
    std::string level;             // 县 of 县司法局; empty if a region is written
    std::string office;            // 司法局
  };
  // A region as far as the text tells.
  struct Place {
    int entry = -1;  // -1: not known or ambiguous
    std::string name, full_name;
  };

  std::vector<Mention> FindMentions(std::string_view text, bool bare) const;
  std::optional<Mention> MentionAt(std::string_view text, size_t offset, bool boundary, bool bare) const;
  size_t UnknownRegion(std::string_view text, size_t begin, bool town) const;
  size_t OfficeEnd(std::string_view text, size_t begin, bool needs_department) const;
  bool IsSuperior(std::string_view text, const Mention& mention) const;
  bool IsMedium(std::string_view source) const;
  std::optional<Mention> Choose(const CleanPage& page, const std::string& signature, const std::string& text) const;
  std::optional<Mention> OwnGovernment(std::string_view title, std::string_view text) const;
  std::optional<Mention> MostFrequent(const std::string& text) const;
  Place PlaceOf(const Mention& mention, const RegionEvidence& evidence) const;
  Place FindPlace(const Mention& mention, const std::string& text, const RegionEvidence& evidence) const;

  const ingest::PageLexicon& page_;
  const ingest::ReportLexicon& report_;
  const RegionIndex& regions_;
};

}  // namespace duban
