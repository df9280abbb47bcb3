// SPDX-License-Identifier: Apache-2.0
// How the main text is found
//
// Bottom up, every element gets its weight: the characters of the text in it that is no link and has sentences (a comma
// or full stop of Chinese writing). From <body> down, as long as one container holds nearly all of the weight and all
// lines that begin with an enumerator, it is the main text in place of its parent: navigation, index tables and footers
// are siblings on the way and drop away, while a text whose headings and paragraphs lie in several containers is kept
// whole. Nothing depends on class names of a site.
//
// A table with a table inside or with a cell that is most of its text is layout.
#include "services/ingest/html_tree.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/ingest/join.h"
#include "services/ingest/table_limits.h"

namespace duban {
namespace {

constexpr size_t kPassage = 150;    // bytes of sentences that are no cell's, if they are most of the table
constexpr double kMainShare = 0.9;  // of its parent's weight

bool IsSkipped(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_DEL:  // what a revision took out, as in DOCX
      return true;
    default:
      return false;
  }
}

bool IsContainer(GumboTag tag) { return !IsInline(tag) && tag != GUMBO_TAG_P; }

bool IsHidden(const GumboElement& element) {
  const GumboAttribute* style = gumbo_get_attribute(&element.attributes, "style");
  if (style == nullptr) return gumbo_get_attribute(&element.attributes, "hidden") != nullptr;
  std::string value(style->value);
  value.erase(std::remove(value.begin(), value.end(), ' '), value.end());
  return value.find("display:none") != std::string::npos;
}

// Whether a text holds a comma, semicolon or full stop of Chinese writing: three bytes that begin with E3 80 or EF BC.
bool HasSentence(std::string_view text) {
  for (size_t at = 0; at + 2 < text.size(); ++at) {
    const bool lead = text[at] == '\xE3' || text[at] == '\xEF';
    if (!lead) continue;
    const std::string_view mark = text.substr(at, 3);
    if (mark == "。" || mark == "，" || mark == "；") return true;
  }
  return false;
}

}  // namespace

bool IsInline(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_A:
    case GUMBO_TAG_B:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_U:
    case GUMBO_TAG_S:
    case GUMBO_TAG_STRIKE:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_BDO:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_UNKNOWN:  // o:p, ucapcontent and the like
      return true;
    default:
      return false;
  }
}

const GumboElement* Readable(const GumboNode* node) {
  if (node->type != GUMBO_NODE_ELEMENT) return nullptr;
  const GumboElement& element = node->v.element;
  return IsSkipped(element.tag) || IsHidden(element) ? nullptr : &element;
}

Weight Weigh(const GumboNode* node, bool link, Weights* weights) {
  Weight weight;
  if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA) {
    const std::string_view text = TrimSpace(node->v.text.text);
    const bool sentences = HasSentence(text);
    weight = {link || !sentences ? 0 : text.size(), !link && BeginsItem(text) ? 1u : 0u, text.size(), false};
  } else if (const GumboElement* element = Readable(node); element != nullptr) {
    link = link || element->tag == GUMBO_TAG_A;
    weight.table = element->tag == GUMBO_TAG_TABLE;
    for (unsigned i = 0; i < element->children.length; ++i) {
      const Weight child = Weigh(Child(*element, i), link, weights);
      weight.sentences += child.sentences;
      weight.items += child.items;
      weight.text += child.text;
      weight.table = weight.table || child.table;
    }
    (*weights)[node] = weight;
  }
  return weight;
}

void CollectRows(const GumboElement& table, std::vector<const GumboElement*>* rows) {
  for (unsigned i = 0; i < table.children.length; ++i) {
    const GumboElement* child = Readable(Child(table, i));
    if (child == nullptr) continue;
    if (child->tag == GUMBO_TAG_TR) {
      rows->push_back(child);
    } else if (child->tag == GUMBO_TAG_THEAD || child->tag == GUMBO_TAG_TBODY || child->tag == GUMBO_TAG_TFOOT) {
      CollectRows(*child, rows);
    }
  }
}

bool IsCell(const GumboNode* node) {
  const GumboElement* element = Readable(node);
  return element != nullptr && (element->tag == GUMBO_TAG_TD || element->tag == GUMBO_TAG_TH);
}

bool IsDataTable(const std::vector<const GumboElement*>& rows, const Weights& weights) {
  size_t text = 0, longest = 0, sentences = 0, wide = 0;
  for (const GumboElement* row : rows) {
    size_t cells = 0;
    for (unsigned i = 0; i < row->children.length; ++i) {
      if (!IsCell(Child(*row, i))) continue;
      const Weight& cell = weights.at(Child(*row, i));
      if (cell.table) return false;
      ++cells;
      text += cell.text;
      longest = std::max(longest, cell.text);
      sentences = std::max(sentences, cell.sentences);
    }
    wide += cells >= 2;
  }
  if (wide == 0) return false;
  if (sentences >= kPassage && sentences * 2 > text) return false;
  return longest <= kLongestTableCell ||
         (wide >= kFewestLongRows && longest <= kLongestCellOfLong && longest * 2 < text);
}

bool IsDataRow(const GumboElement& row, const Weights& weights) {
  size_t cells = 0, text = 0, sentences = 0;
  for (unsigned i = 0; i < row.children.length; ++i) {
    if (!IsCell(Child(row, i))) continue;
    const Weight& cell = weights.at(Child(row, i));
    if (cell.text > kLongestTableCell || cell.table) return false;
    ++cells;
    text += cell.text;
    sentences = std::max(sentences, cell.sentences);
  }
  return cells >= 2 && (sentences < kPassage || sentences * 2 <= text);
}

namespace {

// Whether an element is written as rows, its cells being no containers.
bool IsData(const GumboElement& element, const Weights& weights) {
  if (element.tag == GUMBO_TAG_TR) return IsDataRow(element, weights);
  if (element.tag != GUMBO_TAG_TABLE) return false;
  std::vector<const GumboElement*> rows;
  CollectRows(element, &rows);
  return IsDataTable(rows, weights);
}

}  // namespace

const GumboNode* FindMain(const GumboNode* node, const Weights& weights) {
  for (;;) {
    const GumboElement* element = Readable(node);
    if (element == nullptr || IsData(*element, weights)) return node;
    const Weight& own = weights.at(node);
    const GumboNode* next = nullptr;
    for (unsigned i = 0; i < element->children.length && own.sentences > 0; ++i) {
      const GumboNode* child = Child(*element, i);
      const auto found = weights.find(child);
      if (found == weights.end() || !IsContainer(child->v.element.tag)) continue;
      const bool heavy =
          static_cast<double>(found->second.sentences) >= kMainShare * static_cast<double>(own.sentences);
      if (heavy && found->second.items == own.items) next = child;
    }
    if (next == nullptr) return node;
    node = next;
  }
}

}  // namespace duban
