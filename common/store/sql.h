// SPDX-License-Identifier: Apache-2.0
// Parameters and rows, for the sources that talk to libpqxx.
//
//   transaction.exec_params("INSERT INTO t SELECT * FROM unnest($1::uuid[], $2::bytea[])",
//                           TextArray(rows, [](const Row& row) { return row.id; }),
//                           BytesArray(rows, [](const Row& row) { return row.payload; }));
//
// One statement then writes any number of rows in one round trip, and its text does not depend on how many.
// Text with a NUL byte cannot be stored and comes back as INVALID_ARGUMENT. Pure functions.

#pragma once

#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message_lite.h"

namespace duban {

// A one-dimensional array in PostgreSQL's text form.
class ArrayBuilder {
 public:
  void AddText(std::string_view text);
  void AddBytes(std::string_view bytes);
  void AddNumber(int64_t number);
  void AddNull();
  std::string Build() &&;

 private:
  void Next();
  std::string text_ = "{";
};

template <typename Range, typename Projection>
std::string TextArray(const Range& range, Projection projection) {
  ArrayBuilder array;
  for (const auto& element : range) array.AddText(projection(element));
  return std::move(array).Build();
}

template <typename Range, typename Projection>
std::string BytesArray(const Range& range, Projection projection) {
  ArrayBuilder array;
  for (const auto& element : range) array.AddBytes(projection(element));
  return std::move(array).Build();
}

template <typename Range, typename Projection>
std::string NumberArray(const Range& range, Projection projection) {
  ArrayBuilder array;
  for (const auto& element : range) array.AddNumber(projection(element));
  return std::move(array).Build();
}

// The strings of `range` as they are.
template <typename Range>
std::string TextArray(const Range& range) {
  return TextArray(range, [](const std::string& text) -> const std::string& { return text; });
}

// A statement with as many parameters as its conditions need.
//
//   Query query("SELECT payload FROM t WHERE true");
//   if (!agency.empty()) query.Append(" AND agency = {}", agency);
//   const pqxx::result rows = query.Run(transaction);
class Query {
 public:
  explicit Query(std::string text) : text_(std::move(text)) {}

  // Adds `text` with each {} standing for the parameter in its place.
  template <typename... Parameters>
  void Append(std::string_view text, const Parameters&... parameters) {
    AppendValues(text, {ToText(parameters)...});
  }

  pqxx::result Run(pqxx::transaction_base& transaction) const;

 private:
  static std::string ToText(const std::string& text) { return text; }
  static std::string ToText(int64_t number) { return std::to_string(number); }
  void AppendValues(std::string_view text, std::vector<std::string> values);

  std::string text_;
  std::vector<std::string> parameters_;
};

// Fills `message` from a bytea. DATA_LOSS if it is not one of that type.
absl::Status ParseMessage(const pqxx::field& field, google::protobuf::MessageLite* message);

// A document's id of a uuid column: 32 hexadecimal digits without the dashes.
std::string DocumentIdOf(const pqxx::field& field);

// timestamptz columns travel as whole microseconds of Unix time: kMicroseconds around the column on its way out,
// kTimestamp on the way in ("$3" stands for the parameter).
std::string MicrosecondsOf(std::string_view column);
std::string TimestampOf(std::string_view parameter);

// The parameter for a time; those outside the years 1 to 9999 stand for the nearest inside.
int64_t ToMicroseconds(absl::Time time);

}  // namespace duban
