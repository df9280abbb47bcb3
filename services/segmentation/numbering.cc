// SPDX-License-Identifier: Apache-2.0
// How enumerators are believed
//
// A number alone proves nothing; its neighbours do. Levels are settled from the top down, so that the accepted headings
// of the levels above cut the text into scopes. In a scope each series (一是…, 1.…, ①…) is an automaton over its
// candidates that knows the last accepted number and the number of the next candidate. 1 opens a list if a 2 (or, with
// a slip of the writer, a 3) comes next; n + 1 goes on; at the beginning of a line also a repeated number and one that
// leaves one out. A numbering that runs on across scopes (三、 then 6.) is known by the last number of the series in
// any scope. 一、 and （一） at the beginning of a line need no neighbour. What may as well be a figure (2.12345热线)
// counts only as the one candidate that its place in the list has, right behind the number before it.
//
// Enumerators inside paragraphs look ahead beyond headings of levels 3 and 4, since 一是 may hold a list （1）（2） of
// its own.

#include "services/segmentation/numbering.h"

#include <algorithm>

namespace duban {
namespace {

constexpr int kLevels = 6;

struct SeriesState {
  int last = 0;      // last accepted number in this scope
  int anywhere = 0;  // last accepted number in any scope
  int chain = 0;
  int doubted = 0;  // number of the last candidate if that was doubtful and not accepted
};

class Validator {
 public:
  Validator(const Scan& scan, const std::vector<size_t>& breaks, const Rules& rules)
      : candidates_(scan.candidates), breaks_(breaks), chain_of_(candidates_.size(), 0), next_(candidates_.size(), -1) {
    series_count_ = rules.series().size();
  }

  std::vector<Enumerator> Run() {
    for (int level = 0; level < kLevels; ++level) {
      LookAhead(level);
      SettleLevel(level);
    }
    std::vector<Enumerator> out;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (chain_of_[i] > 0) out.push_back({i, chain_of_[i]});
    }
    return out;
  }

 private:
  bool IsAbove(size_t i, int level) const { return chain_of_[i] > 0 && candidates_[i].level < level; }

  // next_[i]: number of the next candidate of the same series in the scope, -1 if there is none. 最后 has number 0.
  void LookAhead(int level) {
    const int cut = level == 5 ? 3 : level;
    std::vector<int> next(series_count_, -1);
    size_t b = breaks_.size();
    for (size_t i = candidates_.size(); i-- > 0;) {
      while (b > 0 && breaks_[b - 1] > candidates_[i].begin) {
        --b;
        next.assign(series_count_, -1);
      }
      if (IsAbove(i, cut)) next.assign(series_count_, -1);
      if (candidates_[i].level != level) continue;
      next_[i] = next[candidates_[i].series];
      next[candidates_[i].series] = candidates_[i].number;
    }
  }

  void SettleLevel(int level) {
    std::vector<SeriesState> states(series_count_);
    size_t b = 0;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const Candidate& c = candidates_[i];
      while (b < breaks_.size() && breaks_[b] <= c.begin) {
        states.assign(series_count_, {});
        ++b;
      }
      if (IsAbove(i, level)) {
        const bool forget = level == 5 && c.level < 3;
        for (SeriesState& state : states) {
          state.last = 0;
          if (forget) state.anywhere = 0;
        }
      }
      if (c.level != level) continue;
      SeriesState& state = states[c.series];
      const int number = c.number > 0 ? c.number : (state.last >= 2 ? state.last + 1 : -1);
      if (number < 0 || !Accept(c, number, next_[i], state)) {
        if (c.doubtful) state.doubted = number;
        continue;
      }
      state.doubted = 0;
      if (number != state.last + 1 || state.last == 0) {
        if (number == 1 || state.chain == 0 || (state.last == 0 && number != state.anywhere + 1)) {
          state.chain = ++chains_;
        }
      }
      state.last = state.anywhere = number;
      chain_of_[i] = state.chain;
    }
  }

  static bool Accept(const Candidate& c, int number, int next, const SeriesState& state) {
    if (c.sure) return true;
    if (c.doubtful) return AcceptDoubtful(c, number, next, state);
    if (c.place == Place::kGlued) return (next == 2 || next == 3) && !(state.last > 0 && next == state.last + 1);
    if (state.last > 0 && number == state.last + 1) return true;
    if (number == 1) return next == 2 || next == 3;
    const bool slip = state.last > 0 && (number == state.last || number == state.last + 2);
    if (c.place == Place::kLineStart) return slip || number == state.anywhere + 1 || next == number + 1;
    if (c.level == 5 && c.place == Place::kStop && state.anywhere > 0 && number == state.anywhere + 1) return true;
    if (slip) return c.place == Place::kStop && next == number + 1;
    return state.anywhere > 0 && number == state.anywhere + 1 && next == number + 1;
  }

  // 1 opens a list where a 2 comes and no 1 is waiting for one; n + 1 goes on where it is not said again.
  static bool AcceptDoubtful(const Candidate& c, int number, int next, const SeriesState& state) {
    if (next == number || state.doubted == number) return false;
    if (number == 1) return next == 2 && state.last != 1 && c.place == Place::kLineStart;
    return state.last > 0 && number == state.last + 1 && (c.place == Place::kLineStart || next == number + 1);
  }

  const std::vector<Candidate>& candidates_;
  const std::vector<size_t>& breaks_;
  std::vector<int> chain_of_;  // 0: not accepted
  std::vector<int> next_;
  size_t series_count_ = 0;
  int chains_ = 0;
};

}  // namespace

std::vector<Enumerator> ValidateNumbering(const Scan& scan, const std::vector<size_t>& breaks, const Rules& rules) {
  return Validator(scan, breaks, rules).Run();
}

}  // namespace duban
