// SPDX-License-Identifier: Apache-2.0
// services/indicator/label_lexicon.h: the words of data/labels.textproto and data/aspects.textproto in one table.
//
//   DUBAN_ASSIGN_OR_RETURN(LabelWords words, LabelWords::Create());
//   words.table().Before("同比增长", size, LabelWords::kUp | LabelWords::kDown);
//
// Immutable: safe to read from any thread.

#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "duban/v1/indicator.pb.h"
#include "services/indicator/label.pb.h"
#include "services/indicator/rate_words.h"
#include "services/indicator/word_table.h"

namespace duban {

class LabelWords {
 public:
  // Classes of words; services/indicator/label.proto tells what each is for.
  enum Tag : uint64_t {
    kFront = 1ull << 0,
    kBack = 1ull << 1,
    kKeep = 1ull << 2,
    kBare = 1ull << 3,
    kVerb = 1ull << 4,
    kCarriedVerb = 1ull << 5,
    kLevel = 1ull << 6,
    kPredicate = 1ull << 7,
    kTail = 1ull << 8,
    kStructure = 1ull << 9,
    kAnnounce = 1ull << 10,
    kNoUnit = 1ull << 11,
    kDuration = 1ull << 12,
    kAnaphor = 1ull << 13,
    kPart = 1ull << 14,
    kDisposal = 1ull << 15,
    kRespective = 1ull << 16,
    kHeadingNoise = 1ull << 17,
    kResult = 1ull << 18,
    kUp = 1ull << 19,
    kDown = 1ull << 20,
    kToLevel = 1ull << 21,
    kBase = 1ull << 22,  // value: v1::Indicator::Base
    kParticle = 1ull << 23,
    kWeak = 1ull << 24,
    kFrom = 1ull << 25,
    kPromise = 1ull << 26,
    kPresent = 1ull << 27,
    kGoal = 1ull << 28,
    kLastYear = 1ull << 29,
    kThisYear = 1ull << 30,
    kNextYear = 1ull << 31,
    kMoved = 1ull << 32,
    kMeasure = 1ull << 33,
    kIntake = 1ull << 34,
    kOutcome = 1ull << 35,
    kRankScope = 1ull << 36,
    kPer = 1ull << 37,
    kCompare = 1ull << 38,
    kGeneral = 1ull << 39,
    kShare = 1ull << 40,
    kGeneric = 1ull << 41,
    kHonour = 1ull << 42,
    kIncidence = 1ull << 43,
    kHandled = 1ull << 44,
    kAnnual = 1ull << 45,
    kNoun = 1ull << 46,
    kRate = 1ull << 47,
    kColumn = 1ull << 49,  // value: LabelWords::Header
    kAgent = 1ull << 50,
    kValueColumn = 1ull << 51,
    kSpan = 1ull << 48,  // value: years
    kSort = 1ull << 52,
    kSuccess = 1ull << 53,
    kEvent = 1ull << 54,
    kGrowth = 1ull << 55,
    kNegation = 1ull << 56,
    kFaster = 1ull << 57,
    kManner = 1ull << 58,
    kDue = 1ull << 59,
    kHead = 1ull << 60,
    kAbout = 1ull << 61,
    kQuota = 1ull << 62,
    kShortOf = 1ull << 63,
  };

  // What the header of a column of a table says that its cells are.
  enum Header : int32_t { kUnits = 1, kSerials = 2 };

  // From the embedded files. INVALID_ARGUMENT names file and line of a fault.
  static absl::StatusOr<LabelWords> Create();

  // From given lexicons. INVALID_ARGUMENT: a base is none of v1::Indicator::Base, or RateWords::Add refuses a rate.
  static absl::StatusOr<LabelWords> Create(const v1::LabelLexicon& labels, const v1::AspectLexicon& aspects);

  const WordTable& table() const { return table_; }

  // LabelLexicon.stock, with every tag: table() has none to spare.
  const WordTable& stocks() const { return stocks_; }

  const RateWords& rates() const { return rates_; }

 private:
  WordTable table_;
  WordTable stocks_;
  RateWords rates_;
};

}  // namespace duban
