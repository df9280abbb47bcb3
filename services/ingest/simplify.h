// SPDX-License-Identifier: Apache-2.0
// services/ingest/simplify.h: traditional characters as simplified ones, so that both are recognised by the same words.
//
//   simplifier.Simplify("工作總結")   // "工作总结"; same bytes in number, so offsets stay
//
// For recognition only: what a document says stays as written. Immutable: safe to use from any thread. Linear.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/lexicon.pb.h"

namespace duban {

class Simplifier {
 public:
  // INVALID_ARGUMENT: a line of pairs that is not an even number of ideographs of three bytes.
  static absl::StatusOr<Simplifier> Create(const ingest::TraditionalLexicon& lexicon);

  // Whether a text is written in traditional characters: three of a hundred ideographs or more are.
  bool IsTraditional(std::string_view text) const;

  // `text` with each traditional character replaced; as long as before. `text` must be valid UTF-8.
  std::string Simplify(std::string_view text) const;

 private:
  Simplifier() = default;

  // By code point from U+4E00: the simplified form, 0 if it is its own.
  std::vector<char16_t> simplified_;
};

}  // namespace duban
