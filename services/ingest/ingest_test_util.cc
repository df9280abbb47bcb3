// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/ingest_test_util.h"

#include <utility>

#include "common/base/lexicon.h"
#include "embedded/regions.textproto.h"
#include "embedded/report_words.textproto.h"
#include "gtest/gtest.h"

namespace duban::testing {

const ingest::ReportLexicon& TheReportLexicon() {
  static const auto* const lexicon = [] {
    auto parsed = ParseLexicon<ingest::ReportLexicon>("report_words.textproto", embedded::report_words_textproto);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return new ingest::ReportLexicon(*std::move(parsed));
  }();
  return *lexicon;
}

const RegionIndex& TheRegions() {
  static const auto* const regions = [] {
    auto parsed = ParseLexicon<ingest::RegionLexicon>("regions.textproto", embedded::regions_textproto);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    auto index = RegionIndex::Create(*parsed);
    EXPECT_TRUE(index.ok()) << index.status();
    return new RegionIndex(*std::move(index));
  }();
  return *regions;
}

}  // namespace duban::testing
