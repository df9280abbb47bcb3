// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/label_lexicon.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/aspects.textproto.h"
#include "embedded/labels.textproto.h"

namespace duban {
namespace {

using Lines = google::protobuf::RepeatedPtrField<std::string>;

constexpr uint64_t kAll = ~uint64_t{0};

void AddWords(std::string_view words, uint64_t tags, int32_t value, WordTable* table) {
  ForEachWord(words, [&](std::string_view word) { table->Add(word, tags, value); });
}

void AddLines(const Lines& lines, uint64_t tags, WordTable* table, int32_t value = 0) {
  for (const std::string& line : lines) AddWords(line, tags, value, table);
}

}  // namespace

absl::StatusOr<LabelWords> LabelWords::Create() {
  DUBAN_ASSIGN_OR_RETURN(const v1::LabelLexicon labels,
                         ParseLexicon<v1::LabelLexicon>("labels.textproto", embedded::labels_textproto));
  DUBAN_ASSIGN_OR_RETURN(const v1::AspectLexicon aspects,
                         ParseLexicon<v1::AspectLexicon>("aspects.textproto", embedded::aspects_textproto));
  return Create(labels, aspects);
}

absl::StatusOr<LabelWords> LabelWords::Create(const v1::LabelLexicon& labels, const v1::AspectLexicon& aspects) {
  LabelWords words;
  WordTable* table = &words.table_;
  AddLines(labels.front(), kFront, table);
  AddLines(labels.back(), kBack, table);
  AddLines(labels.keep(), kKeep, table);
  AddLines(labels.bare(), kBare, table);
  AddLines(labels.verb(), kVerb, table);
  AddLines(labels.carried_verb(), kCarriedVerb | kVerb, table);
  AddLines(labels.level(), kLevel, table);
  AddLines(labels.predicate(), kPredicate, table);
  AddLines(labels.tail(), kTail, table);
  AddLines(labels.structure(), kStructure, table);
  AddLines(labels.announce(), kAnnounce, table);
  AddLines(labels.no_unit(), kNoUnit, table);
  AddLines(labels.duration(), kDuration, table);
  AddLines(labels.anaphor(), kAnaphor, table);
  AddLines(labels.part(), kPart, table);
  AddLines(labels.disposal(), kDisposal, table);
  AddLines(labels.respective(), kRespective, table);
  AddLines(labels.heading_noise(), kHeadingNoise, table);
  AddLines(labels.result(), kResult, table);
  AddLines(labels.measure(), kMeasure, table);
  AddLines(labels.intake(), kIntake, table);
  AddLines(labels.outcome(), kOutcome, table);
  AddLines(labels.rank_scope(), kRankScope, table);
  AddLines(labels.per(), kPer, table);
  AddLines(labels.compare(), kCompare, table);
  AddLines(labels.general(), kGeneral, table);
  AddLines(labels.share(), kShare, table);
  AddLines(labels.generic(), kGeneric, table);
  AddLines(labels.honour(), kHonour, table);
  AddLines(labels.incidence(), kIncidence, table);
  AddLines(labels.handled(), kHandled, table);
  AddLines(labels.annual(), kAnnual, table);
  AddLines(labels.noun(), kNoun, table);
  AddLines(labels.rate(), kRate, table);
  AddLines(labels.sort(), kSort, table);
  AddLines(labels.success(), kSuccess, table);
  AddLines(labels.event(), kEvent, table);
  AddLines(labels.negation(), kNegation, table);
  AddLines(labels.manner(), kManner, table);
  AddLines(labels.due(), kDue, table);
  AddLines(labels.head(), kHead, table);
  AddLines(labels.stock(), kAll, &words.stocks_);
  AddLines(labels.agent(), kAgent, table);
  AddLines(labels.unit_column(), kColumn, table, kUnits);
  AddLines(labels.serial_column(), kColumn, table, kSerials);
  AddLines(labels.value_column(), kValueColumn, table);
  AddLines(aspects.up(), kUp, table);
  AddLines(aspects.down(), kDown, table);
  AddLines(aspects.level(), kToLevel, table);
  AddLines(aspects.particle(), kParticle, table);
  AddLines(aspects.weak(), kWeak, table);
  AddLines(aspects.from(), kFrom, table);
  AddLines(aspects.promise(), kPromise, table);
  AddLines(aspects.present(), kPresent, table);
  AddLines(aspects.goal(), kGoal, table);
  AddLines(aspects.last_year(), kLastYear, table);
  AddLines(aspects.this_year(), kThisYear, table);
  AddLines(aspects.next_year(), kNextYear, table);
  AddLines(aspects.moved(), kMoved, table);
  AddLines(aspects.growth(), kGrowth, table);
  AddLines(aspects.faster(), kFaster, table);
  AddLines(aspects.about(), kAbout, table);
  AddLines(aspects.quota(), kQuota, table);
  AddLines(aspects.short_of(), kShortOf, table);
  for (const v1::AspectLexicon::Span& span : aspects.span()) AddWords(span.words(), kSpan, span.years(), table);
  for (const v1::AspectLexicon::BaseWord& base : aspects.base()) {
    v1::Indicator::Base value;
    if (!v1::Indicator::Base_Parse(base.base(), &value)) {
      return InvalidField("base.base", fmt::format("{}, want a value of Indicator.Base", base.base()));
    }
    AddWords(base.words(), kBase, value, table);
  }
  for (const v1::LabelLexicon::RateOf& rate : labels.rate_of()) DUBAN_RETURN_IF_ERROR(words.rates_.Add(rate));
  return words;
}

}  // namespace duban
