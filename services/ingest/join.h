// SPDX-License-Identifier: Apache-2.0
// services/ingest/join.h: hard line breaks inside sentences and numbers taken out.
//
//   办理案件二百六十 ⏎ 三名。  ->  办理案件二百六十三名。
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <vector>

#include "services/ingest/page.h"
#include "services/ingest/words.h"

namespace duban {

// Whether a line begins a heading or an enumerated item: 一、 （一） 1. （1） ① 一是 第一部分 【 ——.
bool BeginsItem(std::string_view line);

// A line without blanks at its ends and invisible characters.
std::string Tidy(std::string_view text);

// Appends a line to the one that it continues. Latin words keep a blank between them; ideographs and numbers do not.
void AppendLine(std::string_view next, std::string* line);

// The lines with those that continue their predecessor appended to it; a line that begins with one of `openers` (附件)
// continues none. Blanks at both ends of lines and invisible characters fall out.
std::vector<PageLine> JoinLines(const std::vector<PageLine>& lines, const WordList& openers);

}  // namespace duban
