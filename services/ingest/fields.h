// SPDX-License-Identifier: Apache-2.0
// services/ingest/fields.h: metadata lines of a page: 索引号：… 发布机构：… 发布日期：….
//
//   // 信息来源:某某局 发布时间:2024-03-01 10:06
//   ParseFields(line, line, lexicon)   // {信息来源, 某某局}, {发布时间, 2024-03-01 10:06}
//
// Pure functions; safe to call from any thread. Linear in the line, times the number of labels.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/clean.h"

namespace duban {

// The fields of a line that is made of labels and values alone; empty for any other line. Noise is among them. A label
// that ends the line has an empty value. Labels and values are cut from `written`, which has the same bytes in number
// as the line to be recognised (simplify.h).
std::vector<PageField> ParseFields(std::string_view recognised, std::string_view written,
                                   const ingest::PageLexicon& lexicon);

}  // namespace duban
