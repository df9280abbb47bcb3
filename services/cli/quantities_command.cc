// SPDX-License-Identifier: Apache-2.0
// duban quantities: every numeral and quantity of running text, line by line, in-process.
#include <algorithm>
#include <string>
#include <string_view>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "duban/v1/analysis.pb.h"
#include "services/cli/commands.h"
#include "services/cli/output.h"
#include "services/indicator/quantity.h"

namespace duban {
namespace {

v1::QuantityLine ReadLine(std::string_view line, int number, const UnitLexicon& units) {
  v1::QuantityLine result;
  result.set_line(number);
  for (FoundQuantity& found : ScanQuantities(line, units, NumeralScope::kAll)) {
    *result.add_quantities() = std::move(found.quantity);
  }
  return result;
}

void AddRows(const v1::QuantityLine& line, Table* table) {
  for (const v1::Quantity& quantity : line.quantities()) {
    const std::string high = quantity.has_value_high() ? NumberText(quantity.value_high()) : "";
    table->Add({std::to_string(line.line()), quantity.text(), quantity.decimal(), high, quantity.unit(),
                v1::Quantity::Kind_Name(quantity.kind()), v1::Quantity::Qualifier_Name(quantity.qualifier())});
  }
}

// Every line of `text`, empty ones too, so that answers and lines can be held side by side.
void PrintLines(std::string_view text, const UnitLexicon& units, Format format) {
  Table table({"line", "text", "value", "to", "unit", "kind", "qualifier"});
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const v1::QuantityLine result = ReadLine(line, number, units);
    if (format == Format::kJson) {
      PrintJson(result);
    } else {
      AddRows(result, &table);
    }
  }
  if (format != Format::kJson) PrintTable(table, format);
}

}  // namespace

int QuantitiesCommand(const Arguments& files) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  if (files.empty()) return WrongUsage(absl::InvalidArgumentError("quantities: no file given, want FILE... or -"));
  const auto units = UnitLexicon::Create();
  if (!units.ok()) return Fail(units.status());
  int code = 0;
  for (const std::string& path : files) {
    const auto text = ReadInput(path);
    if (!text.ok()) {
      code = Fail(text.status());
    } else if (!IsValidUtf8(*text)) {
      code = Fail(absl::InvalidArgumentError(path + ": not UTF-8, want a text file in UTF-8"));
    } else {
      PrintLines(*text, **units, *format);
    }
  }
  return code;
}

}  // namespace duban
