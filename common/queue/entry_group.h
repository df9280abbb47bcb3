// SPDX-License-Identifier: Apache-2.0
// A stream with one consumer group in memory: what MemoryTaskQueue keeps per stage and for the events.
//
//   EntryGroup<v1::Task> group;
//   group.Add(task);
//   for (const auto& entry : group.Take("pod-1", 16, now)) …
//   group.Remove(entry.id);
//
// Thread-compatible.

#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace duban::queue_internal {

template <typename Payload>
class EntryGroup {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    std::string id;
    Payload payload;
    int64_t deliveries = 1;
  };

  void Add(Payload payload) { waiting_.emplace(++last_, std::move(payload)); }

  std::vector<Entry> Take(const std::string& consumer, int max, Time now) {
    consumers_[consumer] = now;
    std::vector<Entry> taken;
    while (!waiting_.empty() && taken.size() < static_cast<size_t>(max)) {
      auto node = waiting_.extract(waiting_.begin());
      Held held{std::move(node.mapped()), consumer, 1, now};
      taken.push_back({ToId(node.key()), held.payload, held.deliveries});
      held_.emplace(node.key(), std::move(held));
    }
    return taken;
  }

  std::vector<Entry> Reclaim(const std::string& consumer, int max, std::chrono::milliseconds min_idle, Time now) {
    consumers_[consumer] = now;
    std::vector<Entry> taken;
    for (auto& [number, held] : held_) {
      if (taken.size() == static_cast<size_t>(max)) break;
      if (now - held.touched < min_idle) continue;
      held.consumer = consumer;
      held.touched = now;
      taken.push_back({ToId(number), held.payload, ++held.deliveries});
    }
    return taken;
  }

  // How often the entry was delivered; 0 if `consumer` does not hold it.
  int64_t DeliveriesTo(const std::string& consumer, const std::string& id) const {
    const auto held = held_.find(ToNumber(id));
    return held != held_.end() && held->second.consumer == consumer ? held->second.deliveries : 0;
  }

  // False if `consumer` does not hold the entry.
  bool Touch(const std::string& consumer, const std::string& id, Time now) {
    if (DeliveriesTo(consumer, id) == 0) return false;
    held_.at(ToNumber(id)).touched = now;
    return true;
  }

  // Ends an entry that somebody holds. False if nobody does.
  bool Remove(const std::string& id) { return held_.erase(ToNumber(id)) > 0; }

  int64_t RemoveIdleConsumers(std::chrono::milliseconds min_idle, Time now) {
    return static_cast<int64_t>(std::erase_if(consumers_, [&](const auto& consumer) {
      for (const auto& [number, held] : held_) {
        if (held.consumer == consumer.first) return false;
      }
      return now - consumer.second >= min_idle;
    }));
  }

  size_t waiting() const { return waiting_.size(); }
  size_t held() const { return held_.size(); }

 private:
  struct Held {
    Payload payload;
    std::string consumer;
    int64_t deliveries;
    Time touched;
  };
  static std::string ToId(uint64_t number) { return std::to_string(number) + "-0"; }
  static uint64_t ToNumber(const std::string& id) { return std::strtoull(id.c_str(), nullptr, 10); }

  uint64_t last_ = 0;
  std::map<uint64_t, Payload> waiting_;
  std::map<uint64_t, Held> held_;
  std::map<std::string, Time> consumers_;
};

}  // namespace duban::queue_internal
