// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/reader.h"

#include <utility>

#include "common/base/lexicon.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "embedded/page_words.textproto.h"
#include "embedded/regions.textproto.h"
#include "embedded/report_words.textproto.h"
#include "embedded/traditional.textproto.h"
#include "services/ingest/agency.h"
#include "services/ingest/charset.h"
#include "services/ingest/clean.h"
#include "services/ingest/convert.h"
#include "services/ingest/dates.h"
#include "services/ingest/evidence.h"
#include "services/ingest/file_title.h"
#include "services/ingest/language.h"
#include "services/ingest/page.h"
#include "services/ingest/page_text.h"
#include "services/ingest/period.h"
#include "services/ingest/region.h"
#include "services/ingest/signature.h"
#include "services/ingest/simplify.h"

namespace duban {
namespace {

using Label = ingest::PageLexicon::Label;

// A day of the page, and where it stands.
struct Day {
  std::string date;  // empty: none
  Proof proof;
};

// The first date among the fields of one use.
Day DateOf(const CleanPage& page, Label::Use use) {
  for (size_t i = 0; i < page.fields.size(); ++i) {
    if (page.fields[i].use != use) continue;
    const FoldedText value(page.fields[i].value);
    DateMention day = FindDateMention(value.text());
    if (day.date.empty()) continue;
    const Proof proof{Proof::kField, value.ToOriginal(day.begin), value.ToOriginal(day.end), static_cast<int>(i)};
    return {std::move(day.date), proof};
  }
  return {};
}

Proof ProofOf(const Stretch& stretch) { return {Proof::kText, stretch.begin, stretch.end}; }

constexpr size_t kSample = 30000;  // bytes of text that tell in what characters it is written

std::string SampleOf(const Page& page) {
  std::string sample;
  for (size_t i = 0; i < page.lines.size() && sample.size() < kSample; ++i) sample += page.lines[i].text;
  return sample;
}

class LexiconReader : public Reader {
 public:
  LexiconReader(ingest::PageLexicon page, ingest::ReportLexicon report, RegionIndex regions, Simplifier simplifier)
      : page_(std::move(page)),
        report_(std::move(report)),
        regions_(std::move(regions)),
        simplifier_(std::move(simplifier)),
        cleaner_(page_, report_),
        agencies_(page_, report_, regions_),
        periods_(report_) {}

  absl::StatusOr<v1::Document> Read(std::string_view bytes, std::string_view source_uri) const override {
    if (bytes.empty()) return InvalidField("content", "0 bytes, want a report");
    v1::Document document;
    document.set_name(DocumentName(Sha256Hex(bytes, 32)));
    document.set_byte_size(static_cast<int64_t>(bytes.size()));
    document.set_source_uri(std::string(source_uri));
    Page page;
    if (const std::string binary = BinaryMediaType(bytes); !binary.empty()) {
      document.set_media_type(binary);
      DUBAN_ASSIGN_OR_RETURN(page, Convert(bytes, binary));
      if (!page.media_type.empty()) document.set_media_type(page.media_type);
    } else {
      DUBAN_ASSIGN_OR_RETURN(page, ReadText(bytes, &document));
    }
    // Traditional characters are recognised by their simplified forms; the text stays as written.
    const bool traditional = simplifier_.IsTraditional(SampleOf(page));
    CleanPage clean = cleaner_.Clean(page, traditional ? &simplifier_ : nullptr);
    document.set_language(TellLanguage(
        std::string_view(clean.text).substr(0, ValidUtf8Prefix(std::string_view(clean.text).substr(0, kSample))),
        traditional));
    if (clean.text.empty()) return InvalidField("content", "no text besides page furniture, want a report");
    document.set_text(clean.text);
    Describe(clean, traditional ? Simplified(clean) : clean, &document);
    return document;
  }

 private:
  // A plain text's or web page's lines; fills media_type and charset.
  static absl::StatusOr<Page> ReadText(std::string_view bytes, v1::Document* document) {
    DUBAN_ASSIGN_OR_RETURN(const DecodedText decoded, DecodeText(bytes));
    document->set_charset(decoded.charset);
    const bool html = LooksLikeHtml(decoded.text);
    document->set_media_type(html ? "text/html" : "text/plain");
    if (html) return Convert(decoded.text, "text/html", kHtmlLimits);
    return ReadPlainText(decoded.text);
  }

  CleanPage Simplified(CleanPage clean) const {
    clean.title = simplifier_.Simplify(clean.title);
    clean.text = simplifier_.Simplify(clean.text);
    clean.around = simplifier_.Simplify(clean.around);
    for (PageField& field : clean.fields) field.value = simplifier_.Simplify(field.value);
    return clean;
  }

  // A title in words to be recognised, and where it stands.
  struct Title {
    std::string text;
    std::vector<TitlePart> parts;
  };

  // The page's title, else the names of the papers that its notice issues, else its file's name if that reads like one.
  Title FindTitle(const CleanPage& clean, const Notice& notice, std::string_view source_uri) const {
    constexpr auto kText = v1::FieldEvidence::TEXT;
    if (!clean.title.empty()) {
      const size_t at = clean.text.find(clean.title);
      if (at == std::string::npos) return {clean.title, {}};
      return {clean.title, {{0, clean.title.size(), kText, at}}};
    }
    Title title;
    for (size_t i = 0; i < notice.papers.size(); ++i) {
      if (i > 0) title.text += report_.composed_and();
      const size_t begin = title.text.size();
      title.text += notice.papers[i];
      title.parts.push_back({begin, title.text.size(), kText, notice.papers_at[i].begin});
    }
    if (!title.text.empty()) return title;
    const std::string name = TitleOfUri(source_uri, report_);
    if (!name.empty()) return {name, {{0, name.size(), v1::FieldEvidence::SOURCE_URI, 0}}};
    return title;
  }

  // A title cut from the text as written, where it stands there.
  static std::string AsWritten(const Title& title, const CleanPage& written) {
    std::string out = title.text;
    for (const TitlePart& part : title.parts) {
      if (part.from != v1::FieldEvidence::TEXT) continue;
      out.replace(part.begin, part.end - part.begin, written.text.substr(part.at, part.end - part.begin));
    }
    return out;
  }

  // A name as the page writes it, the first time that it does; in simplified characters where it does not.
  static std::string AsWritten(const std::string& name, const CleanPage& simplified, const CleanPage& written) {
    const auto cut = [&](const std::string& text, const std::string& own) {
      const size_t at = text.find(name);
      return at == std::string::npos ? "" : own.substr(at, name.size());
    };
    std::string found = cut(simplified.title, written.title);
    for (size_t i = 0; i < simplified.fields.size() && found.empty(); ++i) {
      found = cut(simplified.fields[i].value, written.fields[i].value);
    }
    if (found.empty()) found = cut(simplified.text, written.text);
    if (found.empty()) found = cut(simplified.around, written.around);
    return found.empty() ? name : found;
  }

  // Fills the metadata. `written` has the same bytes as `clean`, before traditional characters were simplified.
  void Describe(const CleanPage& written, CleanPage clean, v1::Document* document) const {
    const Signature signature = FindSignature(clean.text, report_);
    const Notice notice = FindNotice(clean.text, report_);
    const Title title = FindTitle(clean, notice, document->source_uri());
    if (notice.papers.empty()) clean.title = title.text;
    const PageText said(clean);
    AgencyFound found = agencies_.Find(clean, said, signature);
    found.agency.set_display_name(AsWritten(found.agency.display_name(), clean, written));
    *document->mutable_agency() = std::move(found.agency);
    *document->mutable_region() = std::move(found.region);
    Day published;
    for (const Label::Use use : {Label::PUBLISHED, Label::ISSUED, Label::UPDATED}) {
      if (published.date.empty()) published = DateOf(clean, use);
    }
    Day made = DateOf(clean, Label::MADE);
    if (const MadeOn on = FindMadeOn(clean.text); made.date.empty() && on.date != signature.date) {
      made = {on.date, ProofOf(on.at)};
    }
    // A notice is published by being issued.
    if (notice.issues && published.date.empty()) published = {signature.date, ProofOf(signature.date_at)};
    document->set_published_at(published.date);
    document->set_made_at(made.date);
    document->set_signed_at(signature.date);

    Periods periods = FindPeriods(title.text, said, {signature.date, made.date}, periods_);
    const std::string_view dated_by = FillYears(signature.date, &periods)   ? "signed_at"
                                      : FillYears(made.date, &periods)      ? "made_at"
                                      : FillYears(published.date, &periods) ? "published_at"
                                                                            : "";
    document->set_report_year(periods.report_year);
    document->set_plan_year(periods.plan_year);
    document->set_kind(notice.issues ? v1::Document::NOTICE : periods.kind);
    if (periods.report_year != 0) {
      document->mutable_period()->set_year(periods.report_year);
      document->mutable_period()->set_first_month(periods.first_month);
      document->mutable_period()->set_last_month(periods.last_month);
    }
    document->set_title(title.text.empty()      ? ComposeTitle(document->agency().display_name(), periods)
                        : written.title.empty() ? AsWritten(title, written)
                                                : written.title);
    for (const PageField& field : written.fields) {
      if (!field.kept()) continue;
      v1::Document::PageField* out = document->add_page_fields();
      out->set_label(field.label);
      out->set_value(field.value);
    }

    EvidenceWriter evidence(written, title.parts, document);
    const auto add = [&](bool set, std::string_view field, const Proof& proof, std::string_view derived_from) {
      if (set) evidence.Add(field, proof, derived_from);
    };
    if (!document->title().empty()) evidence.AddTitle("agency, report_year, plan_year");
    add(!document->agency().display_name().empty(), "agency", found.agency_proof, "region");
    add(!document->region().name().empty(), "region", found.region_proof, "agency");
    add(periods.report_year != 0, "report_year", periods.report_year_proof, dated_by.empty() ? "plan_year" : dated_by);
    add(periods.plan_year != 0, "plan_year", periods.plan_year_proof, dated_by.empty() ? "report_year" : dated_by);
    add(document->has_period(), "period", periods.months_proof, "report_year");
    add(document->kind() != v1::Document::KIND_UNSPECIFIED, "kind",
        notice.issues ? ProofOf(notice.at) : periods.kind_proof, "title");
    add(!published.date.empty(), "published_at", published.proof, "");
    add(!made.date.empty(), "made_at", made.proof, "");
    add(!signature.date.empty(), "signed_at", ProofOf(signature.date_at), "");
  }

  // 某某局2023年工作总结和2024年工作计划; empty if too little is known.
  std::string ComposeTitle(const std::string& agency, const Periods& period) const {
    std::string parts;
    if (period.report_year != 0 && period.kind != v1::Document::PLAN) {
      parts = std::to_string(period.report_year) + report_.composed_year() + report_.composed_report();
    }
    if (period.plan_year != 0 && period.kind != v1::Document::SUMMARY) {
      if (!parts.empty()) parts += report_.composed_and();
      parts += std::to_string(period.plan_year) + report_.composed_year() + report_.composed_plan();
    }
    return parts.empty() ? "" : agency + parts;
  }

  const ingest::PageLexicon page_;
  const ingest::ReportLexicon report_;
  const RegionIndex regions_;
  const Simplifier simplifier_;
  const PageCleaner cleaner_;
  const AgencyFinder agencies_;
  const PeriodWords periods_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Reader>> Reader::Create() {
  DUBAN_ASSIGN_OR_RETURN(auto page,
                         ParseLexicon<ingest::PageLexicon>("page_words.textproto", embedded::page_words_textproto));
  DUBAN_ASSIGN_OR_RETURN(
      auto report, ParseLexicon<ingest::ReportLexicon>("report_words.textproto", embedded::report_words_textproto));
  DUBAN_ASSIGN_OR_RETURN(auto divisions,
                         ParseLexicon<ingest::RegionLexicon>("regions.textproto", embedded::regions_textproto));
  DUBAN_ASSIGN_OR_RETURN(RegionIndex regions, RegionIndex::Create(divisions));
  DUBAN_ASSIGN_OR_RETURN(auto characters, ParseLexicon<ingest::TraditionalLexicon>("traditional.textproto",
                                                                                   embedded::traditional_textproto));
  DUBAN_ASSIGN_OR_RETURN(Simplifier simplifier, Simplifier::Create(characters));
  return std::make_unique<LexiconReader>(std::move(page), std::move(report), std::move(regions), std::move(simplifier));
}

}  // namespace duban
