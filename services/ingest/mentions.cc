// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/mentions.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/ingest/dates.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kLongestOffice = 20 * 3;  // bytes
constexpr size_t kShortRegion = 2 * 3;     // bytes; names so short are parts of longer ones
constexpr size_t kOneCharacter = 3;        // bytes
constexpr size_t kLongestSession = 8 * 3;  // bytes of 第十七届
constexpr std::string_view kNumber = "第";
constexpr std::string_view kAnd = "和";
constexpr int kLongestUnknown = 4;  // characters before the level of a division that is not in the tables

bool HanAt(std::string_view text, size_t offset) { return IsHan(DecodeAt(text, offset).value); }

}  // namespace

MentionFinder::MentionFinder(const ingest::ReportLexicon& report, const RegionIndex& regions)
    : report_(report),
      regions_(regions),
      leads_({&report.lead(), &report.speaker(), &report.national()}),
      departments_(report.department()),
      offices_(report.office()),
      no_offices_(report.no_office()),
      bodies_(report.body()),
      stops_({&report.stop(), &report.speaker()}) {}

size_t MentionFinder::LevelSize(std::string_view text, size_t offset) const {
  const RegionIndex::Ending* ending = regions_.EndingAt(text, offset);
  return ending == nullptr ? 0 : ending->word.size();
}

// End of the part of an office that begins right behind its name: 交警支队, 歙县分局; `begin` if none does.
size_t MentionFinder::BranchEnd(std::string_view text, size_t begin) const {
  for (const size_t region : {size_t{0}, regions_.LongestAt(text, begin).size}) {
    if (const size_t size = LongestAt(text, begin + region, report_.branch()); size > 0) return begin + region + size;
  }
  return begin;
}

// Size of the whole name of an office that stands at `offset`: 总工会; 0 for 政协委员.
size_t MentionFinder::BodySize(std::string_view text, size_t offset) const {
  const size_t size = bodies_.LongestAt(text, offset);
  return size > no_offices_.LongestAt(text, offset) ? size : 0;
}

// Size of the departments that follow one another at `begin`, with 和 between them or nothing: 文化旅游体育; 0 if there
// is none.
size_t MentionFinder::DepartmentSize(std::string_view text, size_t begin) const {
  size_t size = departments_.LongestAt(text, begin);
  for (size_t next = size; next > 0;) {
    const size_t joint = text.compare(begin + size, kAnd.size(), kAnd) == 0 ? kAnd.size() : 0;
    next = departments_.LongestAt(text, begin + size + joint);
    if (next > 0) size += joint + next;
  }
  return size;
}

// End of the office's name that begins at `begin`; `begin` if none does.
size_t MentionFinder::OfficeEnd(std::string_view text, size_t begin, bool needs_department) const {
  if (needs_department) {
    const size_t department = DepartmentSize(text, begin);
    const size_t office = department == 0 ? 0 : offices_.LongestAt(text, begin + department);
    const bool none = office == 0 || no_offices_.LongestAt(text, begin + department) >= office;
    return none ? begin : BranchEnd(text, begin + department + office);
  }
  size_t end = begin;
  if (const size_t body = BodySize(text, begin); body > 0) {
    end = begin + body;
    while (const size_t tail = LongestAt(text, end, report_.office_tail())) end += tail;
    return BranchEnd(text, end);
  }
  for (size_t at = begin; at < text.size() && at - begin <= kLongestOffice && HanAt(text, at);) {
    if (stops_.LongestAt(text, at) > 0) break;
    const size_t size = offices_.LongestAt(text, at);
    if (const size_t skip = no_offices_.LongestAt(text, at); skip > 0 && skip >= size) {
      at += skip;
      continue;
    }
    // 委 right behind a division is its committee, whose office may follow; other single characters need a word in
    // front.
    const bool committee = at == begin && size == kOneCharacter;
    if (size == 0 || (committee && text.compare(at, report_.committee().size(), report_.committee()) != 0)) {
      at += DecodeAt(text, at).size;
      continue;
    }
    end = at + size;
    while (const size_t tail = LongestAt(text, end, report_.office_tail())) end += tail;
    end = BranchEnd(text, end);
    if (!committee) break;
    at = end;
  }
  return end;
}

// Whether a division's congress stands at `offset`: 人民代表大会, 第二届人民代表大会.
bool MentionFinder::IsCongress(std::string_view text, size_t offset) const {
  if (text.compare(offset, kNumber.size(), kNumber) == 0) {
    const size_t session = text.substr(offset, kLongestSession).find("届");
    if (session == std::string_view::npos) return false;
    offset += session + kOneCharacter;
  }
  return LongestAt(text, offset, report_.congress()) > 0;
}

// Size of a division's name at `begin` that is not in the tables (a former county, a new district, an invented one):
// two to four characters and a level, with a known department, a government, a congress, a zone or a town behind; the
// same of a town. 0 if there is none.
size_t MentionFinder::UnknownRegion(std::string_view text, size_t begin, bool town) const {
  size_t at = begin;
  for (int characters = 0; characters <= kLongestUnknown; ++characters) {
    const CodePoint c = DecodeAt(text, at);
    if (!IsHan(c.value) || stops_.LongestAt(text, at) > 0) return 0;
    if (const RegionHit hit = regions_.LongestAt(text, at); at > begin && hit.full && hit.size > kShortRegion) return 0;
    const size_t level = town ? LongestAt(text, at, report_.town()) : LevelSize(text, at);
    if (characters >= 2 && level > 0) {
      const size_t office = at + level;
      if (!town && IsCongress(text, office)) return office - begin;
      const bool county = !town && (BodySize(text, office) > 0 || LongestAt(text, office, report_.zone()) > 0 ||
                                    UnknownRegion(text, office, true) > 0);
      const bool known = county || departments_.LongestAt(text, office) > 0 ||
                         text.compare(office, report_.government().size(), report_.government()) == 0;
      if (known && OfficeEnd(text, office, false) > office) return office - begin;
    }
    at += c.size;
  }
  return 0;
}

std::optional<Mention> MentionFinder::MentionAt(std::string_view text, size_t offset, bool boundary, bool bare) const {
  Mention mention;
  mention.begin = offset;
  size_t at = offset;
  for (RegionHit hit = regions_.LongestAt(text, at); hit.size > 0; hit = regions_.LongestAt(text, at)) {
    if (!boundary && at == offset && hit.size <= kShortRegion) break;
    const bool zone = !hit.full && LongestAt(text, at + hit.size, report_.zone()) > 0;
    if (!hit.full && OfficeEnd(text, at + hit.size, !zone) == at + hit.size) break;
    mention.chain.push_back(hit);
    mention.region_begin = at;
    at += hit.size;
  }
  if (boundary || !mention.chain.empty()) {
    if (const size_t size = UnknownRegion(text, at, false); size > 0) {
      mention.region_begin = at;
      mention.unknown = true;
      at += size;
    }
  }
  mention.region_end = at;
  if (mention.unknown || !mention.chain.empty()) {
    mention.region = std::string(text.substr(mention.region_begin, at - mention.region_begin));
  } else {
    mention.region_begin = at;
    if (!bare) return std::nullopt;
    mention.level = std::string(text.substr(at, LevelSize(text, at)));
    at += mention.level.size();
  }
  // An office of a town, whose county stands elsewhere.
  const size_t town = mention.region.empty() && boundary ? UnknownRegion(text, offset, true) : 0;
  if (town > 0) {
    mention.level = "";
    at = offset;
  }
  // 县人民政府 and 县总工会 need no department's name.
  const bool whole = !mention.level.empty() && (BodySize(text, at) > 0 || text.compare(at, report_.government().size(),
                                                                                       report_.government()) == 0);
  mention.end = OfficeEnd(text, at + town, mention.region.empty() && town == 0 && !whole);
  mention.office = std::string(text.substr(at, mention.end - at));
  if (mention.office.empty() && mention.region.empty()) return std::nullopt;
  return mention;
}

// 共青团三门县委员会 at `offset`.
std::optional<Mention> MentionFinder::PrefixedAt(std::string_view text, size_t offset) const {
  const size_t prefix = LongestAt(text, offset, report_.body_prefix());
  if (prefix == 0) return std::nullopt;
  std::optional<Mention> mention = MentionAt(text, offset + prefix, true, false);
  if (!mention.has_value() || !mention->office.starts_with(report_.committee())) return std::nullopt;
  mention->begin = offset;
  mention->prefix = text.substr(offset, prefix);
  return mention;
}

std::vector<Mention> MentionFinder::Find(std::string_view text, bool bare) const {
  std::vector<Mention> mentions;
  bool boundary = true;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeAt(text, at);
    std::optional<Mention> mention;
    const size_t lead = leads_.LongestAt(text, at);
    const bool of_year = lead > 0 && IsDigit(DecodeBefore(text, at).value);  // 2023年
    if (IsHan(c.value) && !of_year) mention = MentionAt(text, at, boundary, bare);
    if (!mention.has_value() && boundary) mention = PrefixedAt(text, at);
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

}  // namespace duban
