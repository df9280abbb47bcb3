// SPDX-License-Identifier: Apache-2.0
#include "services/plan/passages.h"

#include <algorithm>

#include "common/text/fold.h"

namespace duban {
namespace {

// Headings above this level are slogans over many things; they are context, not evidence, unless they tell a result.
constexpr int kFirstEvidenceLevel = 3;

// A stretch of text in one innermost section.
struct Stretch {
  Piece range;
  const v1::Section* section = nullptr;  // null before the first heading
};

size_t Clamped(int32_t at, size_t limit) { return std::min(limit, static_cast<size_t>(std::max(at, 0))); }

// Where figures stand that tell what was reached, ascending.
std::vector<size_t> FiguresOf(const v1::Analysis& report) {
  std::vector<size_t> out;
  for (const v1::Indicator& indicator : report.indicators()) {
    if (indicator.aspect() != v1::Indicator::ACTUAL && indicator.aspect() != v1::Indicator::CHANGE) continue;
    out.push_back(Clamped(indicator.span().begin(), report.document().text().size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Whether the heading of an upper-level section is evidence by itself: it holds a figure, or is a whole sentence on a
// line of its own. Titles are neither.
bool TellsResult(const v1::Section& section, const Piece& heading, std::string_view text,
                 const std::vector<size_t>& figures) {
  if (section.level() == 0) return false;
  const auto figure = std::lower_bound(figures.begin(), figures.end(), heading.begin);
  if (figure != figures.end() && *figure < heading.end) return true;
  constexpr std::string_view kStop = "。";
  if (!text.substr(heading.end).starts_with(kStop)) return false;
  const size_t behind = heading.end + kStop.size();
  return behind >= text.size() || text[behind] == '\n';
}

bool EndsInBracket(const Piece& heading, std::string_view text) { return text.substr(heading.end).starts_with("】"); }

// The text cut at section boundaries, and behind headings in brackets; with or without the upper-level headings that
// tell nothing. Sections stand in order of appearance and nest.
std::vector<Stretch> Stretches(const v1::Analysis& report, bool with_headings) {
  const std::string_view text = report.document().text();
  const size_t size = text.size();
  const std::vector<size_t> figures = FiguresOf(report);
  std::vector<Stretch> out;
  std::vector<const v1::Section*> open;
  size_t at = 0;
  const auto flush = [&](size_t to) {
    if (to > at) out.push_back({{at, to}, open.empty() ? nullptr : open.back()});
    at = std::max(at, to);
  };
  const auto close_before = [&](size_t begin) {
    while (!open.empty() && Clamped(open.back()->span().end(), size) <= begin) {
      flush(Clamped(open.back()->span().end(), size));
      open.pop_back();
    }
  };
  for (const v1::Section& section : report.sections()) {
    const size_t begin = Clamped(section.span().begin(), size);
    close_before(begin);
    flush(begin);
    open.push_back(&section);
    const Piece heading{begin, Clamped(section.heading_span().end(), size)};
    const size_t end = Clamped(section.span().end(), size);
    if (heading.empty() || heading.end >= end) continue;
    const size_t body = BehindHeading(text, {heading.end, end});
    if (!with_headings && section.level() < kFirstEvidenceLevel && !TellsResult(section, heading, text, figures)) {
      at = std::max(at, body);
    } else if (EndsInBracket(heading, text)) {
      flush(heading.end);
      at = std::max(at, body);
    }
  }
  close_before(size);
  flush(size);
  return out;
}

// Whether `sentence` is the heading that a section begins with, with more sentences behind it.
bool IsHeading(const v1::Section& section, const Piece& sentence) {
  constexpr size_t kStop = 3;  // bytes of the heading's 。
  const size_t heading_end = static_cast<size_t>(std::max(section.heading_span().end(), 0));
  return sentence.begin == static_cast<size_t>(std::max(section.span().begin(), 0)) &&
         sentence.end <= heading_end + kStop &&
         sentence.end + kStop < static_cast<size_t>(std::max(section.span().end(), 0));
}

Passage MakePassage(const v1::Analysis& report, Piece sentence, const v1::Section* section, const GramReader& reader) {
  Passage passage;
  passage.report = &report;
  passage.sentence = sentence;
  passage.part_year = CoversPartOfYear(report.document());
  passage.role = section == nullptr ? v1::Section::OVERVIEW : section->role();
  std::string_view words = passage.text();
  if (section != nullptr && words.starts_with(section->marker())) words.remove_prefix(section->marker().size());
  passage.grams = reader.Read(words);
  passage.own = DistinctGrams(passage.grams);
  passage.folded = Fold(passage.text());
  passage.is_heading = section != nullptr && IsHeading(*section, sentence);
  if (section != nullptr) passage.context = DistinctGrams(reader.Read(section->heading()));
  return passage;
}

std::vector<Passage> PassagesOf(const v1::Analysis& report, const GramReader& reader, bool plan) {
  std::vector<Passage> out;
  for (const Stretch& stretch : Stretches(report, plan)) {
    const bool in_plan = stretch.section != nullptr && stretch.section->role() == v1::Section::PLAN;
    if (in_plan != plan) continue;
    for (const Piece& sentence : Sentences(report.document().text(), stretch.range)) {
      out.push_back(MakePassage(report, sentence, stretch.section, reader));
    }
  }
  return out;
}

}  // namespace

bool CoversPartOfYear(const v1::Document& report) {
  constexpr int kMonths = 12;
  return report.has_period() && report.period().last_month() - report.period().first_month() + 1 < kMonths;
}

std::vector<Passage> ResultPassages(const v1::Analysis& report, const GramReader& reader) {
  return PassagesOf(report, reader, false);
}

std::vector<Passage> PlanPassages(const v1::Analysis& report, const GramReader& reader) {
  return PassagesOf(report, reader, true);
}

}  // namespace duban
