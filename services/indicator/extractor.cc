// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/extractor.h"

namespace duban {
namespace {

class LexiconExtractor : public Extractor {
 public:
  v1::IndicatorSet Extract(const v1::Document&, const v1::Outline&) const override { return {}; }
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Extractor>> Extractor::Create() { return std::make_unique<LexiconExtractor>(); }

}  // namespace duban
