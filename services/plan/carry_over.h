// SPDX-License-Identifier: Apache-2.0
// services/plan/carry_over.h: where what people said of a document's plan items goes when it is analysed anew.
//
//   CarryOver({{.item = "p2", .title = "建成档案馆", .digest = DigestOf(old)}}, items)   // {"p3"}: it is the third now
//
// Ids of items count through the plan, so better rules may give a promise another id. Pure functions.

#pragma once

#include <string>
#include <vector>

#include "duban/v1/plan.pb.h"

namespace duban {

// What tells a promise from others: a digest of its title and text.
std::string DigestOf(const v1::PlanItem& item);

// Whose words people spoke of.
struct Remembered {
  // Id of the item, or where CarryOver put it.
  std::string item;
  // As they were then. Both empty if that is not known.
  std::string title;
  std::string digest;
};

// For each of `remembered`, all of one document, the id under which it is kept from now on, each another one: that of
// the item of `items` with the same title and text, else of one with the same title or with the title in its text, as
// when items were split or joined. Where no item says the same it is put aside under an id that no item has (~1, ~2 …),
// shown nowhere and kept until an item does: a verdict must not stand at a promise that it was not given for.
std::vector<std::string> CarryOver(const std::vector<Remembered>& remembered, const std::vector<v1::PlanItem>& items);

}  // namespace duban
