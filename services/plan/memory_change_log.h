// SPDX-License-Identifier: Apache-2.0
// services/plan/memory_change_log.h: the log of changes, for the store in memory.
//
// Places are counted from 1; a token is "memory-<place>". Thread-compatible.

#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/plan/plan_store.h"

namespace duban {

class MemoryChangeLog {
 public:
  void Add(v1::PlanItemChange::Kind kind, const PlanItemKey& key);

  // PlanStore::ReadChanges, without trackings.
  absl::StatusOr<ChangePage> Read(const std::string& agency, const std::string& token, int limit) const;

  // PlanStore::LastChange.
  std::string Last() const;

  // PlanStore::TrimChanges.
  int64_t Trim(absl::Duration age);

 private:
  struct Logged {
    v1::PlanItemChange::Kind kind;
    PlanItemKey key;
    absl::Time time;
  };

  std::deque<Logged> changes_;
  // How many were trimmed: the place of the last one.
  int64_t trimmed_ = 0;
};

}  // namespace duban
