// SPDX-License-Identifier: Apache-2.0
// services/indicator/catalog.h: the metrics that make agencies comparable, and which of them a label means.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const Catalog> catalog, Catalog::Create());
//   catalog->Find("受理法律援助案件", {COUNT, 宗})->id();   // legal_aid.cases_accepted
//
// A Catalog is immutable: safe to call from any thread.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/indicator.pb.h"
#include "duban/v1/metric.pb.h"
#include "services/indicator/unit_classes.h"
#include "services/indicator/word_table.h"

namespace duban {

class Catalog {
 public:
  // The embedded metrics.
  static absl::StatusOr<std::unique_ptr<const Catalog>> Create();

  // Metrics in text format (a CatalogFile). INVALID_ARGUMENT "<file_name>:<line>: …": not text format; no metric; an id
  // that is not theme.name in lower case, or is there twice; a name, unit, kind or better that is missing; a unit of
  // another kind; no alias, or one that the exclusions forbid; a list of words or a parent that is unknown; a metric
  // that is its own ancestor.
  static absl::StatusOr<std::unique_ptr<const Catalog>> Create(std::string_view file_name, std::string_view text);

  // The metrics of a file; the embedded ones if `path` is empty. INVALID_ARGUMENT as above, and ReadFile's statuses.
  static absl::StatusOr<std::unique_ptr<const Catalog>> Load(const std::string& path);

  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // All metrics, in the file's order; words of lists stand among their exclusions.
  const v1::MetricCatalog& metrics() const { return metrics_; }

  // The metric of that id, nullptr if there is none.
  const v1::Metric* Get(std::string_view id) const;

  // The metric that `label` means, nullptr if none does or two do equally. `quantity` tells kind and unit; with
  // `any_unit` (growth rates) they do not matter.
  const v1::Metric* Find(std::string_view label, const v1::Quantity& quantity, bool any_unit = false) const;

 private:
  // The words of one alias.
  struct Alias {
    int metric;
    size_t size;             // bytes of all words
    std::string_view unit;   // the representative of the metric's
    UnitClasses::Sort sort;  // of the metric's unit
    std::vector<std::string> words;
  };

  Catalog() = default;
  absl::Status Validate(std::string_view file_name, std::string_view text) const;
  void Index();
  // `sort` is that of the quantity's unit.
  bool Fits(const Alias& alias, std::string_view label, const v1::Quantity& quantity, UnitClasses::Sort sort,
            bool any_unit) const;

  v1::MetricCatalog metrics_;
  std::unordered_map<std::string_view, int> by_id_;
  std::vector<Alias> aliases_;
  // The longest word of each alias; the value is 1 + its index in by_word_.
  WordTable words_;
  std::vector<std::vector<int>> by_word_;
};

}  // namespace duban
