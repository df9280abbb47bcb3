// SPDX-License-Identifier: Apache-2.0
#include "services/cli/flag_words.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "absl/flags/reflection.h"
#include "common/base/status.h"

namespace duban {
namespace {

constexpr std::string_view kNo = "no";

// Flags of absl's own that its parser handles apart.
bool IsParsers(std::string_view name) { return name == "flagfile" || name == "fromenv" || name == "tryfromenv"; }

struct FlagWord {
  std::string name;
  std::string value;
  bool has_value = false;
};

// "--name=value", "-name"; none for other words, "-" among them.
bool ReadFlagWord(std::string_view word, FlagWord* flag) {
  if (word.size() < 2 || word[0] != '-') return false;
  word.remove_prefix(word[1] == '-' ? 2 : 1);
  const size_t sign = word.find('=');
  flag->name = std::string(word.substr(0, sign));
  flag->has_value = sign != std::string_view::npos;
  flag->value = flag->has_value ? std::string(word.substr(sign + 1)) : "";
  return true;
}

}  // namespace

std::string ListFlags() {
  std::map<std::string, const absl::CommandLineFlag*> flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (flag->Filename().find("services/cli/") != std::string::npos) flags.emplace(std::string(name), flag);
  }
  std::string list;
  for (const auto& [name, flag] : flags) {
    const std::string unset = flag->DefaultValue();
    const std::string otherwise = unset.empty() ? "" : fmt::format(" ({})", unset);
    list += fmt::format("  --{:<20} {}{}\n", name, flag->Help(), otherwise);
  }
  return list;
}

absl::StatusOr<std::vector<std::string>> OrderFlags(const std::vector<std::string>& words) {
  std::vector<std::string> rest;
  std::map<std::string, std::string> lists;
  for (size_t i = 0; i < words.size(); ++i) {
    FlagWord word;
    if (words[i] == "--") {
      rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    if (!ReadFlagWord(words[i], &word) || IsParsers(word.name)) {
      rest.push_back(words[i]);
      continue;
    }
    absl::CommandLineFlag* flag = absl::FindCommandLineFlag(word.name);
    if (flag == nullptr && word.name.starts_with(kNo)) {
      flag = absl::FindCommandLineFlag(word.name.substr(kNo.size()));
      if (flag != nullptr && (!flag->IsOfType<bool>() || word.has_value)) flag = nullptr;
      if (flag != nullptr) word = {word.name, "false", true};
    }
    if (flag == nullptr) return InvalidField("--" + word.name, "no such flag; duban --helpfull lists them");
    rest.push_back(words[i]);
    if (!word.has_value && flag->IsOfType<bool>()) continue;
    if (!word.has_value) {
      if (++i == words.size()) return InvalidField("--" + word.name, "no value behind it");
      word.value = words[i];
      rest.push_back(words[i]);
    }
    if (std::string error; !flag->ParseFrom(word.value, &error)) {
      return InvalidField("--" + word.name,
                          fmt::format("\"{}\", want another value{}{}", word.value, error.empty() ? "" : ": ", error));
    }
    if (!flag->IsOfType<std::vector<std::string>>()) continue;
    rest.resize(rest.size() - (word.has_value ? 1 : 2));
    std::string& joined = lists[word.name];
    joined += (joined.empty() || word.value.empty() ? "" : ",") + word.value;
  }
  for (const auto& [name, values] : lists) rest.insert(rest.begin(), fmt::format("--{}={}", name, values));
  return rest;
}

}  // namespace duban
