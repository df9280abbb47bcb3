// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/unit_classes.h"

#include <unordered_map>

#include "common/base/lexicon.h"
#include "embedded/unit_classes.textproto.h"

namespace duban {
namespace {

// The embedded classes by unit. They are a part of the program: arithmetic_test reads them, and so a fault in them
// lands in no build.
const UnitClasses::Class* ClassOf(std::string_view unit) {
  static const auto& classes =
      *new UnitClasses(ParseLexicon<UnitClasses>("unit_classes.textproto", embedded::unit_classes_textproto).value());
  static const auto& by_unit = *[] {
    auto* table = new std::unordered_map<std::string_view, const UnitClasses::Class*>;
    for (const UnitClasses::Class& c : classes.classes()) {
      for (const std::string& name : c.unit()) table->emplace(name, &c);
    }
    return table;
  }();
  const auto found = by_unit.find(unit);
  return found == by_unit.end() ? nullptr : found->second;
}

}  // namespace

std::string_view RepresentativeUnit(std::string_view unit) {
  const UnitClasses::Class* found = ClassOf(unit);
  return found == nullptr ? unit : found->unit(0);
}

bool SameUnit(std::string_view a, std::string_view b) {
  return a == b || RepresentativeUnit(a) == RepresentativeUnit(b);
}

bool SameThings(std::string_view a, std::string_view b) {
  static constexpr std::string_view kTimes = "次";
  const auto once = [](std::string_view unit) {
    return unit.size() > kTimes.size() && unit.ends_with(kTimes) ? unit.substr(0, unit.size() - kTimes.size()) : unit;
  };
  return SameUnit(a, b) || SameUnit(once(a), once(b));
}

UnitClasses::Sort SortOfUnit(std::string_view unit) {
  const UnitClasses::Class* found = ClassOf(unit);
  return found == nullptr ? UnitClasses::OTHER : found->sort();
}

}  // namespace duban
