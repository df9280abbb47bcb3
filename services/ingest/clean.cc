// SPDX-License-Identifier: Apache-2.0
// How a page is taken apart
//
// Every short line is held against the lexicon: widget, metadata line, day of the visit, or the report's own. The head
// runs to the first line that is body (long, or closed by a full stop); the title is the line of the head that reads
// most like one (year, office, kind of paper at its end; the format's own mark counts most), and what stands before it
// is furniture. The tail begins behind the last long sentence; from the first line that opens a form, a list of links
// or a footer, all is furniture, and lists of attachments fall out.
#include "services/ingest/clean.h"

#include <algorithm>

#include "common/text/fold.h"
#include "services/ingest/cells.h"
#include "services/ingest/dates.h"
#include "services/ingest/fields.h"
#include "services/ingest/join.h"
#include "services/ingest/seen_line.h"
#include "services/ingest/split_title.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

using Label = ingest::PageLexicon::Label;

constexpr size_t kBodyLine = 50;          // code points from which on a line is no title
constexpr size_t kClosingLine = 30;       // code points that the report's last sentence has
constexpr size_t kShortestTitle = 4;      // code points
constexpr size_t kParagraph = 80;         // code points that a paragraph of the report has
constexpr size_t kLongestTitle = 70;      // code points
constexpr size_t kLongestTitlePart = 30;  // code points of one of its lines
constexpr size_t kTitleLines = 4;         // at most
constexpr size_t kLongestHeadline = 45;   // code points
constexpr size_t kLongestValue = 40;      // code points of a metadata value on a line of its own
constexpr int kTitleScore = 5;            // below it a line is no title
constexpr size_t kLongestRow = 200;       // code points of a table's row
constexpr size_t kLongestCell = 30;       // code points of a cell on a line of its own
constexpr size_t kMostFields = 500;       // of a page
constexpr size_t kMostTitles = 8;         // among them
constexpr size_t kMostCopies = 5;         // lines that a list of bodies goes on in
constexpr size_t kFewestRows = 2;         // rows with figures
constexpr size_t kFewestCells = 4;        // cells with figures, and others

bool HasStop(std::string_view text) {
  return text.find("。") != std::string_view::npos || text.find("；") != std::string_view::npos ||
         text.find(';') != std::string_view::npos;
}

// One page on its way through.
class Cleaning {
 public:
  Cleaning(const ingest::PageLexicon& words, const ingest::ReportLexicon& report, const Simplifier* simplifier)
      : words_(words), report_(report), simplifier_(simplifier) {}

  CleanPage Run(const Page& page) {
    for (const auto& [name, value] : page.meta) {
      for (const Label& label : words_.meta()) {
        if (label.word() == name) Harvest({{name, std::string(TrimSpace(value)), label.use()}});
      }
    }
    for (const PageLine& line : page.lines) lines_.push_back(See(line, words_, simplifier_));
    FindHead();
    FindTitle();
    FindTables();
    GatherCopies();
    FindTail();
    Assemble();
    return std::move(clean_);
  }

 private:
  // Fields of the page; noise and empty ones are left out.
  void Harvest(const std::vector<PageField>& fields) {
    for (const PageField& field : fields) {
      if (field.use == Label::NOISE || field.value.empty() || clean_.fields.size() >= kMostFields) continue;
      clean_.fields.push_back(field);
      if (field.use == Label::TITLE && own_titles_.size() < kMostTitles)
        own_titles_.push_back(WithoutSpace(Fold(field.value)));
    }
  }

  // 附件：1.某某表; but 附件管理得到加强。 is a sentence.
  bool OpensAttachment(const Seen& seen) const {
    const size_t size = LongestAt(seen.key, 0, words_.attachment());
    return size > 0 && (seen.key[size - 1] == ':' || !EndsWithStop(seen.key));
  }

  bool IsBody(const Seen& seen) const {
    if (seen.furniture || !seen.line->main) return false;
    return seen.key.empty() || seen.size >= kBodyLine || EndsWithStop(seen.key) || BeginsItem(seen.key) ||
           OpensAttachment(seen);
  }

  // The head's metadata lines, and labels whose value stands on the next line.
  void FindHead() {
    while (head_ < lines_.size() && !IsBody(lines_[head_])) ++head_;
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (i >= head_ && lines_[i].line->main) continue;
      std::vector<PageField>& fields = lines_[i].fields;
      if (fields.empty()) continue;
      if (fields.back().value.empty() && fields.back().use != Label::NOISE && i + 1 < lines_.size() && i + 1 != head_) {
        Seen& next = lines_[i + 1];
        // A day by itself is that of the label in front.
        const bool day = next.fields.size() == 1 && next.fields[0].label.empty();
        if (day) next.fields.clear();
        if ((!next.furniture || day) && next.size <= kLongestValue && TitleScore(next) < kTitleScore) {
          fields.back().value = std::string(TrimSpace(next.line->text));
          next.furniture = true;
        }
      }
      Harvest(fields);
    }
  }

  // An office's word that is no part of another: 法治政府 is none.
  bool HoldsOffice(std::string_view key) const {
    for (size_t at = 0; at < key.size();) {
      const size_t other = LongestAt(key, at, report_.no_office());
      if (LongestAt(key, at, report_.office()) > other) return true;
      at += other > 0 ? other : DecodeAt(key, at).size;
    }
    return false;
  }

  int TitleScore(const Seen& seen) const {
    if (seen.furniture || seen.size < kShortestTitle || seen.size > kLongestTitle || EndsWithStop(seen.key) ||
        seen.key.ends_with(":"))
      return 0;
    if (BeginsItem(seen.key) || OpensAttachment(seen)) return 0;
    std::string_view key = seen.key;
    if (key.ends_with(")")) key = key.substr(0, key.rfind('('));
    const bool ends = LongestEnding(key, report_.paper()) > 0;
    const bool holds = ContainsAny(key, report_.report()) || ContainsAny(key, report_.plan());
    int score = ends ? 4 : holds ? 2 : 0;
    if (score > 0) {
      score += FindYears(key, report_.year_word()).empty() ? 0 : 3;
      score += HoldsOffice(key) ? 2 : 0;
      score += LongestAt(key, 0, report_.opening()) > 0 || ContainsAny(key, report_.issuing()) ? 2 : 0;
    }
    if (seen.line->title) score += 6;
    for (const std::string& own : own_titles_) {
      // Behind it the site's name may stand.
      score += own == seen.key ? 8 : seen.size >= kShortestTitle && own.starts_with(seen.key) ? 6 : 0;
    }
    return score;
  }

  void FindTitle() {
    int best = kTitleScore - 1;
    for (size_t i = 0; i < std::min(head_, lines_.size()); ++i) {
      const int score = TitleScore(lines_[i]);
      if (score < best || score == 0) continue;
      if (score == best && lines_[title_begin_].line->main && !lines_[i].line->main) continue;
      best = score;
      title_begin_ = i;
      title_end_ = i + 1;
    }
    if (title_end_ == 0) TakeHeadline();
    if (title_end_ == 0) return;
    ExtendTitle();
    for (size_t i = title_begin_; i < title_end_; ++i) clean_.title += Tidy(lines_[i].line->text);
    for (size_t i = 0; i < title_begin_; ++i) lines_[i].furniture = true;
  }

  // A release's headline, whose words tell nothing: it stands right above the stamp (来源：… 发布时间：…) that the
  // report follows.
  void TakeHeadline() {
    size_t stamp = std::min(head_, lines_.size());
    const auto stamps = [](const PageField& field) {
      return field.use == Label::PUBLISHED || field.use == Label::SOURCE;
    };
    while (stamp > 0 && lines_[stamp - 1].furniture &&
           std::none_of(lines_[stamp - 1].fields.begin(), lines_[stamp - 1].fields.end(), stamps)) {
      --stamp;
    }
    if (stamp < 2 || !lines_[stamp - 1].furniture) return;
    size_t line = stamp - 1;
    while (line > 0 && lines_[line].furniture) --line;
    const Seen& seen = lines_[line];
    const bool office = LongestEnding(seen.key, report_.office()) > 0;
    if (seen.furniture || office || seen.size < kShortestTitle || seen.size > kLongestHeadline) return;
    title_begin_ = line;
    title_end_ = line + 1;
  }

  // Whether the title goes on from the line before: the agency or the year above the rest, an opening without its end
  // (关于报送 ⏎ …的报告), or a cut before a word that joins (暨 …).
  bool GoesOnFrom(const Seen& before, const Seen& first, const std::string& title) const {
    if (before.furniture || before.line->main != first.line->main || before.size > kLongestTitlePart ||
        before.size < kShortestTitle)
      return false;
    // Where the title stands apart, a government's name above it may be the site's.
    const bool site = first.line->blank_before > 0 && before.key.ends_with(report_.government());
    const bool office = LongestEnding(before.key, report_.office()) > 0 && !HoldsOffice(title) && !site;
    const bool dated = !FindYears(before.key, report_.year_word()).empty();
    const bool paper = LongestEnding(before.key, report_.paper()) > 0;
    // 关于我们 opens no title.
    const bool opens =
        !paper && ContainsAny(before.key, report_.opening()) && LongestAt(before.key, 0, words_.end()) == 0;
    const bool joins = (paper || dated) && LongestAt(first.key, 0, report_.joint()) > 0;
    return office || opens || joins || (dated && FindYears(title, report_.year_word()).empty());
  }

  // Titles that stand on several lines.
  void ExtendTitle() {
    std::string title = lines_[title_begin_].key;
    while (title_begin_ > 0 && title_end_ - title_begin_ < kTitleLines &&
           GoesOnFrom(lines_[title_begin_ - 1], lines_[title_begin_], title)) {
      title = lines_[--title_begin_].key + title;
    }
    if (title_end_ < std::min(head_, lines_.size())) {
      const Seen& next = lines_[title_end_];
      const bool open = LongestEnding(title, report_.paper()) == 0 && !title.ends_with(")");
      const bool paper = LongestEnding(next.key, report_.paper()) > 0;
      const bool joins = LongestAt(next.key, 0, report_.joint()) > 0;
      if ((open || joins) && paper && !next.furniture && next.size <= kLongestTitlePart) ++title_end_;
    }
  }

  // Cells of a line; none of one that no table holds.
  static std::vector<std::string> CellsOf(const Seen& seen) {
    if (seen.key.empty() || !seen.line->main || seen.size > kLongestRow || HasStop(seen.key)) return {};
    std::vector<std::string> cells = SplitCells(seen.line->text);
    if (cells.size() == 1 && (seen.size > kLongestCell || BeginsItem(seen.key))) cells.clear();
    return cells;
  }

  // Neighbouring lines of the body that are rows or cells of figures: what looks like a label or a widget among them is
  // a cell.
  void FindTables() {
    for (size_t begin = head_; begin < lines_.size();) {
      size_t end = begin, numbers = 0, words = 0;
      bool rows = false;
      for (; end < lines_.size(); ++end) {
        const std::vector<std::string> cells = CellsOf(lines_[end]);
        if (cells.empty() || (end > begin && (cells.size() > 1) != rows)) break;
        rows = cells.size() > 1;
        if (!rows && lines_[end].furniture && !IsOneOf(lines_[end].key, words_.cell())) break;
        const bool number = std::any_of(cells.begin(), cells.end(), IsFigure);
        numbers += number;
        words += !number;
      }
      const bool table = rows ? numbers >= kFewestRows && words > 0 : numbers >= kFewestCells && words >= kFewestCells;
      for (size_t i = begin; i < end && table; ++i) {
        lines_[i].table = true;
        lines_[i].furniture = false;
        lines_[i].fields.clear();
      }
      begin = std::max(end, begin + 1);
    }
  }

  // Bodies in the lines behind a line of copies: 抄送：县委办，县人大办， ⏎ 县政府办。
  void GatherCopies() {
    for (size_t i = head_; i < lines_.size(); ++i) {
      if (lines_[i].fields.empty() || lines_[i].fields.back().use != Label::COPIES) continue;
      PageField& copies = lines_[i].fields.back();
      for (size_t k = i + 1; k < lines_.size() && k <= i + kMostCopies && GoesOn(copies.value, lines_[k]); ++k) {
        copies.value += Tidy(lines_[k].line->text);
        lines_[k].fields = {{"", "", Label::COPIES}};  // goes where its label goes
        lines_[k].furniture = true;
      }
    }
  }

  // Whether a list of bodies goes on in a line.
  bool GoesOn(const std::string& copies, const Seen& next) const {
    if (copies.empty() || EndsWithStop(copies) || next.furniture || next.table || !next.line->main) return false;
    if (next.key.empty() || BeginsItem(next.key) || next.key.find_first_of("0123456789") != std::string::npos)
      return false;
    std::string_view last = next.key;
    if (EndsWithStop(last)) last = last.substr(0, DecodeBefore(last, last.size()).offset);
    if (last.find("。") != std::string_view::npos) return false;
    const bool list = copies.ends_with("，") || copies.ends_with("、") || copies.ends_with(",");
    return list || (LongestEnding(last, report_.office()) > 0 && EndsWithStop(next.key));
  }

  // 业务统计表.xlsx(23.5KB)
  bool IsFile(const Seen& seen) const {
    std::string_view key = seen.key;
    if (key.ends_with(")")) key = key.substr(0, key.rfind('('));
    std::string name(key);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return LongestEnding(name, words_.file_ending()) > 0;
  }

  // Whether a line of the tail goes on with the list of attachments that the lines above are; `opener` is the one above
  // if it opened it.
  bool IsAttachment(const Seen& seen, const Seen* opener) const {
    if (BeginsItem(seen.key) || IsFile(seen)) return true;
    // 附件：, and the only one below.
    const bool bare = opener != nullptr && opener->key.ends_with(":");
    return bare && seen.fields.empty() && seen.size <= kLongestTitle && !EndsWithStop(seen.key) &&
           LongestEnding(seen.key, report_.office()) == 0 && FindDate(seen.key).empty();
  }

  bool OpensFooter(const Seen& seen) const {
    if (seen.key.empty() || seen.table) return false;
    return ContainsAny(seen.key, words_.footer()) ||
           (seen.size <= kLongestTitle && LongestAt(seen.key, 0, words_.end()) > 0);
  }

  // Behind the last long sentence.
  void FindTail() {
    tail_ = lines_.size();
    while (tail_ > head_ && !Closes(lines_[tail_ - 1])) --tail_;
    // A form's own sentences do not close the report: behind its last paragraph a line that is just 意见反馈 ends it.
    size_t last = lines_.size();
    while (last > head_ && !(lines_[last - 1].size >= kParagraph && Closes(lines_[last - 1]))) --last;
    for (size_t i = last; i < tail_; ++i) {
      if (lines_[i].line->main && IsOneOf(lines_[i].key, words_.end())) tail_ = i;
    }
    while (tail_ > head_ && !Closes(lines_[tail_ - 1])) --tail_;
    bool attachments = false;
    const Seen* opener = nullptr;  // right above
    for (size_t i = tail_; i < lines_.size(); ++i) {
      Seen& seen = lines_[i];
      if (!seen.line->main) continue;
      if (seen.table) {
        attachments = false;
        continue;
      }
      if (SignsAt(i)) {
        seen.fields.clear();
        seen.furniture = false;
      }
      Harvest(seen.fields);
      if (OpensFooter(seen)) {
        for (size_t k = i; k < lines_.size(); ++k) {
          if (k > i) Harvest(lines_[k].fields);
          lines_[k].furniture = true;
        }
        return;
      }
      const bool opens = OpensAttachment(seen);
      attachments = opens || (attachments && IsAttachment(seen, opener));
      opener = opens ? &seen : nullptr;
      seen.furniture = seen.furniture || attachments || IsFile(seen);
    }
  }

  // Whether a line is the day of a signature (2023.1.8 below the agency), which looks like a page's stamp.
  bool SignsAt(size_t i) const {
    const Seen& seen = lines_[i];
    const bool day = seen.fields.size() == 1 && seen.fields.front().label.empty() && !WholeDate(seen.key).empty();
    if (!day || i == 0) return false;
    const Seen& above = lines_[i - 1];
    return above.line->main && !above.furniture && LongestEnding(above.key, report_.office()) > 0;
  }

  bool Closes(const Seen& seen) const {
    if (!seen.line->main || seen.furniture || OpensFooter(seen)) return false;
    return seen.key.empty() || (seen.size >= kClosingLine && HasStop(seen.key));
  }

  void Assemble() {
    std::vector<PageLine> kept;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const bool title = i >= title_begin_ && i < title_end_;
      if (title) {
        if (i == title_begin_) kept.push_back({.text = clean_.title, .title = true, .whole = true});
        continue;
      }
      // Amid the body a line of labels is the report's own, unless they are widgets.
      const Seen& seen = lines_[i];
      const bool amid = i >= head_ && !seen.fields.empty() && seen.fields.front().use != Label::NOISE && i < tail_;
      if (seen.line->main && (!seen.furniture || amid)) {
        kept.push_back(*seen.line);
        kept.back().whole |= seen.table;
      } else {
        clean_.around += seen.line->text + "\n";
      }
    }
    for (const PageLine& line : JoinLines(kept, words_.attachment())) {
      if (!clean_.text.empty()) clean_.text += '\n';
      clean_.text += line.text;
    }
  }

  const ingest::PageLexicon& words_;
  const ingest::ReportLexicon& report_;
  const Simplifier* simplifier_;
  CleanPage clean_;
  std::vector<std::string> own_titles_;  // the page's own words for its title, folded, without blanks
  std::vector<Seen> lines_;
  size_t head_ = 0;  // lines before it are the head
  size_t title_begin_ = 0, title_end_ = 0;
  size_t tail_ = 0;  // lines from it on are the tail
};

}  // namespace

CleanPage PageCleaner::Clean(const Page& page, const Simplifier* simplifier) const {
  const Page split = SplitTitle(page, words_, report_);
  return Cleaning(words_, report_, simplifier).Run(split);
}

}  // namespace duban
