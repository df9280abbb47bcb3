// SPDX-License-Identifier: Apache-2.0
// How the agency is found
//
// An agency's name is one division or a chain of them with an office behind it (深圳市|坪山区|司法局), or an office of
// a known department with a level or nothing in front (县司法局). Places are asked in the order of their word: title,
// publisher and source of the page, signature, the body's most frequent name that is not named as a superior
// (在市司法局的指导下). The office comes from the first place that has one; the division from there too, else from the
// same office with a division anywhere (三门县司法局), else from the division of that level which the text is about.
// Same-named divisions are told apart by their parents' names around them. National bodies: agency_national.cc.
#include "services/ingest/agency.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "common/base/names.h"
#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/ingest/squeeze.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kHead = 200;               // characters of a text in which its speaker is named
constexpr size_t kSuperiorWindow = 10 * 3;  // bytes behind a name in which it is called a superior
constexpr size_t kOneCharacter = 3;         // bytes
constexpr size_t kLongestByline = 40 * 3;   // bytes
constexpr size_t kBylineLines = 3;          // below the title
constexpr size_t kLongestOfficer = 12;      // characters of an officer's title and name

using Label = ingest::PageLexicon::Label;

}  // namespace

AgencyFinder::Named AgencyFinder::InPage(const PageText& said, Mention mention) {
  const Proof proof = said.ProofOf(mention.begin, mention.end);
  const Proof region = mention.region.empty() ? Proof() : said.ProofOf(mention.begin, mention.region_end);
  return {std::move(mention), proof, region};
}

// The first name in a short piece, which stands at base.begin of its place.
std::optional<AgencyFinder::Named> AgencyFinder::InPiece(std::string_view written, Proof base,
                                                         bool needs_office) const {
  const SqueezedText squeezed(written);
  const auto proof = [&](size_t begin, size_t end) {
    const auto [from, to] = squeezed.ToOriginal(begin, end);
    return Proof{base.place, base.begin + from, base.begin + to, base.field};
  };
  for (Mention& mention : mentions_.Find(squeezed.text(), true)) {
    if (needs_office && mention.office.empty()) continue;
    const Proof region = mention.region.empty() ? Proof() : proof(mention.begin, mention.region_end);
    const Proof whole = proof(mention.begin, mention.end);
    return Named{std::move(mention), whole, region};
  }
  return std::nullopt;
}

bool AgencyFinder::IsMedium(std::string_view source) const { return ContainsAny(source, page_.medium()); }

// Whether the words behind a mention say that it leads or praises: 在市司法局的指导下.
bool AgencyFinder::IsSuperior(std::string_view text, const Mention& mention) const {
  const std::string_view behind = text.substr(mention.end, kSuperiorWindow);
  if (LongestAt(behind, 0, report_.own_act()) > 0) return false;
  return FindFirst(behind.substr(0, behind.find_first_of(",.;\n")), report_.superior()).found();
}

// The agency that the page names most from `begin` of said.all() on, superiors left out.
std::optional<AgencyFinder::Named> AgencyFinder::MostFrequent(const PageText& said, size_t begin) const {
  std::map<std::string, std::pair<int, Mention>> counts;
  const std::pair<int, Mention>* best = nullptr;
  const std::string_view text = std::string_view(said.all()).substr(begin);
  for (const Mention& mention : mentions_.Find(text, true)) {
    const bool known = LongestAt(mention.office, 0, report_.department()) > 0 &&
                       LongestEnding(mention.office, report_.town_office()) == 0;
    if (!known) continue;
    if (IsSuperior(text, mention)) continue;
    auto& entry = counts[mention.region + mention.level + "|" + mention.office];
    if (entry.first++ == 0) entry.second = mention;
    if (best == nullptr || entry.first > best->first) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  Mention mention = best->second;
  for (size_t* offset : {&mention.begin, &mention.end, &mention.region_begin, &mention.region_end}) *offset += begin;
  return InPage(said, std::move(mention));
}

// The government that a report without any name in its title (政府工作报告) is by: the first that its head names, be it
// by its level alone.
std::optional<AgencyFinder::Named> AgencyFinder::OwnGovernment(std::string_view title, const PageText& said) const {
  if (!ContainsAny(title, report_.own_report())) return std::nullopt;
  const size_t begin = said.all().size() - said.text().size();
  const std::string_view head =
      std::string_view(said.all()).substr(0, begin + FirstCodePoints(said.text(), kHead).size());
  std::vector<Mention> mentions = mentions_.Find(head, true);
  for (Mention& mention : mentions) {
    if (mention.begin < begin || mention.office != report_.government()) continue;
    if (!mention.region.empty()) return InPage(said, std::move(mention));
    // 我代表县人民政府: the county's, whose congress the head names.
    for (const Mention& other : mentions) {
      if (other.region.empty() || !other.region.ends_with(mention.level)) continue;
      const Proof office = said.ProofOf(mention.begin, mention.end);
      Named named = InPage(said, other);
      named.mention.office = mention.office;
      named.proof = office;
      return named;
    }
    return InPage(said, std::move(mention));
  }
  return std::nullopt;
}

// The agency that a line between title and body is, alone or with its officer: 某某镇人民政府镇长 某某.
std::optional<AgencyFinder::Named> AgencyFinder::Byline(std::string_view text) const {
  const size_t title = text.find('\n');
  for (size_t begin = title, i = 0; begin < text.size() && i < kBylineLines; ++i) {
    const std::string_view line = text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
    if (line.size() > kLongestByline) break;
    const std::string squeezed = WithoutSpace(Fold(line));
    for (const Mention& mention : mentions_.Find(squeezed, true)) {
      const std::string_view behind = std::string_view(squeezed).substr(mention.end);
      const bool officer = LongestAt(behind, 0, report_.officer()) > 0 && CountCodePoints(behind) <= kLongestOfficer;
      if (mention.begin > 0 || mention.office.empty() || (!behind.empty() && !officer)) break;
      return InPiece(line, {Proof::kText, begin + 1, 0}, true);
    }
    begin += line.size() + 1;
  }
  return std::nullopt;
}

std::optional<AgencyFinder::Named> AgencyFinder::Choose(const CleanPage& page, const PageText& said,
                                                        const Signature& signature) const {
  const std::string title = WithoutSpace(Fold(page.title));
  const Proof in_title{Proof::kTitle, 0, 0};
  if (std::optional<Named> named = InPiece(page.title, in_title, true); named.has_value()) return named;
  std::optional<Named> region_only = InPiece(page.title, in_title, false);
  if (region_only.has_value() && ContainsAny(title, report_.government_title())) {
    region_only->mention.office = report_.government();
    return region_only;
  }
  if (std::optional<Named> government = OwnGovernment(title, said); government.has_value()) return government;
  if (std::optional<Named> byline = Byline(page.text); byline.has_value()) return byline;
  for (const auto use : {Label::PUBLISHER, Label::SOURCE}) {
    for (size_t i = 0; i < page.fields.size(); ++i) {
      const PageField& field = page.fields[i];
      if (field.use != use || IsMedium(field.value)) continue;
      std::optional<Named> named = InPiece(field.value, {Proof::kField, 0, 0, static_cast<int>(i)}, true);
      if (named.has_value()) return named;
    }
  }
  const std::string_view signed_by = std::string_view(page.text).substr(
      signature.agency_at.begin, signature.agency_at.end - signature.agency_at.begin);
  if (std::optional<Named> named = InPiece(signed_by, {Proof::kText, signature.agency_at.begin, 0}, true);
      named.has_value()) {
    return named;
  }
  const size_t text_begin = said.all().size() - said.text().size();
  if (std::optional<Named> frequent = MostFrequent(said, text_begin); frequent.has_value()) return frequent;
  if (std::optional<Named> frequent = MostFrequent(said, 0); frequent.has_value()) return frequent;
  return region_only;
}

// The divisions that a name may mean. A short name is that of the highest one: 南昌 is the city before the county.
std::vector<int> AgencyFinder::LikeliestOf(const RegionHit& hit, const RegionEvidence& evidence) const {
  if (hit.full) return regions_.Likeliest(hit.candidates, evidence);
  const auto level = [this](int entry) { return regions_.entries()[entry].level; };
  std::vector<int> highest;
  for (const int entry : hit.candidates) {
    if (!highest.empty() && level(entry) < level(highest.front())) highest.clear();
    if (highest.empty() || level(entry) == level(highest.front())) highest.push_back(entry);
  }
  return regions_.Likeliest(highest, evidence);
}

// Takes places that are learned from (学习某某市某某区经验) out of the evidence: they are other divisions' of the name.
void AgencyFinder::Discount(const PageText& said, RegionEvidence* evidence) const {
  const std::string_view all = said.all();
  for (const Mention& mention : mentions_.Find(all, false)) {
    if (LongestEnding(all.substr(0, mention.begin), report_.learned()) == 0) continue;
    for (const RegionHit& hit : mention.chain) {
      for (const int entry : hit.candidates) {
        evidence->full[entry] = std::max(evidence->full[entry] - 1, 0);
        evidence->chains[entry] = std::max(evidence->chains[entry] - 1, 0);
      }
    }
  }
}

// Where the mention itself says that its agency is.
AgencyFinder::Place AgencyFinder::PlaceOf(const Named& named, const RegionEvidence& evidence) const {
  const Mention& mention = named.mention;
  Place place{-1, mention.region, mention.region, named.region_proof, {}};
  std::vector<int> likeliest;
  if (!mention.chain.empty()) likeliest = LikeliestOf(mention.chain.back(), evidence);
  const int known = likeliest.size() == 1 ? likeliest.front() : -1;
  if (!mention.unknown) {
    place.entry = known;
    if (known < 0) {
      place.candidates = std::move(likeliest);
      return place;
    }
    const bool zone = LongestAt(mention.office, 0, report_.zone()) > 0;
    if (!mention.chain.back().full && !zone) place.name = regions_.entries()[known].name;
    place.full_name = regions_.FullNameAs(known, mention.region);
    return place;
  }
  if (known >= 0) place.full_name = regions_.entries()[known].full_name + mention.region;
  return place;
}

// A division that the text is about, of a level (县) or of any.
AgencyFinder::Place AgencyFinder::PlaceOfEntry(int entry, std::string_view level, const PageText& said) const {
  if (entry < 0) return {};
  const RegionIndex::Entry& its = regions_.entries()[entry];
  std::string name = its.name;
  for (const std::string& former : its.former_names) {
    if (!name.ends_with(level) && former.ends_with(level)) name = former;
  }
  Place place{entry, name, regions_.FullNameAs(entry, name), {}, {}};
  if (const size_t at = said.all().find(name); at != std::string::npos) {
    place.proof = said.ProofOf(at, at + name.size());
  }
  return place;
}

// Where the mention's agency is, as far as the whole page tells.
AgencyFinder::Place AgencyFinder::FindPlace(const Named& named, const PageText& said,
                                            const RegionEvidence& evidence) const {
  const Mention& mention = named.mention;
  if (!mention.region.empty()) {
    Place place = PlaceOf(named, evidence);
    if (place.entry >= 0 || !mention.unknown || !mention.chain.empty()) return place;
    for (const Mention& other : mentions_.Find(said.all(), false)) {
      if (other.region == mention.region && !other.chain.empty()) return PlaceOf(InPage(said, other), evidence);
    }
    return place;
  }
  const std::vector<Mention> others = mentions_.Find(said.all(), false);
  for (const Mention& other : others) {
    const bool same =
        other.office == mention.office && (mention.level.empty() || other.region.ends_with(mention.level));
    if (same && !IsSuperior(said.all(), other)) return PlaceOf(InPage(said, other), evidence);
  }
  if (const Place place = MostMentioned(mention, said, evidence); place.entry >= 0) return place;
  // The government whose site it is.
  for (const Mention& other : others) {
    if (other.office != report_.government() || IsSuperior(said.all(), other)) continue;
    if (!mention.level.empty() && other.region.ends_with(mention.level)) return PlaceOf(InPage(said, other), evidence);
  }
  if (const Place place = OfSlogans(mention, said, evidence); place.entry >= 0) return place;
  return {-1, mention.level, "", {}, {}};
}

// The division of the mention's level whose short name the text's slogans hold most: 法治武侯, 平安武侯.
AgencyFinder::Place AgencyFinder::OfSlogans(const Mention& mention, const PageText& said,
                                            const RegionEvidence& evidence) const {
  struct Seen {
    int times = 0;
    size_t begin = 0, end = 0;  // of the first
  };
  std::map<int, Seen> seen;  // by entry
  if (mention.level.empty()) return {};
  for (WordHit hit = slogans_.FindFirst(said.all()); hit.found(); hit = slogans_.FindFirst(said.all(), hit.end())) {
    const RegionHit region = regions_.LongestAt(said.all(), hit.end());
    std::vector<int> candidates;
    std::copy_if(region.candidates.begin(), region.candidates.end(), std::back_inserter(candidates),
                 [&](int entry) { return regions_.entries()[entry].name.ends_with(mention.level); });
    const int entry = regions_.Resolve(candidates, evidence);
    if (entry < 0) continue;
    Seen& its = seen[entry];
    if (its.times++ == 0) its = {1, hit.end(), hit.end() + region.size};
  }
  const auto best = std::max_element(seen.begin(), seen.end(),
                                     [](const auto& a, const auto& b) { return a.second.times < b.second.times; });
  if (best == seen.end()) return {};
  Place place = PlaceOfEntry(best->first, mention.level, said);
  place.proof = said.ProofOf(best->second.begin, best->second.end);
  return place;
}

// The division that the page is about, of the mention's level or of any.
AgencyFinder::Place AgencyFinder::MostMentioned(const Mention& mention, const PageText& said,
                                                const RegionEvidence& evidence) const {
  if (mention.level.empty()) {
    for (const auto level : {v1::Agency::COUNTY, v1::Agency::CITY, v1::Agency::PROVINCE}) {
      if (const int region = regions_.MostMentioned(evidence, level, ""); region >= 0) {
        return PlaceOfEntry(region, "", said);
      }
    }
    return {};
  }
  const RegionIndex::Ending* ending = regions_.EndingAt(mention.level, 0);
  int region = regions_.MostMentioned(evidence, ending->level, mention.level);
  if (ending->or_county) {
    // A prefecture's city, or a county's if the text speaks of that more.
    const int county = regions_.MostMentioned(evidence, v1::Agency::COUNTY, mention.level);
    if (county >= 0 && (region < 0 || evidence.full[county] > evidence.full[region])) region = county;
  }
  return PlaceOfEntry(region, mention.level, said);
}

void AgencyFinder::Describe(const Named& named, const Place& place, AgencyFound* found) const {
  const size_t suffix = std::max(place.name.size(), kOneCharacter) - kOneCharacter;
  const RegionIndex::Ending* ending = regions_.EndingAt(place.name, suffix);
  found->region.set_name(place.full_name);
  found->region_proof = place.proof;
  if (ending != nullptr) found->agency.set_level(ending->level);
  if (place.entry >= 0) {
    found->region.set_code(regions_.entries()[place.entry].code);
    found->agency.set_level(regions_.entries()[place.entry].level);
  }
  for (const int entry : place.candidates) found->region.add_candidate_codes(regions_.entries()[entry].code);
  std::sort(found->region.mutable_candidate_codes()->begin(), found->region.mutable_candidate_codes()->end());
  const std::string& office = named.mention.office;
  const std::string& prefix = named.mention.prefix;
  found->agency.set_display_name(prefix + place.name + office);
  found->agency.set_canonical_name(prefix + (place.full_name.empty() ? place.name : place.full_name) + office);
  found->agency_proof = named.proof;
  if (LongestEnding(office, report_.town_office()) > 0) found->agency.set_level(v1::Agency::TOWN);
}

AgencyFound AgencyFinder::Find(const CleanPage& page, const PageText& said, const Signature& signature) const {
  AgencyFound found;
  if (const std::optional<Named> national = FindNational(page); national.has_value()) {
    found.agency.set_level(v1::Agency::NATIONAL);
    const bool branch = !national->mention.chain.empty();
    Describe(*national, branch ? PlaceOf(*national, regions_.Gather(said.all())) : Place(), &found);
    found.agency.set_display_name(national->mention.office);
    found.agency.set_canonical_name(national->mention.office);
  } else if (const std::optional<Named> named = Choose(page, said, signature); named.has_value()) {
    RegionEvidence evidence = regions_.Gather(said.all());
    const std::vector<RegionHit>& chain = named->mention.chain;
    if (!chain.empty() && chain.back().candidates.size() > 1) Discount(said, &evidence);
    Describe(*named, FindPlace(*named, said, evidence), &found);
  }
  if (!found.agency.canonical_name().empty()) {
    found.agency.set_name(AgencyName(Sha256Hex(found.agency.canonical_name(), 16)));
  }
  return found;
}

}  // namespace duban
