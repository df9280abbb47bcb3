// SPDX-License-Identifier: Apache-2.0
// tests/load/report_grammar.h: synthetic reports whose figures and promises are known in advance.
//
//   DUBAN_ASSIGN_OR_RETURN(ReportGrammar grammar, ReportGrammar::Create());
//   SyntheticReport report = grammar.Write(/*seed=*/7, /*number=*/12);
//   // report.text goes in; report.figures and report.promises must come out
//
// The same (seed, number) gives the same report; different numbers never give the same bytes. Number n belongs to
// agency n / kYearsPerAgency and to one of its years, so neighbouring numbers are one agency's consecutive reports.
// Immutable: safe to call from any thread.

#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/load/grammar.pb.h"

namespace duban {

struct SyntheticFigure {
  double value = 0;  // base units
  std::string unit;
  bool target = false;  // promised, not measured

  friend auto operator<=>(const SyntheticFigure&, const SyntheticFigure&) = default;
};

struct SyntheticReport {
  std::string text;  // UTF-8
  std::string agency;
  int year = 0;
  std::vector<SyntheticFigure> figures;  // in order of appearance
  std::vector<std::string> promises;     // titles of the plan items, in order
};

class ReportGrammar {
 public:
  static constexpr int kYearsPerAgency = 3;

  // With the embedded words. INVALID_ARGUMENT names the line of a fault.
  static absl::StatusOr<ReportGrammar> Create();

  // `number` is 0 or more; about 10,000 agencies have names of their own, beyond that names come again with other
  // figures.
  SyntheticReport Write(unsigned seed, int number) const;

 private:
  explicit ReportGrammar(load::Grammar grammar) : grammar_(std::move(grammar)) {}

  std::string Agency(int agency) const;

  load::Grammar grammar_;
};

}  // namespace duban
