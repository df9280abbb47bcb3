// SPDX-License-Identifier: Apache-2.0
// services/ingest/html_tree.h: a parsed web page as html.cc walks it: what is to be read, where the main text is, and
// which tables hold data.
//
//   Weights weights;
//   Weigh(root, false, &weights);
//   const GumboNode* main = FindMain(root, weights);
//
// Pure functions; safe to call from any thread on trees that no one changes. Linear.

#pragma once

#include <gumbo.h>

#include <cstddef>
#include <unordered_map>
#include <vector>

namespace duban {

struct Weight {
  size_t sentences = 0;  // bytes of text with sentences, no links
  size_t items = 0;      // texts that begin with an enumerator
  size_t text = 0;       // bytes of all text
  bool table = false;    // holds a table
};

// Of elements that hold text to be read.
using Weights = std::unordered_map<const GumboNode*, Weight>;

inline const GumboNode* Child(const GumboElement& element, unsigned i) {
  return static_cast<const GumboNode*>(element.children.data[i]);
}

// Elements that do not begin a line.
bool IsInline(GumboTag tag);

// The element of a node that holds text to be read; null for all others: scripts, controls, what is hidden.
const GumboElement* Readable(const GumboNode* node);

// Fills the weights of a tree; `link` tells whether it lies in one.
Weight Weigh(const GumboNode* node, bool link, Weights* weights);

// The container of the main text.
const GumboNode* FindMain(const GumboNode* node, const Weights& weights);

bool IsCell(const GumboNode* node);

// Rows of a table, those of tables inside left out.
void CollectRows(const GumboElement& table, std::vector<const GumboElement*>* rows);

// Whether a table of these rows holds data. The rows of layout may each be data by themselves (label and value).
bool IsDataTable(const std::vector<const GumboElement*>& rows, const Weights& weights);
bool IsDataRow(const GumboElement& row, const Weights& weights);

}  // namespace duban
