// SPDX-License-Identifier: Apache-2.0
// Lines of comma-separated values, as RFC 4180 has them.
//
//   CsvLine({"a", "b,c", "say \"d\""})  ->  a,"b,c","say ""d"""\r\n
//
// Pure functions.

#pragma once

#include <string>
#include <vector>

namespace duban {

// The cells with commas between and CRLF behind; those with a comma, a quote or a line break are quoted.
std::string CsvLine(const std::vector<std::string>& cells);

// `cell` as spreadsheets take no formula from it: they evaluate what begins with one of = + - @, quoted or not, so a
// report could run one on a reader's machine. Such a cell (a tab or carriage return in front counts too) gets an
// apostrophe before it, unless it is a plain number: -5, +1.25.
std::string InertCell(std::string cell);

}  // namespace duban
