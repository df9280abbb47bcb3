// SPDX-License-Identifier: Apache-2.0
// An alias is looked up by its longest word: the label is scanned once, and only aliases whose longest word stands in
// it are compared in full.
#include "services/indicator/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/metrics.textproto.h"
#include "google/protobuf/text_format.h"
#include "services/indicator/arithmetic.h"
#include "services/indicator/catalog.pb.h"

namespace duban {
namespace {

// Opens an exclusion that names a list of words.
constexpr char kListMark = '@';

bool Holds(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

std::vector<std::string> SplitWords(std::string_view words) {
  std::vector<std::string> pieces;
  ForEachWord(words, [&](std::string_view word) { pieces.emplace_back(word); });
  return pieces;
}

bool IsMetricId(std::string_view id) {
  const size_t dot = id.find('.');
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == id.size()) return false;
  const std::string_view theme = id.substr(0, dot);
  const std::string_view name = id.substr(dot + 1);
  return std::all_of(theme.begin(), theme.end(), plain) && std::all_of(name.begin(), name.end(), plain);
}

// What is wrong with a metric alone; empty if nothing.
std::string Fault(const v1::Metric& metric) {
  if (!IsMetricId(metric.id())) return fmt::format("id: '{}', want theme.name of a-z, 0-9, _", metric.id());
  if (metric.display_name().empty()) return fmt::format("{}: display_name is empty", metric.id());
  if (metric.english_name().empty()) return fmt::format("{}: english_name is empty", metric.id());
  if (metric.unit().empty()) return fmt::format("{}: unit is empty", metric.id());
  if (metric.kind() == v1::Quantity::KIND_UNSPECIFIED) return fmt::format("{}: kind is missing", metric.id());
  if (metric.better() == v1::Metric::BETTER_UNSPECIFIED) return fmt::format("{}: better is missing", metric.id());
  if ((metric.unit() == "%") != (metric.kind() == v1::Quantity::PERCENT))
    return fmt::format("{}: unit {} is not of kind {}", metric.id(), metric.unit(),
                       v1::Quantity::Kind_Name(metric.kind()));
  if (metric.aliases().empty()) return fmt::format("{}: aliases are missing", metric.id());
  for (const std::string& exclusion : metric.exclusions()) {
    if (exclusion.empty()) return fmt::format("{}: an exclusion is empty", metric.id());
  }
  for (const std::string& alias : metric.aliases()) {
    const std::vector<std::string> words = SplitWords(alias);
    if (words.empty()) return fmt::format("{}: an alias is empty", metric.id());
    for (const std::string& exclusion : metric.exclusions()) {
      if (std::any_of(words.begin(), words.end(), [&](const std::string& word) { return Holds(word, exclusion); }))
        return fmt::format("{}: exclusion '{}' forbids alias '{}'", metric.id(), exclusion, alias);
    }
  }
  return {};
}

// Puts the words of the lists in the place of their names. The name of a list that is not there; empty if all are.
std::string ExpandLists(const CatalogFile& file, v1::Metric* metric) {
  google::protobuf::RepeatedPtrField<std::string> exclusions;
  exclusions.Swap(metric->mutable_exclusions());
  for (std::string& exclusion : exclusions) {
    if (exclusion.empty() || exclusion.front() != kListMark) {
      metric->add_exclusions(std::move(exclusion));
      continue;
    }
    const auto list = std::find_if(file.words().begin(), file.words().end(),
                                   [&](const auto& words) { return words.name() == exclusion.substr(1); });
    if (list == file.words().end()) return exclusion;
    metric->mutable_exclusions()->Add(list->word().begin(), list->word().end());
  }
  return {};
}

// The line of entry `index` of a repeated field of `text`, from 1; 1 if there is none.
int LineOf(std::string_view text, int index, const char* name = "metric") {
  google::protobuf::TextFormat::ParseInfoTree tree;
  google::protobuf::TextFormat::Parser parser;
  CatalogFile file;
  parser.WriteLocationsTo(&tree);
  const google::protobuf::FieldDescriptor* field = CatalogFile::descriptor()->FindFieldByName(name);
  if (!parser.ParseFromString(std::string(text), &file) || index >= file.GetReflection()->FieldSize(file, field))
    return 1;
  return tree.GetLocation(field, index).line + 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Catalog>> Catalog::Create() {
  return Create("metrics.textproto", embedded::metrics_textproto);
}

absl::StatusOr<std::unique_ptr<const Catalog>> Catalog::Create(std::string_view file_name, std::string_view text) {
  auto catalog = std::unique_ptr<Catalog>(new Catalog);
  DUBAN_ASSIGN_OR_RETURN(CatalogFile file, ParseLexicon<CatalogFile>(file_name, text));
  std::set<std::string_view> lists;
  for (int i = 0; i < file.words_size(); ++i) {
    if (file.words(i).name().empty() || !lists.insert(file.words(i).name()).second)
      return absl::InvalidArgumentError(fmt::format("{}:{}: words '{}': want a name of its own", file_name,
                                                    LineOf(text, i, "words"), file.words(i).name()));
  }
  for (int i = 0; i < file.metric_size(); ++i) {
    v1::Metric* metric = file.mutable_metric(i);
    if (const std::string list = ExpandLists(file, metric); !list.empty())
      return absl::InvalidArgumentError(fmt::format("{}:{}: {}: exclusion '{}': no such list of words", file_name,
                                                    LineOf(text, i), metric->id(), list));
  }
  catalog->metrics_.mutable_metric()->Swap(file.mutable_metric());
  DUBAN_RETURN_IF_ERROR(catalog->Validate(file_name, text));
  catalog->Index();
  return catalog;
}

absl::StatusOr<std::unique_ptr<const Catalog>> Catalog::Load(const std::string& path) {
  if (path.empty()) return Create();
  DUBAN_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return Create(path, text);
}

absl::Status Catalog::Validate(std::string_view file_name, std::string_view text) const {
  std::unordered_map<std::string_view, int> ids;
  const auto fault = [&](int index, std::string_view what) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", file_name, LineOf(text, index), what));
  };
  if (metrics_.metric().empty()) return fault(0, "no metric");
  for (int i = 0; i < metrics_.metric_size(); ++i) {
    if (const std::string what = Fault(metrics_.metric(i)); !what.empty()) return fault(i, what);
    if (!ids.emplace(metrics_.metric(i).id(), i).second)
      return fault(i, fmt::format("{}: the id is there twice", metrics_.metric(i).id()));
  }
  for (int i = 0; i < metrics_.metric_size(); ++i) {
    int steps = 0;
    for (const v1::Metric* m = &metrics_.metric(i); !m->parent().empty(); ++steps) {
      const auto parent = ids.find(m->parent());
      if (parent == ids.end()) return fault(i, fmt::format("{}: parent '{}' is unknown", m->id(), m->parent()));
      if (steps > metrics_.metric_size())
        return fault(i, fmt::format("{}: is its own ancestor", metrics_.metric(i).id()));
      m = &metrics_.metric(parent->second);
    }
  }
  return absl::OkStatus();
}

void Catalog::Index() {
  const auto shorter = [](const std::string& a, const std::string& b) { return a.size() < b.size(); };
  for (int i = 0; i < metrics_.metric_size(); ++i) {
    by_id_.emplace(metrics_.metric(i).id(), i);
    for (const std::string& text : metrics_.metric(i).aliases()) {
      const std::string& unit = metrics_.metric(i).unit();
      Alias alias{i, 0, RepresentativeUnit(unit), SortOfUnit(unit), SplitWords(text)};
      for (const std::string& word : alias.words) alias.size += word.size();
      const std::string key = *std::max_element(alias.words.begin(), alias.words.end(), shorter);
      WordTable::Match found;
      words_.ForEachAt(key, 0, 1, [&](const WordTable::Match& match) {
        if (match.size == key.size()) found = match;
      });
      if (!found) {
        by_word_.emplace_back();
        words_.Add(key, 1, static_cast<int32_t>(by_word_.size()));
        found.value = static_cast<int32_t>(by_word_.size());
      }
      by_word_[found.value - 1].push_back(static_cast<int>(aliases_.size()));
      aliases_.push_back(std::move(alias));
    }
  }
}

const v1::Metric* Catalog::Get(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &metrics_.metric(it->second);
}

bool Catalog::Fits(const Alias& alias, std::string_view label, const v1::Quantity& quantity, UnitClasses::Sort sort,
                   bool any_unit) const {
  const v1::Metric& metric = metrics_.metric(alias.metric);
  if (!any_unit) {
    const bool measured = metric.kind() == v1::Quantity::OTHER && quantity.kind() == v1::Quantity::COUNT;
    if (metric.kind() != quantity.kind() && !measured) return false;
    const bool apart = alias.sort != UnitClasses::OTHER && sort != UnitClasses::OTHER;
    if (alias.sort != sort && (apart || alias.sort == UnitClasses::PEOPLE || sort == UnitClasses::PEOPLE)) return false;
    if (metric.kind() == v1::Quantity::OTHER && metric.unit() != quantity.unit() && !quantity.unit().empty())
      return false;
  }
  const auto holds = [&](const std::string& word) { return Holds(label, word); };
  if (!std::all_of(alias.words.begin(), alias.words.end(), holds)) return false;
  return std::none_of(metric.exclusions().begin(), metric.exclusions().end(), holds);
}

const v1::Metric* Catalog::Find(std::string_view label, const v1::Quantity& quantity, bool any_unit) const {
  // Rank: an alias of more characters, then the metric's own unit. A draw between two metrics is no answer.
  size_t best = 0;
  int metric = -1;
  bool draw = false;
  const std::string_view unit = RepresentativeUnit(quantity.unit());
  const UnitClasses::Sort sort = SortOfUnit(quantity.unit());
  for (size_t pos = 0; pos < label.size(); ++pos) {
    words_.ForEachAt(label, pos, 1, [&](const WordTable::Match& match) {
      for (int index : by_word_[match.value - 1]) {
        const Alias& alias = aliases_[index];
        const size_t rank = 2 * alias.size + (alias.unit == unit);
        if (rank < best || (rank == best && alias.metric == metric) || !Fits(alias, label, quantity, sort, any_unit))
          continue;
        draw = rank == best && alias.metric != metric;
        best = rank;
        metric = alias.metric;
      }
    });
  }
  return metric < 0 || draw ? nullptr : &metrics_.metric(metric);
}

}  // namespace duban
