// SPDX-License-Identifier: Apache-2.0
// The words of the release, for tests of services/plan.

#pragma once

#include "common/base/lexicon.h"
#include "embedded/plan_words.textproto.h"
#include "embedded/track_words.textproto.h"
#include "services/plan/lexicon.pb.h"

namespace duban {

inline const PlanLexicon& PlanWords() {
  static const PlanLexicon* const lexicon =
      new PlanLexicon(ParseLexicon<PlanLexicon>("plan_words.textproto", embedded::plan_words_textproto).value());
  return *lexicon;
}

inline const TrackLexicon& TrackWords() {
  static const TrackLexicon* const lexicon =
      new TrackLexicon(ParseLexicon<TrackLexicon>("track_words.textproto", embedded::track_words_textproto).value());
  return *lexicon;
}

}  // namespace duban
