// SPDX-License-Identifier: Apache-2.0
// National bodies and their branches, which are told by the beginning of the title.
#include <utility>

#include "common/text/utf8.h"
#include "services/ingest/agency.h"
#include "services/ingest/squeeze.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kOneCharacter = 3;        // bytes
constexpr size_t kLongestBranch = 20 * 3;  // bytes

}  // namespace

// End of the name of a national body's branch that begins at `begin` of a title: 青岛市分行, 办公厅; `begin` if there
// is none. Without a place in it, nothing but a year or the like may stand behind it.
size_t AgencyFinder::BranchEnd(std::string_view title, size_t begin, const std::optional<PlaceHit>& place) const {
  size_t end = begin;
  for (size_t at = begin; at < title.size() && at - begin <= kLongestBranch && end == begin;) {
    if (!IsHan(DecodeAt(title, at).value) || LongestAt(title, at, report_.stop()) > 0) return begin;
    const size_t size = std::max(LongestAt(title, at, report_.office()), LongestAt(title, at, report_.branch()));
    const size_t none = LongestAt(title, at, report_.no_office());
    const size_t region = regions_.LongestAt(title, at).size;
    if (size > none) end = at + size;
    at += std::max({none, region, kOneCharacter});
  }
  if (end == begin) return begin;
  while (const size_t more =
             std::max(LongestAt(title, end, report_.office_tail()), LongestAt(title, end, report_.branch()))) {
    end += more;
  }
  if (place.has_value() && place->begin < end) return end;
  const bool behind = end == title.size() || !IsHan(DecodeAt(title, end).value) ||
                      LongestAt(title, end, report_.opening()) > 0 || LongestAt(title, end, report_.paper()) > 0 ||
                      title.compare(end, report_.composed_report().size(), report_.composed_report()) == 0 ||
                      title.compare(end, report_.composed_plan().size(), report_.composed_plan()) == 0;
  return behind ? end : begin;
}

// The first division that a title names from `begin` on.
std::optional<AgencyFinder::PlaceHit> AgencyFinder::FirstPlace(std::string_view title, size_t begin) const {
  for (size_t at = begin; at < title.size() && IsHan(DecodeAt(title, at).value); at += kOneCharacter) {
    if (RegionHit hit = regions_.LongestAt(title, at); hit.size > 0) return PlaceHit{at, std::move(hit)};
  }
  return std::nullopt;
}

// The national body that the title begins with, as the mention's office, or its branch (中国人民银行青岛市分行) with
// the branch's division. None if the branch is a department of its division: 国家税务总局某某县税务局.
std::optional<AgencyFinder::Named> AgencyFinder::FindNational(const CleanPage& page) const {
  const SqueezedText squeezed(page.title);
  const std::string_view title = squeezed.text();
  const size_t size = LongestAt(title, 0, report_.national());
  // 财政部门 is no ministry.
  if (size == 0 || LongestAt(title, size - kOneCharacter, report_.no_office()) > kOneCharacter) return std::nullopt;
  for (const Mention& mention : mentions_.Find(title.substr(size), false)) {
    if (mention.begin == 0 && LongestAt(mention.office, 0, report_.department()) > 0) return std::nullopt;
  }
  const auto proof = [&](size_t begin, size_t end) {
    const auto [from, to] = squeezed.ToOriginal(begin, end);
    return Proof{Proof::kTitle, from, to};
  };
  std::optional<PlaceHit> place = FirstPlace(title, size);
  Named named;
  named.mention.end = BranchEnd(title, size, place);
  named.mention.office = title.substr(0, named.mention.end);
  named.proof = proof(0, named.mention.end);
  if (place.has_value() && place->begin < named.mention.end) {
    named.mention.region_begin = place->begin;
    named.mention.region_end = place->begin + place->hit.size;
    named.mention.region = title.substr(place->begin, place->hit.size);
    named.mention.chain.push_back(std::move(place->hit));
    named.region_proof = proof(named.mention.region_begin, named.mention.region_end);
  }
  return named;
}

}  // namespace duban
