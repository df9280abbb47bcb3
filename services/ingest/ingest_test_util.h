// SPDX-License-Identifier: Apache-2.0
// services/ingest/ingest_test_util.h: the embedded lexicons, for tests of the parts of the reader.
//
// Thread-safe.

#pragma once

#include "services/ingest/lexicon.pb.h"
#include "services/ingest/region.h"

namespace duban::testing {

const ingest::ReportLexicon& TheReportLexicon();
const RegionIndex& TheRegions();

}  // namespace duban::testing
