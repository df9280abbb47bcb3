// SPDX-License-Identifier: Apache-2.0
#include "common/store/sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/status.h"

namespace duban {

void ArrayBuilder::Next() {
  if (text_.size() > 1) text_ += ',';
}

void ArrayBuilder::AddText(std::string_view text) {
  Next();
  text_ += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void ArrayBuilder::AddBytes(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  Next();
  text_ += "\"\\\\x";
  const size_t begin = text_.size();
  text_.resize(begin + 2 * bytes.size());
  char* out = text_.data() + begin;
  for (unsigned char byte : bytes) {
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
  text_ += '"';
}

void ArrayBuilder::AddNumber(int64_t number) {
  Next();
  text_ += std::to_string(number);
}

void ArrayBuilder::AddNull() {
  Next();
  text_ += "NULL";
}

std::string ArrayBuilder::Build() && {
  text_ += '}';
  return std::move(text_);
}

pqxx::result Query::Run(pqxx::transaction_base& transaction) const {
  return transaction.exec_params(text_, pqxx::prepare::make_dynamic_params(parameters_));
}

void Query::AppendValues(std::string_view text, std::vector<std::string> values) {
  for (std::string& value : values) {
    const size_t place = text.find("{}");
    parameters_.push_back(std::move(value));
    text_ += fmt::format("{}${}", text.substr(0, place), parameters_.size());
    text.remove_prefix(place + 2);
  }
  text_ += text;
}

absl::Status ParseMessage(const pqxx::field& field, google::protobuf::MessageLite* message) {
  const pqxx::binarystring bytes(field);
  if (message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("column {}: {} bytes, want a {}", field.name(), bytes.size(), message->GetTypeName()));
}

std::string DocumentIdOf(const pqxx::field& field) {
  std::string id = field.c_str();
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  return id;
}

std::string MicrosecondsOf(std::string_view column) {
  return fmt::format("(extract(epoch from {}) * 1000000)::bigint", column);
}

std::string TimestampOf(std::string_view parameter) {
  return fmt::format("(timestamptz 'epoch' + {}::bigint * interval '1 microsecond')", parameter);
}

int64_t ToMicroseconds(absl::Time time) {
  static const absl::Time first = absl::FromCivil(absl::CivilDay(1, 1, 1), absl::UTCTimeZone());
  static const absl::Time last = absl::FromCivil(absl::CivilDay(9999, 12, 31), absl::UTCTimeZone());
  return absl::ToUnixMicros(std::clamp(time, first, last));
}

}  // namespace duban
