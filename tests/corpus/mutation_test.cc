// SPDX-License-Identifier: Apache-2.0
// Planted faults: in every report each printed rate whose parts are printed, too, is made wrong, and so is each of its
// parts; the finding must come. A rate whose words do not name its parts (其中撤销5件，纠错率11.4%) is tied to them by
// arithmetic alone and cannot be told from one of something else: those are printed as not found and bounded in number.
//
// Reports are those of deploy/samples and, if DUBAN_REPORTS_DIR is set, all files of that folder.
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

TEST(MutationTest, PlantedFaultsOfTheSamplesAreFound) {
  const char* root = std::getenv("DUBAN_SOURCE_DIR");
  const Score score = PlantInto(FilesIn(std::string(root == nullptr ? "." : root) + "/deploy/samples"));
  EXPECT_GE(score.planted, 20);
  EXPECT_GE(score.found * 10, score.planted * 9);
}

TEST(MutationTest, PlantedFaultsOfRealReportsAreFound) {
  const char* folder = std::getenv("DUBAN_REPORTS_DIR");
  if (folder == nullptr) GTEST_SKIP() << "DUBAN_REPORTS_DIR is not set";
  const Score score = PlantInto(FilesIn(folder));
  EXPECT_GE(score.found * 10, score.planted * 8);
}

}  // namespace
}  // namespace duban
