// SPDX-License-Identifier: Apache-2.0
// services/indicator/severity.h: how far a printed figure is off what it should be.
//
//   SeverityOf({RATE_MISMATCH, reported 95, computed 90})   // MEDIUM: five percentage points
//
// Pure function; safe to call from any thread.

#pragma once

#include "duban/v1/indicator.pb.h"

namespace duban {

// As Finding.Severity says, of type, reported and computed.
v1::Finding::Severity SeverityOf(const v1::Finding& finding);

}  // namespace duban
