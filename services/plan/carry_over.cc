// SPDX-License-Identifier: Apache-2.0
// The surest signs are looked for first, in all of `remembered`, so that a weak one never takes an item from a sure
// one. Among equals an item keeps its id, and otherwise the first goes to the first.
#include "services/plan/carry_over.h"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "common/base/names.h"

namespace duban {
namespace {

constexpr size_t kDigestDigits = 32;
// A shorter title, of under six characters, stands in many texts.
constexpr size_t kMinTitleBytes = 18;

struct Candidate {
  const v1::PlanItem* item;
  std::string digest;
};

using Sign = std::function<bool(const Remembered&, const Candidate&)>;

bool SameWords(const Remembered& remembered, const Candidate& candidate) {
  return !remembered.digest.empty() && remembered.digest == candidate.digest;
}

bool SameTitle(const Remembered& remembered, const Candidate& candidate) {
  return !remembered.title.empty() && remembered.title == candidate.item->title();
}

bool TitleInText(const Remembered& remembered, const Candidate& candidate) {
  return remembered.title.size() >= kMinTitleBytes &&
         candidate.item->text().find(remembered.title) != std::string::npos;
}

bool SameId(const Remembered& remembered, const Candidate& candidate) {
  return remembered.item == candidate.item->id();
}

bool NothingKnown(const Remembered& remembered, const Candidate&) {
  return remembered.digest.empty() && remembered.title.empty();
}

Sign Both(const Sign& one, const Sign& other) {
  return [=](const Remembered& remembered, const Candidate& candidate) {
    return one(remembered, candidate) && other(remembered, candidate);
  };
}

// A place of its own for what no item takes; `taken` are all ids in use.
std::string PutAside(std::set<std::string>* taken) {
  int number = 1;
  while (!taken->insert(fmt::format("~{}", number)).second) ++number;
  return fmt::format("~{}", number);
}

}  // namespace

std::string DigestOf(const v1::PlanItem& item) {
  return Sha256Hex(fmt::format("{} {} {}", item.title().size(), item.title(), item.text()), kDigestDigits);
}

std::vector<std::string> CarryOver(const std::vector<Remembered>& remembered, const std::vector<v1::PlanItem>& items) {
  std::vector<std::string> kept(remembered.size());
  if (remembered.empty()) return kept;
  std::vector<Candidate> candidates;
  for (const v1::PlanItem& item : items) candidates.push_back({&item, DigestOf(item)});
  std::set<std::string> taken;
  for (const Sign& sign : {Both(SameWords, SameId), Sign(SameWords), Both(SameTitle, SameId), Sign(SameTitle),
                           Both(TitleInText, SameId), Sign(TitleInText), Both(NothingKnown, SameId)}) {
    for (size_t i = 0; i < remembered.size(); ++i) {
      if (!kept[i].empty()) continue;
      for (const Candidate& candidate : candidates) {
        if (taken.contains(candidate.item->id()) || !sign(remembered[i], candidate)) continue;
        kept[i] = candidate.item->id();
        taken.insert(kept[i]);
        break;
      }
    }
  }
  for (size_t i = 0; i < remembered.size(); ++i) {
    const bool aside = remembered[i].item.starts_with('~');
    if (kept[i].empty() && aside && taken.insert(remembered[i].item).second) kept[i] = remembered[i].item;
  }
  for (std::string& id : kept) {
    if (id.empty()) id = PutAside(&taken);
  }
  return kept;
}

}  // namespace duban
