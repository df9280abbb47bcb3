// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/segmenter.h"

namespace duban {
namespace {

class LexiconSegmenter : public Segmenter {
 public:
  v1::Outline Segment(const v1::Document&) const override { return {}; }
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Segmenter>> Segmenter::Create() { return std::make_unique<LexiconSegmenter>(); }

}  // namespace duban
