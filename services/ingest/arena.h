// SPDX-License-Identifier: Apache-2.0
// services/ingest/arena.h: memory of one parse, given back as a whole.
//
//   Arena arena;
//   void* bytes = arena.Allocate(40);
//   arena.Free(bytes);                  // may be handed out again; what is never freed goes with the arena
//
// A parser that builds a tree of small nodes spends a third of its time in malloc and free, and the tree's destruction
// walks it once more. Not safe to use from several threads at once.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace duban {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Aligned to 16 bytes; never null.
  void* Allocate(size_t size);

  // Of this arena's Allocate, or null.
  void Free(void* bytes);

 private:
  static constexpr size_t kHeader = 16;       // in front of what is handed out: its class
  static constexpr size_t kClasses = 48;      // powers of two
  static constexpr size_t kBlock = 64 << 10;  // bytes asked for at once

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  size_t left_ = 0;
  std::array<void*, kClasses> free_{};  // chained through their first bytes
};

}  // namespace duban
