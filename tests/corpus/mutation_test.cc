// SPDX-License-Identifier: Apache-2.0
// Planted faults: each printed rate whose parts are printed, too, is made wrong, and so is each of its parts; the
// finding must come, and with the true figures none may. A rate whose words do not name its parts
// (其中撤销5件，纠错率11.4%) is tied to them by arithmetic alone and cannot be told from one of something else: those
// are printed as not found.
//
// Of deploy/samples and of testdata/rates.textproto a reader has told the rates and their parts, so that one that was
// never linked counts as missed: recall. Of the files of DUBAN_REPORTS_DIR, if that is set, the rates that were linked
// are planted into.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/lexicon.h"
#include "services/cli/local_analysis.h"
#include "services/indicator/arithmetic.h"
#include "tests/corpus/corpus.h"

namespace duban {
namespace {

const LocalAnalysis& Local() {
  static const auto& local = *new std::unique_ptr<const LocalAnalysis>(LocalAnalysis::Create().value());
  return *local;
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && !name.starts_with("README")) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A rate with both parts, by place of the indicators.
struct PrintedRate {
  int rate = 0;
  int numerator = 0;
  int denominator = 0;
};

std::vector<PrintedRate> RatesOf(const v1::Analysis& analysis) {
  std::map<std::string, int> places;
  for (int i = 0; i < analysis.indicators_size(); ++i) places[analysis.indicators(i).id()] = i;
  std::vector<PrintedRate> rates;
  for (const v1::Relation& relation : analysis.relations()) {
    if (relation.type() != v1::Relation::RATE || !relation.has_numerator() || !relation.has_denominator()) continue;
    rates.push_back({places.at(relation.rate()), places.at(relation.numerator()), places.at(relation.denominator())});
  }
  return rates;
}

// How a wrong figure is printed: as many decimals, far enough off that no rounding makes up for it.
std::string WrongPrint(const v1::Indicator& indicator, double value) {
  const std::string& decimal = indicator.quantity().decimal();
  const size_t point = decimal.find('.');
  return fmt::format("{:.{}f}", value, point == std::string::npos ? 0 : decimal.size() - point - 1);
}

// `text` with the digits of the indicator's figure replaced; none if it is not printed in plain digits.
std::optional<std::string> Planted(const std::string& text, const v1::Indicator& indicator, double value) {
  const std::string& printed = indicator.quantity().text();
  size_t digits = printed.find_first_not_of("0123456789.");
  if (digits == std::string::npos) digits = printed.size();
  if (printed.substr(0, digits) != indicator.quantity().decimal()) return std::nullopt;
  std::string planted = text;
  planted.replace(indicator.span().begin(), digits, WrongPrint(indicator, value));
  return planted;
}

// Whether a finding of the planted text speaks of the figure that now stands at the place of `indicator`.
bool IsFound(const std::string& planted, const v1::Indicator& indicator) {
  const auto analysis = Local().Analyze(planted, "planted.txt");
  if (!analysis.ok()) return false;
  for (const v1::Finding& finding : analysis->findings()) {
    for (const v1::Indicator& found : analysis->indicators()) {
      const bool spoken_of = std::count(finding.indicators().begin(), finding.indicators().end(), found.id()) != 0;
      if (spoken_of && found.span().begin() == indicator.span().begin()) return true;
    }
  }
  return false;
}

struct Score {
  int planted = 0;
  int found = 0;
};

void Plant(const std::string& text, const v1::Indicator& indicator, double value, const std::string& what,
           Score* score) {
  const auto planted = Planted(text, indicator, value);
  if (!planted.has_value()) return;
  ++score->planted;
  const bool found = IsFound(*planted, indicator);
  score->found += found;
  if (!found) {
    fmt::print("  not found: {} of {} {} planted as {}\n", what, indicator.label(), indicator.quantity().text(),
               WrongPrint(indicator, value));
  }
}

// Plants into every rate of the files and prints the score. With the true figures nothing is said of a rate's members.
Score PlantInto(const std::vector<std::string>& files) {
  Score rates, parts;
  for (const std::string& file : files) {
    const auto bytes = ReadFile(file);
    const auto original = Local().Analyze(bytes.value(), file);
    if (!original.ok()) continue;
    // Once more from its clean text, whose places are those to plant at.
    const std::string& text = original->document().text();
    const auto clean = Local().Analyze(text, "clean.txt");
    if (!clean.ok() || clean->document().text() != text) continue;
    for (const PrintedRate& rate : RatesOf(*clean)) {
      const v1::Indicator& percent = clean->indicators(rate.rate);
      const v1::Indicator& part = clean->indicators(rate.numerator);
      if (AgreesAsPrinted(percent.quantity().decimal(),
                          100 * part.quantity().value() / clean->indicators(rate.denominator).quantity().value())) {
        EXPECT_FALSE(IsFound(text, percent)) << file << ": " << percent.label();
      }
      const double value = percent.quantity().value();
      Plant(text, percent, value > 50 ? value - 13 : value + 13, "rate", &rates);
      Plant(text, part, part.quantity().value() * (value > 50 ? 0.8 : 1.3), "part", &parts);
    }
  }
  fmt::print("planted faults found: rates {}/{}, parts {}/{}\n", rates.found, rates.planted, parts.found,
             parts.planted);
  return {rates.planted + parts.planted, rates.found + parts.found};
}

// A number of a text: its digits, and which they are.
struct PrintedNumber {
  size_t begin = 0;
  std::string digits;
};

// The number of `words`, which stand once in `text` and hold one number.
PrintedNumber NumberOf(const std::string& text, const std::string& words) {
  const size_t at = text.find(words);
  EXPECT_NE(at, std::string::npos) << words;
  EXPECT_EQ(text.find(words, at + 1), std::string::npos) << words << " is there twice";
  const size_t begin = words.find_first_of("0123456789");
  const size_t end = words.find_first_not_of("0123456789.", begin);
  return {at + begin, words.substr(begin, end - begin)};
}

// Whether a relation ties the three.
bool IsLinked(const v1::Analysis& analysis, const std::string& rate, const std::string& part,
              const std::string& whole) {
  std::map<std::string, double> values;
  for (const v1::Indicator& i : analysis.indicators()) values[i.id()] = i.quantity().value();
  return std::any_of(analysis.relations().begin(), analysis.relations().end(), [&](const v1::Relation& relation) {
    return relation.type() == v1::Relation::RATE && values[relation.rate()] == std::stod(rate) &&
           values[relation.numerator()] == std::stod(part) && values[relation.denominator()] == std::stod(whole);
  });
}

// How many findings speak of a figure of that value.
int FindingsOf(const v1::Analysis& analysis, const std::string& digits) {
  int count = 0;
  for (const v1::Finding& finding : analysis.findings()) {
    for (const v1::Indicator& i : analysis.indicators()) {
      const bool spoken_of = std::count(finding.indicators().begin(), finding.indicators().end(), i.id()) != 0;
      count += spoken_of && i.quantity().value() == std::stod(digits);
    }
  }
  return count;
}

struct Recall {
  int rates = 0;
  int linked = 0;
  Score planted_rates, planted_parts;
};

void PlantNumber(const std::string& text, const PrintedNumber& number, double value, Score* score) {
  const size_t point = number.digits.find('.');
  const std::string wrong =
      fmt::format("{:.{}f}", value, point == std::string::npos ? 0 : number.digits.size() - point - 1);
  std::string planted = text;
  planted.replace(number.begin, number.digits.size(), wrong);
  const auto analysis = Local().Analyze(planted, "planted.txt");
  ASSERT_TRUE(analysis.ok());
  const bool found = FindingsOf(*analysis, wrong) > 0;
  ++score->planted;
  score->found += found;
  if (!found) fmt::print("  missed: {} planted as {}\n", number.digits, wrong);
}

// Plants into a rate of `text` and into its numerator.
void PlantInto(const std::string& text, const ExpectedRate& expected, Recall* recall) {
  const PrintedNumber rate = NumberOf(text, expected.rate());
  const PrintedNumber part = NumberOf(text, expected.numerator());
  const PrintedNumber whole = NumberOf(text, expected.denominator());
  const auto analysis = Local().Analyze(text, "true.txt");
  ASSERT_TRUE(analysis.ok());
  ++recall->rates;
  const bool linked = IsLinked(*analysis, rate.digits, part.digits, whole.digits);
  recall->linked += linked;
  if (!linked) fmt::print("  not linked: {}\n", expected.ShortDebugString());
  const double value = std::stod(rate.digits);
  const double count = std::stod(part.digits);
  if (AgreesAsPrinted(rate.digits, 100 * count / std::stod(whole.digits))) {
    EXPECT_EQ(FindingsOf(*analysis, rate.digits), 0) << expected.ShortDebugString();
  }
  PlantNumber(text, rate, value > 50 ? value - 13 : value + 13, &recall->planted_rates);
  PlantNumber(text, part, count * (value > 50 ? 0.8 : 1.3), &recall->planted_parts);
}

double Print(const Recall& recall) {
  const Score& rates = recall.planted_rates;
  const Score& parts = recall.planted_parts;
  fmt::print("labelled rates {}, linked {}; recall of planted faults: rates {}/{}, parts {}/{}\n", recall.rates,
             recall.linked, rates.found, rates.planted, parts.found, parts.planted);
  return static_cast<double>(rates.found + parts.found) / (rates.planted + parts.planted);
}

TEST(MutationTest, PlantedFaultsOfTheSamplesAreFound) {
  const Corpus corpus = Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples");
  Recall recall;
  for (const ExpectedReport& report : corpus.expected().report()) {
    const std::string text = corpus.Analyze(report.file()).document().text();
    for (const ExpectedRate& rate : report.rate()) PlantInto(text, rate, &recall);
  }
  EXPECT_GE(recall.planted_rates.planted + recall.planted_parts.planted, 20);
  EXPECT_GE(Print(recall), 0.9);
}

// Plants into the passages that are `unseen` or not.
Recall PlantIntoPassages(bool unseen) {
  const Corpus corpus = Corpus::Load("tests/corpus/testdata/rates.textproto", "deploy/samples");
  Recall recall;
  for (const RatePassage& passage : corpus.expected().passage()) {
    if (passage.unseen() != unseen) continue;
    const std::string text = "青梧县2023年工作总结\n一、工作情况\n" + passage.text() + "\n";
    for (const ExpectedRate& rate : passage.rate()) PlantInto(text, rate, &recall);
  }
  return recall;
}

TEST(MutationTest, PlantedFaultsOfPassagesAreFound) {
  const Recall recall = PlantIntoPassages(false);
  EXPECT_GE(recall.rates, 30);
  EXPECT_GE(Print(recall), 0.7);
}

TEST(MutationTest, PlantedFaultsOfUnseenPassagesAreFound) {
  const Recall recall = PlantIntoPassages(true);
  EXPECT_GE(recall.rates, 12);
  EXPECT_GE(Print(recall), 0.5);
}

TEST(MutationTest, PlantedFaultsOfRealReportsAreFound) {
  const char* folder = std::getenv("DUBAN_REPORTS_DIR");
  if (folder == nullptr) GTEST_SKIP() << "DUBAN_REPORTS_DIR is not set";
  const Score score = PlantInto(FilesIn(folder));
  EXPECT_GE(score.found * 10, score.planted * 8);
}

}  // namespace
}  // namespace duban
