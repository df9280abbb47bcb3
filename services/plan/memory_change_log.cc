// SPDX-License-Identifier: Apache-2.0
#include "services/plan/memory_change_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "services/plan/plan_rules.h"

namespace duban {
namespace {

constexpr std::string_view kPrefix = "memory-";

std::string FormatPlace(int64_t place) { return fmt::format("{}{}", kPrefix, place); }

absl::StatusOr<int64_t> ParsePlace(const std::string& token) {
  int64_t place = -1;
  if (!token.starts_with(kPrefix)) return MalformedToken();
  const char* const end = token.data() + token.size();
  const auto [last, error] = std::from_chars(token.data() + kPrefix.size(), end, place);
  if (error != std::errc() || last != end || place < 0) return MalformedToken();
  return place;
}

}  // namespace

void MemoryChangeLog::Add(v1::PlanItemChange::Kind kind, const PlanItemKey& key) {
  changes_.push_back({kind, key, absl::Now()});
}

absl::StatusOr<ChangePage> MemoryChangeLog::Read(const std::string& agency, const std::string& token, int limit) const {
  const int64_t end = trimmed_ + static_cast<int64_t>(changes_.size());
  ChangePage page;
  page.next = FormatPlace(end);
  if (token.empty()) return page;
  DUBAN_ASSIGN_OR_RETURN(const int64_t from, ParsePlace(token));
  if (from < trimmed_ || from > end) return TokenOutOfRange();
  const int64_t scanned = agency.empty() ? limit : std::max(limit, kChangesScanned);
  for (int64_t place = from + 1; place <= end && !page.more; ++place) {
    page.more = place - from == scanned;
    if (page.more) page.next = FormatPlace(place);
    const Logged& logged = changes_[place - trimmed_ - 1];
    if (!agency.empty() && logged.key.agency != agency) continue;
    v1::PlanItemChange& change = page.changes.emplace_back();
    change.set_kind(logged.kind);
    change.set_plan_item(PlanItemName(logged.key));
    change.set_resume_token(FormatPlace(place));
    if (static_cast<int>(page.changes.size()) < limit) continue;
    page.more = true;
    page.next = change.resume_token();
  }
  return page;
}

std::string MemoryChangeLog::Last() const { return FormatPlace(trimmed_ + static_cast<int64_t>(changes_.size())); }

int64_t MemoryChangeLog::Trim(absl::Duration age) {
  const absl::Time first = absl::Now() - age;
  int64_t dropped = 0;
  for (; !changes_.empty() && changes_.front().time < first; ++dropped) changes_.pop_front();
  trimmed_ += dropped;
  return dropped;
}

}  // namespace duban
