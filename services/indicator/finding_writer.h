// SPDX-License-Identifier: Apache-2.0
// services/indicator/finding_writer.h: rows of the tables findings and finding_members, for the PostgreSQL backend. The
// indicators that findings speak of are there already.
//
//   FindingWriter rows;
//   rows.Add(document, ordinal, year, finding, members);
//   std::move(rows).Write(transaction);
//
// Not thread-safe.

#pragma once

#include <string>
#include <vector>

#include "common/store/sql.h"
#include "services/indicator/indicator_store.h"

namespace pqxx {
class transaction_base;
}

namespace duban {

class FindingWriter {
 public:
  // `members`: what the finding speaks of, in its order.
  void Add(const std::string& document, int ordinal, int32_t year, const v1::Finding& finding,
           const std::vector<IndicatorCursor>& members) {
    documents_.AddText(document);
    ordinals_.AddNumber(ordinal);
    types_.AddNumber(finding.type());
    years_.AddNumber(year);
    payloads_.AddBytes(finding.SerializeAsString());
    any_ = true;
    int place = 0;
    for (const IndicatorCursor& member : members) {
      member_documents_.AddText(document);
      member_findings_.AddNumber(ordinal);
      member_places_.AddNumber(++place);
      of_documents_.AddText(member.document);
      of_ordinals_.AddNumber(member.ordinal);
    }
  }

  // Writes what was added, in two statements.
  void Write(pqxx::transaction_base& transaction) &&;

 private:
  bool any_ = false;
  ArrayBuilder documents_, ordinals_, types_, years_, payloads_;
  ArrayBuilder member_documents_, member_findings_, member_places_, of_documents_, of_ordinals_;
};

}  // namespace duban
