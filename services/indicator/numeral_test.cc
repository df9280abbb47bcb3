// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/numeral.h"

#include <random>
#include <string>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "gtest/gtest.h"
#include "services/indicator/numeral_oracle.h"

namespace duban {
namespace {

std::string Parsed(std::string_view numeral) {
  const auto value = ParseNumeral(numeral);
  return value.ok() ? value->ToString() : std::string(absl::StatusCodeToString(value.status().code()));
}

struct Case {
  std::string_view numeral;
  std::string_view value;
};

TEST(ParseNumeralTest, ReadsDigits) {
  for (const Case& c : std::initializer_list<Case>{{"0", "0"},
                                                   {"3302", "3302"},
                                                   {"007", "7"},
                                                   {"99.80", "99.8"},
                                                   {"0.08", "0.08"},
                                                   {"1,100", "1100"},
                                                   {"1,120.5", "1120.5"},
                                                   {"12,345,678", "12345678"},
                                                   {"１，２００", "1200"},
                                                   {"９６．１", "96.1"},
                                                   {"12 000", "12000"},
                                                   {" 42 ", "42"},
                                                   {"-2.5", "-2.5"},
                                                   {"负3", "-3"},
                                                   {"999999999999999999999999999", "999999999999999999999999999"},
                                                   {"0.0000000001", "0.0000000001"}}) {
    EXPECT_EQ(Parsed(c.numeral), c.value) << c.numeral;
  }
}

TEST(ParseNumeralTest, ReadsMagnitudesBehindDigits) {
  for (const Case& c : std::initializer_list<Case>{{"4735万", "47350000"},
                                                   {"2.2亿", "220000000"},
                                                   {"1,100万", "11000000"},
                                                   {"3万4000", "34000"},
                                                   {"3万4千", "34000"},
                                                   {"3万零4百", "30400"},
                                                   {"3亿2千万", "320000000"},
                                                   {"2.5千万", "25000000"},
                                                   {"1.2千亿", "120000000000"},
                                                   {"1千5百", "1500"},
                                                   {"5百万", "5000000"},
                                                   {"3万4", "34000"},
                                                   {"3万0004", "30004"},
                                                   {"17.2 万", "172000"},
                                                   {"20万亿", "20000000000000"}}) {
    EXPECT_EQ(Parsed(c.numeral), c.value) << c.numeral;
  }
}

TEST(ParseNumeralTest, ReadsChineseNumerals) {
  for (const Case& c : std::initializer_list<Case>{{"零", "0"},
                                                   {"一", "1"},
                                                   {"两", "2"},
                                                   {"十", "10"},
                                                   {"十二", "12"},
                                                   {"二十", "20"},
                                                   {"廿五", "25"},
                                                   {"卅", "30"},
                                                   {"一百零五", "105"},
                                                   {"一百一十", "110"},
                                                   {"一百一", "110"},
                                                   {"二百六十三", "263"},
                                                   {"二千八百六十", "2860"},
                                                   {"两千零三", "2003"},
                                                   {"三万四", "34000"},
                                                   {"三万零四", "30004"},
                                                   {"三万四百", "30400"},
                                                   {"三亿二", "320000000"},
                                                   {"十万", "100000"},
                                                   {"百万", "1000000"},
                                                   {"千万", "10000000"},
                                                   {"一亿零五十万", "100500000"},
                                                   {"二十万亿", "20000000000000"},
                                                   {"三万五千亿", "3500000000000"},
                                                   {"一七二零", "1720"},
                                                   {"二〇二三", "2023"},
                                                   {"壹贰", "12"},
                                                   {"壹万贰仟叁佰", "12300"},
                                                   {"三点五", "3.5"},
                                                   {"九十九点二", "99.2"},
                                                   {"二点五万", "25000"},
                                                   {"半", "0.5"},
                                                   {"一二", "12"},
                                                   {"三萬億", "3000000000000"}}) {
    EXPECT_EQ(Parsed(c.numeral), c.value) << c.numeral;
  }
}

TEST(ParseNumeralTest, ReadsFractionsAsPercentages) {
  for (const Case& c : std::initializer_list<Case>{{"百分之九十九点二", "99.2"},
                                                   {"百分之百", "100"},
                                                   {"百分之95", "95"},
                                                   {"千分之五", "5"},
                                                   {"万分之三", "0.03"},
                                                   {"三分之二", "66.67"},
                                                   {"四分之三", "75"},
                                                   {"八分之三", "37.5"},
                                                   {"3分之1", "33.33"}}) {
    EXPECT_EQ(Parsed(c.numeral), c.value) << c.numeral;
  }
}

TEST(ParseNumeralTest, RefusesWhatIsNoNumeral) {
  for (const std::string_view numeral :
       {"",       " ",    "件",     "12件",   "十百",     "百千万",   "十四五", "三百五万",
        "二十几", "数百", "三四十", "1,23",   "1.2.3",    "3万40000", "万万",   "亿亿",
        "壹十",   "一拾", "--3",    "百分之", "四分之五", "零分之一", "三点",   "1,2345"}) {
    EXPECT_EQ(Parsed(numeral), "INVALID_ARGUMENT") << numeral;
  }
}

TEST(ParseNumeralTest, NamesWhatItWanted) {
  EXPECT_EQ(Message(ParseNumeral("十四五").status()), "numeral: \"十四五\", want digits or a Chinese numeral");
}

TEST(ParseNumeralTest, RefusesWhatIsTooLargeOrTooFine) {
  for (const std::string_view numeral : {"10000000000000000000000000000", "9999999999999999999999万亿", "0.00000000001",
                                         "99999999999999999999999999999999999999999999999999"}) {
    EXPECT_EQ(Parsed(numeral), "OUT_OF_RANGE") << numeral;
  }
}

// Former bugs
TEST(ParseNumeralTest, FormerBugs) {
  EXPECT_EQ(Parsed("九十万零七百零七"), "900707");  // INVALID_ARGUMENT: the first 零 was remembered
  EXPECT_EQ(Parsed("2.5万亿"), "2500000000000");    // 亿 behind a closed section
  EXPECT_EQ(Parsed("壹十"), "INVALID_ARGUMENT");    // 10: the first sign's style was noted too late
}

std::u32string Decoded(std::string_view text) {
  std::u32string decoded;
  for (const CodePoint& c : CodePoints(text)) decoded.push_back(c.value);
  return decoded;
}

// A number of any length up to `digits` digits, with as many zeros as others.
uint64_t RandomNumber(std::mt19937_64* random, int digits) {
  uint64_t value = 0;
  const auto length = static_cast<int>((*random)() % static_cast<uint64_t>(digits)) + 1;
  for (int i = 0; i < length; ++i) value = value * 10 + ((*random)() % 2 == 0 ? 0 : (*random)() % 10);
  return value;
}

TEST(ParseNumeralPropertyTest, AgreesWithTheOracleOnAMillionChineseNumerals) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1'000'000; ++i) {
    const uint64_t value = RandomNumber(&random, 15);
    const uint64_t bits = random();
    const NumeralStyle style{.formal = (bits & 3) == 0,
                             .two_as_liang = (bits & 4) != 0,
                             .bare_ten = (bits & 8) != 0,
                             .short_tail = (bits & 16) != 0};
    const std::string numeral = WriteChinese(value, style);
    ASSERT_EQ(Parsed(numeral), std::to_string(value)) << numeral;
    ASSERT_EQ(ReadChineseSlowly(Decoded(numeral)), value) << numeral;
  }
}

TEST(ParseNumeralPropertyTest, ReadsBackAMillionNumeralsInDigits) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 1'000'000; ++i) {
    const uint64_t value = RandomNumber(&random, 15);
    const std::string numeral = i % 3 == 0   ? WriteMixed(value)
                                : i % 3 == 1 ? WriteGrouped(value)
                                             : WriteDigitString(value);
    ASSERT_EQ(Parsed(numeral), std::to_string(value)) << numeral;
  }
}

TEST(ParseNumeralPropertyTest, DecimalsReadBack) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    const Decimal value =
        Decimal::Create(static_cast<int64_t>(RandomNumber(&random, 12)), static_cast<int>(random() % 6));
    ASSERT_EQ(Parsed(value.ToString()), value.ToString());
    ASSERT_EQ(value.ToDouble(), std::stod(value.ToString()));
    ASSERT_EQ(Parsed(value.ToString() + "万"), value.Scaled(4)->ToString());
  }
}

TEST(ParseNumeralPropertyTest, ACutOrSwappedNumeralNeverReadsAsMoreThanTheOracleAllows) {
  // What the oracle calls ungrammatical is not read either, whatever the order of its signs.
  std::mt19937_64 random(4);
  const std::u32string signs = U"一二三九零十百千万亿";
  int grammatical = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string numeral;
    std::u32string decoded;
    for (size_t k = random() % 6 + 3; k > 0; --k) {
      decoded.push_back(signs[random() % signs.size()]);
      AppendUtf8(decoded.back(), &numeral);
    }
    const auto parsed = ParseNumeral(numeral);
    const auto slow = ReadChineseSlowly(decoded);
    if (!parsed.ok() || !slow) continue;
    ++grammatical;
    ASSERT_EQ(parsed->ToString(), std::to_string(*slow)) << numeral;
  }
  EXPECT_GT(grammatical, 1'000);
}

}  // namespace
}  // namespace duban
