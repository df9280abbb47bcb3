// SPDX-License-Identifier: Apache-2.0
// services/ingest/mentions.h: agencies' names in a text.
//
//   MentionFinder finder(report_lexicon, regions);
//   finder.Find("深圳市坪山区司法局2023年工作总结", false);   // {深圳市 坪山区, 司法局}
//
// A name is one division or a chain of them with an office behind it, or an office of a known department with a level
// or nothing in front (县司法局). Texts are folded. Pure; safe to use from any thread. Linear.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/lexicon.pb.h"
#include "services/ingest/region.h"
#include "services/ingest/word_index.h"

namespace duban {

struct Mention {
  size_t begin = 0, end = 0;
  size_t region_begin = 0, region_end = 0;  // of the last division
  std::vector<RegionHit> chain;             // 深圳市 坪山区; empty for 县司法局
  std::string region;                       // the last one as written
  bool unknown = false;                     // region is a name that is not in the tables, behind those of chain
  std::string level;                        // 县 of 县司法局; empty if a region is written
  std::string office;                       // 司法局; empty if a region stands alone
  std::string prefix;                       // 共青团 of 共青团三门县委员会
};

class MentionFinder {
 public:
  // Both must outlive the finder.
  MentionFinder(const ingest::ReportLexicon& report, const RegionIndex& regions);

  // Every mention of `text`, in order; with `bare` those without a division too.
  std::vector<Mention> Find(std::string_view text, bool bare) const;

 private:
  std::optional<Mention> MentionAt(std::string_view text, size_t offset, bool boundary, bool bare) const;
  std::optional<Mention> PrefixedAt(std::string_view text, size_t offset) const;
  size_t LevelSize(std::string_view text, size_t offset) const;
  bool IsCongress(std::string_view text, size_t offset) const;
  size_t UnknownRegion(std::string_view text, size_t begin, bool town) const;
  size_t DepartmentSize(std::string_view text, size_t begin) const;
  size_t BranchEnd(std::string_view text, size_t begin) const;
  size_t BodySize(std::string_view text, size_t offset) const;
  size_t OfficeEnd(std::string_view text, size_t begin, bool needs_department) const;

  const ingest::ReportLexicon& report_;
  const RegionIndex& regions_;
  const WordIndex leads_, departments_, offices_, no_offices_, bodies_, stops_;
};

}  // namespace duban
