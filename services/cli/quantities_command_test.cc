// SPDX-License-Identifier: Apache-2.0
// duban quantities as a program: one JSON object per line of input, usage errors, bad input.
#include <cstdlib>
#include <fstream>
#include <string>

#include "common/testing/subprocess.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

#include "duban/v1/analysis.pb.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

testing::ProgramResult RunQuantities(std::vector<std::string> arguments) {
  std::vector<std::string> argv = {std::string(std::getenv("DUBAN_BINARY_DIR")) + "/bin/duban", "quantities"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return testing::RunProgram({.argv = argv}).value();
}

std::string FileWith(std::string_view bytes) {
  const std::string path = ::testing::TempDir() + "/quantities_command_test.txt";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(QuantitiesCommandTest, PrintsOneObjectPerLine) {
  const auto result = RunQuantities({"--format=json", FileWith("约4735万元\r\n\n编印4-6期")});
  ASSERT_EQ(result.exit_code, 0) << result.output;
  std::vector<v1::QuantityLine> lines;
  for (size_t at = 0; at < result.output.size();) {
    const size_t end = result.output.find('\n', at);
    ASSERT_TRUE(
        google::protobuf::util::JsonStringToMessage(result.output.substr(at, end - at), &lines.emplace_back()).ok());
    at = end + 1;
  }
  ASSERT_EQ(lines.size(), 3);
  ASSERT_EQ(lines[0].quantities_size(), 1);
  EXPECT_EQ(lines[0].quantities(0).text(), "4735万元");
  EXPECT_EQ(lines[0].quantities(0).value(), 47350000);
  EXPECT_EQ(lines[0].quantities(0).span().begin(), 3);
  EXPECT_EQ(lines[1].line(), 2);
  EXPECT_EQ(lines[1].quantities_size(), 0);
  EXPECT_EQ(lines[2].quantities(0).value_high(), 6);
}

TEST(QuantitiesCommandTest, PrintsATable) {
  const auto result = RunQuantities({FileWith("近15万人次")});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, HasSubstr("15万人次  150000"));
}

TEST(QuantitiesCommandTest, TellsWhatIsWrong) {
  EXPECT_EQ(RunQuantities({}).exit_code, 2);
  EXPECT_EQ(RunQuantities({"--format=xml", FileWith("1")}).exit_code, 2);
  EXPECT_EQ(RunQuantities({"/nowhere/at/all"}).exit_code, 1);
  const auto result = RunQuantities({FileWith("\xFF\xFE")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("not UTF-8"));
}

// Former bug: exit code 0 although the disk was full.
TEST(QuantitiesCommandTest, FullDiskIsAFailure) {
  const std::string program = std::string(std::getenv("DUBAN_BINARY_DIR")) + "/bin/duban quantities ";
  std::string much;
  for (int i = 0; i < 2000; ++i) much += "约4735万元\n";
  for (const std::string& text : {std::string("约4735万元"), much}) {
    for (const std::string format : {"table", "json"}) {
      const std::string command = program + "--format=" + format + " " + FileWith(text) + " > /dev/full";
      const auto result = testing::RunProgram({.argv = {"sh", "-c", command}}).value();
      EXPECT_EQ(result.exit_code, 1) << command;
      EXPECT_THAT(result.output, HasSubstr("standard output is cut short"));
    }
  }
}

}  // namespace
}  // namespace duban
