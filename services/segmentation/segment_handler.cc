// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/segment_handler.h"

#include <vector>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/worker/upstream.h"

namespace duban {

absl::Status SegmentHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(const auto documents, FetchDocumentsOf(ingest(), tasks));
  std::vector<v1::Outline> outlines;
  for (size_t i = 0; i < tasks.size(); ++i) {
    v1::Outline outline = segmenter_.Segment(documents[i]);
    outline.set_name(documents[i].name() + "/outline");
    outline.set_revision(tasks[i].revision());
    outlines.push_back(std::move(outline));
  }
  return store_.Put(outlines);
}

absl::Status SegmentHandler::RemoveBatch(std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(const auto removals, Removals(tasks));
  return store_.Remove(removals);
}

}  // namespace duban
