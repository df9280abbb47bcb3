// SPDX-License-Identifier: Apache-2.0
#include "common/base/lexicon.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "common/base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace duban {
namespace {

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(std::string_view file_name) : file_name_(file_name) {}

  // Lines and columns come from 0.
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    if (text_.empty()) text_ = fmt::format("{}:{}:{}: {}", file_name_, line + 1, column + 1, message);
  }

  const std::string& text() const { return text_; }

 private:
  const std::string_view file_name_;
  std::string text_;
};

}  // namespace

absl::Status ParseLexiconInto(std::string_view file_name, std::string_view text, google::protobuf::Message* message) {
  FirstError error(file_name);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(std::string(text), message)) return absl::InvalidArgumentError(error.text());
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return absl::FailedPreconditionError(fmt::format("{}: is a directory, want a file", path));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::ErrnoToStatus(errno, path);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return absl::UnknownError(fmt::format("{}: read failed: {}", path, std::strerror(errno)));
  return bytes;
}

}  // namespace duban
