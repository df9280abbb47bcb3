// SPDX-License-Identifier: Apache-2.0
// Where the gutter is
//
// Rows (pieces at one height) that have a gap in the middle third of the text vote for its middle; the strip that the
// votes for the winner have in common is the gutter, if it is as wide as a letter. Rows in a run that do not cross it
// are set in columns if most lines on either side are full, that is, reach the column's right edge: the lines of prose
// do, the cells of a table do not. What stands above and below such a run (titles, heads, page numbers) is a block of
// its own, so that a sheet may change from one column to two and back.
#include "services/ingest/columns.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>

#include "services/ingest/sheet_rows.h"

namespace duban {
namespace {

// In letters' heights.
constexpr double kNarrowestGutter = 1, kNarrowestColumn = 8;
constexpr size_t kFewestRows = 6;
constexpr double kFullShare = 0.6;

struct Strip {
  double left = 0, right = 0;
};

double Right(const TextPiece& piece) { return piece.x + piece.width; }

// The usual height of a piece.
double LetterHeight(const std::vector<SheetRow>& rows) {
  std::vector<double> heights;
  for (const SheetRow& row : rows) heights.push_back(row.front().height);
  const auto at = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), at, heights.end());
  return std::max(*at, 1e-6);
}

// The gutter that most rows share; empty (left not below right) if there is none.
Strip FindGutter(const std::vector<SheetRow>& rows, double letter) {
  double left = 1e12, right = -1e12;
  for (const SheetRow& row : rows) {
    for (const TextPiece& piece : row) {
      left = std::min(left, piece.x);
      right = std::max(right, Right(piece));
    }
  }
  std::map<int64_t, std::vector<Strip>> votes;  // by the gap's middle, in letters
  for (const SheetRow& row : rows) {
    for (size_t i = 1; i < row.size(); ++i) {
      const Strip gap{Right(row[i - 1]), row[i].x};
      const double middle = (gap.left + gap.right) / 2;
      const double place = (middle - left) / (right - left);
      if (gap.right - gap.left < kNarrowestGutter * letter || place < 1.0 / 3 || place > 2.0 / 3) continue;
      votes[static_cast<int64_t>(middle / letter)].push_back(gap);
    }
  }
  const auto most = std::max_element(votes.begin(), votes.end(),
                                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  if (most == votes.end() || most->second.size() < kFewestRows) return {};
  Strip strip{-1e12, 1e12};
  for (const Strip& gap : most->second) strip = {std::max(strip.left, gap.left), std::min(strip.right, gap.right)};
  return strip;
}

// Whether a piece lies in the gutter or across it.
bool Crosses(const SheetRow& row, const Strip& gutter) {
  const double middle = (gutter.left + gutter.right) / 2;
  return std::any_of(row.begin(), row.end(),
                     [&](const TextPiece& piece) { return piece.x < middle && Right(piece) > middle; });
}

// Whether most of the lines that end at `rights` are full.
bool IsProse(const std::vector<double>& rights, double letter) {
  if (rights.size() < kFewestRows) return false;
  const double edge = *std::max_element(rights.begin(), rights.end());
  const auto full =
      std::count_if(rights.begin(), rights.end(), [&](double right) { return right >= edge - kRaggedEdge * letter; });
  return static_cast<double>(full) >= kFullShare * static_cast<double>(rights.size());
}

// The columns of rows that do not cross the gutter; both empty if they are none.
std::pair<Sheet, Sheet> SplitRun(const std::vector<SheetRow>& run, const Strip& gutter, double letter) {
  std::pair<Sheet, Sheet> columns;
  std::vector<double> left_ends, right_ends;
  double left = 1e12, right = -1e12;
  for (const SheetRow& row : run) {
    double left_end = -1e12, right_end = -1e12;
    for (const TextPiece& piece : row) {
      const bool is_left = piece.x < gutter.right;
      (is_left ? columns.first : columns.second).push_back(piece);
      double* end = is_left ? &left_end : &right_end;
      *end = std::max(*end, Right(piece));
      left = std::min(left, piece.x);
      right = std::max(right, Right(piece));
    }
    if (left_end > -1e12) left_ends.push_back(left_end);
    if (right_end > -1e12) right_ends.push_back(right_end);
  }
  const double narrower = std::min(gutter.left - left, right - gutter.right);
  if (narrower < kNarrowestColumn * letter || !IsProse(left_ends, letter) || !IsProse(right_ends, letter)) return {};
  return columns;
}

}  // namespace

std::vector<Sheet> SplitColumns(Sheet sheet) {
  std::vector<SheetRow> rows = FindRows(sheet);
  if (rows.size() < kFewestRows) return {std::move(sheet)};
  const double letter = LetterHeight(rows);
  const Strip gutter = FindGutter(rows, letter);
  if (gutter.right - gutter.left < kNarrowestGutter * letter) return {std::move(sheet)};
  std::vector<Sheet> blocks;
  bool whole = false;  // the last block is of one column
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin;
    while (end < rows.size() && !Crosses(rows[end], gutter)) ++end;
    auto [left, right] =
        SplitRun({rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(end)},
                 gutter, letter);
    if (!left.empty()) {
      blocks.push_back(std::move(left));
      blocks.push_back(std::move(right));
      whole = false;
      begin = end;
      continue;
    }
    end = std::max(end, begin + 1);
    if (!whole) blocks.emplace_back();
    whole = true;
    for (; begin < end; ++begin) std::move(rows[begin].begin(), rows[begin].end(), std::back_inserter(blocks.back()));
  }
  return blocks;
}

}  // namespace duban
