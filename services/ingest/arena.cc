// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/arena.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace duban {

void* Arena::Allocate(size_t size) {
  const auto size_class = static_cast<size_t>(std::bit_width(std::max(size, kHeader) + kHeader - 1));
  if (void* const reused = free_[size_class]; reused != nullptr) {
    std::memcpy(&free_[size_class], reused, sizeof(void*));
    return reused;
  }
  const size_t whole = size_t{1} << size_class;
  if (left_ < whole) {
    left_ = std::max(whole, kBlock);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(left_));
    next_ = blocks_.back().get();
  }
  std::byte* const bytes = next_ + kHeader;
  std::memcpy(next_, &size_class, sizeof size_class);
  next_ += whole;
  left_ -= whole;
  return bytes;
}

void Arena::Free(void* bytes) {
  if (bytes == nullptr) return;
  size_t size_class = 0;
  std::memcpy(&size_class, static_cast<std::byte*>(bytes) - kHeader, sizeof size_class);
  std::memcpy(bytes, &free_[size_class], sizeof(void*));
  free_[size_class] = bytes;
}

}  // namespace duban
