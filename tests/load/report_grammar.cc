// SPDX-License-Identifier: Apache-2.0
#include "tests/load/report_grammar.h"

#include <fmt/format.h>

#include <array>
#include <random>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/report_grammar.textproto.h"

namespace duban {
namespace {

constexpr std::array<const char*, 10> kNumerals = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
constexpr int kFirstYear = 2019;

// std::uniform_int_distribution differs between libraries; this does not, so a report is the same everywhere.
int Draw(std::mt19937_64& random, int low, int high) {
  return low + static_cast<int>(random() % static_cast<uint64_t>(high - low + 1));
}

// The clause with a number drawn for it; the figure goes to `figures`.
std::string State(const load::Grammar::Fact& fact, bool target, std::mt19937_64& random,
                  std::vector<SyntheticFigure>* figures) {
  const int number = Draw(random, fact.low(), fact.high());
  const std::string written =
      fact.in_ten_thousands() ? fmt::format("{}.{:02}", number / 100, number % 100) : fmt::format("{}", number);
  figures->push_back({fact.in_ten_thousands() ? number * 100.0 : number, fact.unit(), target});
  std::string clause = fact.clause();
  return clause.replace(clause.find("{}"), 2, written);
}

}  // namespace

absl::StatusOr<ReportGrammar> ReportGrammar::Create() {
  DUBAN_ASSIGN_OR_RETURN(load::Grammar grammar,
                         ParseLexicon<load::Grammar>("report_grammar.textproto", embedded::report_grammar_textproto));
  return ReportGrammar(std::move(grammar));
}

std::string ReportGrammar::Agency(int agency) const {
  const int first = agency % grammar_.first_size();
  const int second = agency / grammar_.first_size() % grammar_.second_size();
  const int kind = agency / grammar_.first_size() / grammar_.second_size() % grammar_.kind_size();
  return grammar_.first(first) + grammar_.second(second) + grammar_.kind(kind) + "司法局";
}

SyntheticReport ReportGrammar::Write(unsigned seed, int number) const {
  std::mt19937_64 random(seed * 1'000'003ULL + static_cast<unsigned>(number));
  SyntheticReport report;
  report.agency = Agency(number / kYearsPerAgency);
  report.year = kFirstYear + number % kYearsPerAgency;
  std::string& text = report.text;
  text = fmt::format(
      "{0}{1}年工作总结和{2}年工作计划\n{1}年，{0}围绕中心、服务大局，各项工作平稳推进。\n一、{1}年工作情况\n",
      report.agency, report.year, report.year + 1);
  for (int i = 0; i < grammar_.topics_size(); ++i) {
    const load::Grammar::Topic& topic = grammar_.topics(i);
    text += fmt::format("（{}）{}\n{}。全年", kNumerals[i], topic.heading(), topic.lead());
    for (int k = 0; k < topic.facts_size(); ++k) {
      text += (k == 0 ? "" : "，") + State(topic.facts(k), false, random, &report.figures);
    }
    text += "。\n";
  }
  const int problem = Draw(random, 0, grammar_.problems_size() - 2);
  text += fmt::format("二、存在的问题\n一是{}。二是{}。\n三、{}年工作计划\n", grammar_.problems(problem),
                      grammar_.problems(problem + 1), report.year + 1);
  for (int i = 0; i < grammar_.topics_size(); ++i) {
    const load::Grammar::Topic& topic = grammar_.topics(i);
    // The heading names the field; what commits is the sentence behind it.
    report.promises.push_back(State(topic.target(), true, random, &report.figures));
    text += fmt::format("（{}）{}。{}。\n", kNumerals[i], topic.promise(), report.promises.back());
  }
  // The serial number of the paper makes the bytes unique; a document number is no figure.
  text +=
      fmt::format("文号：法发〔{}〕{}号\n", report.year, seed % 1000 * 1'000'000 + static_cast<unsigned>(number) + 1);
  return report;
}

}  // namespace duban
