// SPDX-License-Identifier: Apache-2.0
// How the agency is found
//
// An agency's name is one division or a chain of them with an office behind it (深圳市|坪山区|司法局), or an office of
// a known department with a level or nothing in front (县司法局). Places are asked in the order of their word: title,
// publisher and source of the page, signature, the body's most frequent name that is not named as a superior
// (在市司法局的指导下). The office comes from the first place that has one; the division from there too, else from the
// same office with a division anywhere (三门县司法局), else from the division of that level which the text is about.
// Same-named divisions are told apart by their parents' names around them.
#include "services/ingest/agency.h"

#include <algorithm>
#include <map>

#include "common/base/names.h"
#include "common/text/fold.h"
#include "services/ingest/dates.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kLongestOffice = 20 * 3;   // bytes
constexpr size_t kShortRegion = 2 * 3;      // bytes; names so short are parts of longer ones
constexpr int kLongestUnknown = 4;          // characters before the level of a division that is not in the tables
constexpr size_t kHead = 200;               // characters of a text in which its speaker is named
constexpr size_t kSuperiorWindow = 10 * 3;  // bytes behind a name in which it is called a superior

std::string_view LevelWord(std::string_view text, size_t offset) {
  for (const std::string_view word : {"县", "区", "市", "省", "州", "旗"}) {
    if (text.compare(offset, word.size(), word) == 0) return word;
  }
  return "";
}

v1::Agency::Level LevelOf(std::string_view word) {
  if (word == "省") return v1::Agency::PROVINCE;
  if (word == "市" || word == "州") return v1::Agency::CITY;
  return word.empty() ? v1::Agency::LEVEL_UNSPECIFIED : v1::Agency::COUNTY;
}

bool HanAt(std::string_view text, size_t offset) { return IsHan(DecodeAt(text, offset).value); }

}  // namespace

// End of the office's name that begins at `begin`; `begin` if none does.
size_t AgencyFinder::OfficeEnd(std::string_view text, size_t begin, bool needs_department) const {
  if (needs_department) {
    const size_t department = LongestAt(text, begin, report_.department());
    const size_t office = department == 0 ? 0 : LongestAt(text, begin + department, report_.office());
    const bool none = office == 0 || LongestAt(text, begin + department, report_.no_office()) >= office;
    return none ? begin : begin + department + office;
  }
  size_t end = begin;
  for (size_t at = begin; at < text.size() && at - begin <= kLongestOffice && HanAt(text, at);) {
    if (LongestAt(text, at, report_.stop()) > 0) break;
    const size_t size = LongestAt(text, at, report_.office());
    if (const size_t skip = LongestAt(text, at, report_.no_office()); skip > 0 && skip >= size) {
      at += skip;
      continue;
    }
    // 委 right behind a division is its committee, whose office may follow; other single characters need a word in
    // front.
    const bool committee = at == begin && size == 3;
    if (size == 0 || (committee && text.compare(at, 3, "委") != 0)) {
      at += DecodeAt(text, at).size;
      continue;
    }
    end = at + size;
    while (const size_t tail = LongestAt(text, end, report_.office_tail())) end += tail;
    if (!committee) break;
    at = end;
  }
  return end;
}

// Size of a division's name at `begin` that is not in the tables (a former county, a new district, an invented one):
// two to four characters and a level, with a known department or a government behind; the same of a town. 0 if there
// is none.
size_t AgencyFinder::UnknownRegion(std::string_view text, size_t begin, bool town) const {
  size_t at = begin;
  for (int characters = 0; characters <= kLongestUnknown; ++characters) {
    const CodePoint c = DecodeAt(text, at);
    if (!IsHan(c.value) || LongestAt(text, at, report_.stop()) > 0) return 0;
    if (const RegionHit hit = regions_.LongestAt(text, at); at > begin && hit.full && hit.size > kShortRegion) return 0;
    const size_t level = town ? LongestAt(text, at, report_.town()) : LevelWord(text, at).size();
    if (characters >= 2 && level > 0) {
      const size_t office = at + level;
      const bool known = LongestAt(text, office, report_.department()) > 0 ||
                         text.compare(office, report_.government().size(), report_.government()) == 0;
      if (known && OfficeEnd(text, office, false) > office) return office - begin;
    }
    at += c.size;
  }
  return 0;
}

std::optional<AgencyFinder::Mention> AgencyFinder::MentionAt(std::string_view text, size_t offset, bool boundary,
                                                             bool bare) const {
  Mention mention;
  mention.begin = offset;
  size_t at = offset;
  for (RegionHit hit = regions_.LongestAt(text, at); hit.size > 0; hit = regions_.LongestAt(text, at)) {
    if (!boundary && at == offset && hit.size <= kShortRegion) break;
    if (!hit.full && OfficeEnd(text, at + hit.size, true) == at + hit.size) break;
    mention.chain.push_back(hit);
    mention.region = std::string(text.substr(at, hit.size));
    at += hit.size;
  }
  if (boundary || !mention.chain.empty()) {
    if (const size_t size = UnknownRegion(text, at, false); size > 0) {
      mention.region = std::string(text.substr(at, size));
      mention.unknown = true;
      at += size;
    }
  }
  if (mention.region.empty()) {
    if (!bare) return std::nullopt;
    mention.level = LevelWord(text, at);
    at += mention.level.size();
  }
  // An office of a town, whose county stands elsewhere.
  const size_t town = mention.region.empty() && boundary ? UnknownRegion(text, offset, true) : 0;
  if (town > 0) {
    mention.level = "";
    at = offset;
  }
  mention.end = OfficeEnd(text, at + town, mention.region.empty() && town == 0);
  mention.office = std::string(text.substr(at, mention.end - at));
  if (mention.office.empty() && mention.region.empty()) return std::nullopt;
  return mention;
}

std::vector<AgencyFinder::Mention> AgencyFinder::FindMentions(std::string_view text, bool bare) const {
  std::vector<Mention> mentions;
  bool boundary = true;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeAt(text, at);
    std::optional<Mention> mention;
    const size_t lead = LongestAt(text, at, report_.lead());
    const bool of_year = lead > 0 && IsDigit(DecodeBefore(text, at).value);  // 2023年
    if (IsHan(c.value) && !of_year) mention = MentionAt(text, at, boundary, bare);
    if (mention.has_value()) {
      at = std::max(mention->end, at + c.size);
      mentions.push_back(*std::move(mention));
      boundary = false;
      continue;
    }
    // A name begins a text, or stands behind punctuation, a number or one of the words that introduce it.
    at += lead > 0 ? lead : c.size;
    boundary = lead > 0 || !IsHan(c.value);
  }
  return mentions;
}

bool AgencyFinder::IsMedium(std::string_view source) const { return ContainsAny(source, page_.medium()); }

// Whether the words behind a mention say that it leads or praises: 在市司法局的指导下.
bool AgencyFinder::IsSuperior(std::string_view text, const Mention& mention) const {
  const std::string_view behind = text.substr(mention.end, kSuperiorWindow);
  return FindFirst(behind.substr(0, behind.find_first_of(",.;\n")), report_.superior()).found();
}

// The agency that a text names most, superiors left out.
std::optional<AgencyFinder::Mention> AgencyFinder::MostFrequent(const std::string& text) const {
  std::map<std::string, std::pair<int, Mention>> counts;
  const std::pair<int, Mention>* best = nullptr;
  for (const Mention& mention : FindMentions(text, true)) {
    const bool known = LongestAt(mention.office, 0, report_.department()) > 0 &&
                       LongestEnding(mention.office, report_.town_office()) == 0;
    if (!known) continue;
    if (IsSuperior(text, mention)) continue;
    auto& entry = counts[mention.region + mention.level + "|" + mention.office];
    if (entry.first++ == 0) entry.second = mention;
    if (best == nullptr || entry.first > best->first) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return best->second;
}

// The government that a report without any name in its title (政府工作报告) is by: the first that its head names.
std::optional<AgencyFinder::Mention> AgencyFinder::OwnGovernment(std::string_view title, std::string_view text) const {
  if (!ContainsAny(title, report_.own_report())) return std::nullopt;
  for (const Mention& mention : FindMentions(Fold(FirstCodePoints(text, kHead)), false)) {
    if (!mention.region.empty() && mention.office == report_.government()) return mention;
  }
  return std::nullopt;
}

std::optional<AgencyFinder::Mention> AgencyFinder::Choose(const CleanPage& page, const std::string& signature,
                                                          const std::string& text) const {
  const std::string title = WithoutSpace(Fold(page.title));
  std::optional<Mention> region_only;
  for (const Mention& mention : FindMentions(title, true)) {
    if (!mention.office.empty()) return mention;
    if (!region_only.has_value()) region_only = mention;
  }
  if (region_only.has_value() && ContainsAny(title, report_.government_title())) {
    region_only->office = report_.government();
    return region_only;
  }
  if (std::optional<Mention> government = OwnGovernment(title, page.text); government.has_value()) return government;
  for (const auto use : {ingest::PageLexicon::Label::PUBLISHER, ingest::PageLexicon::Label::SOURCE}) {
    for (const PageField& field : page.fields) {
      if (field.use != use || IsMedium(field.value)) continue;
      for (const Mention& mention : FindMentions(WithoutSpace(Fold(field.value)), true)) {
        if (!mention.office.empty()) return mention;
      }
    }
  }
  for (const Mention& mention : FindMentions(signature, true)) {
    if (!mention.office.empty()) return mention;
  }
  if (std::optional<Mention> frequent = MostFrequent(Fold(page.text)); frequent.has_value()) return frequent;
  if (std::optional<Mention> frequent = MostFrequent(text); frequent.has_value()) return frequent;
  return region_only;
}

// Where the mention itself says that its agency is.
AgencyFinder::Place AgencyFinder::PlaceOf(const Mention& mention, const RegionEvidence& evidence) const {
  Place place{-1, mention.region, mention.region};
  int known = mention.chain.empty() ? -1 : regions_.Resolve(mention.chain.back().candidates, evidence);
  if (!mention.unknown) {
    place.entry = known;
    if (known < 0) return place;
    if (!mention.chain.back().full) place.name = regions_.entries()[known].name;
    place.full_name = regions_.entries()[known].full_name;
    return place;
  }
  // A county that has become a district or city is found by its short name.
  if (const RegionHit hit = regions_.LongestAt(mention.region, 0);
      hit.size > 0 && hit.size + 3 == mention.region.size()) {
    place.entry = regions_.Resolve(hit.candidates, evidence);
    if (place.entry >= 0) known = regions_.entries()[place.entry].parent;
  }
  if (known >= 0) place.full_name = regions_.entries()[known].full_name + mention.region;
  return place;
}

// Where the mention's agency is, as far as the whole text tells.
AgencyFinder::Place AgencyFinder::FindPlace(const Mention& mention, const std::string& text,
                                            const RegionEvidence& evidence) const {
  if (!mention.region.empty()) {
    Place place = PlaceOf(mention, evidence);
    if (place.entry >= 0 || !mention.unknown || !mention.chain.empty()) return place;
    for (const Mention& other : FindMentions(text, false)) {
      if (other.region == mention.region && !other.chain.empty()) return PlaceOf(other, evidence);
    }
    return place;
  }
  for (const Mention& other : FindMentions(text, false)) {
    const bool same =
        other.office == mention.office && (mention.level.empty() || other.region.ends_with(mention.level));
    if (same && !IsSuperior(text, other)) return PlaceOf(other, evidence);
  }
  const auto entry = [&](int i) {
    return i < 0 ? Place{-1, mention.level, ""} : Place{i, regions_.entries()[i].name, regions_.entries()[i].full_name};
  };
  if (mention.level.empty()) {
    for (const auto level : {v1::Agency::COUNTY, v1::Agency::CITY, v1::Agency::PROVINCE}) {
      if (const int region = regions_.MostMentioned(evidence, level, ""); region >= 0) return entry(region);
    }
    return entry(-1);
  }
  int region = regions_.MostMentioned(evidence, LevelOf(mention.level), mention.level);
  if (mention.level == "市") {
    // A prefecture's city, or a county's if the text speaks of that more.
    const int county = regions_.MostMentioned(evidence, v1::Agency::COUNTY, mention.level);
    if (county >= 0 && (region < 0 || evidence.full[county] > evidence.full[region])) region = county;
  }
  return entry(region);
}

AgencyFound AgencyFinder::Find(const CleanPage& page, const std::string& signature) const {
  AgencyFound found;
  std::string text = Fold(page.title) + "\n";
  for (const PageField& field : page.fields) text += Fold(field.value) + "\n";
  text += Fold(page.around) + "\n";
  text += Fold(page.text);
  const std::optional<Mention> mention = Choose(page, signature, text);
  const std::string national = std::string(text, 0, text.find('\n'));
  if (const WordHit hit = FindFirst(national, report_.national()); hit.begin == 0) {
    found.agency.set_display_name(national.substr(0, hit.size));
    found.agency.set_canonical_name(found.agency.display_name());
    found.agency.set_level(v1::Agency::NATIONAL);
  } else if (mention.has_value()) {
    const RegionEvidence evidence = regions_.Gather(text);
    const Place place = FindPlace(*mention, text, evidence);
    const std::string_view suffix = std::string_view(place.name).substr(std::max<size_t>(place.name.size(), 3) - 3);
    found.region.set_name(place.full_name);
    found.agency.set_level(LevelOf(LevelWord(suffix, 0)));
    if (place.entry >= 0) {
      found.region.set_code(regions_.entries()[place.entry].code);
      found.agency.set_level(regions_.entries()[place.entry].level);
    }
    found.agency.set_display_name(place.name + mention->office);
    found.agency.set_canonical_name((place.full_name.empty() ? place.name : place.full_name) + mention->office);
    if (LongestEnding(mention->office, report_.town_office()) > 0) found.agency.set_level(v1::Agency::TOWN);
  }
  if (!found.agency.canonical_name().empty()) {
    found.agency.set_name(AgencyName(Sha256Hex(found.agency.canonical_name(), 16)));
  }
  return found;
}

}  // namespace duban
