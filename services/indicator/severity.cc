// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/severity.h"

#include <cmath>
#include <limits>

namespace duban {
namespace {

// In percentage points where the figure is a rate or a growth, else in percent of what it should be.
double Distance(const v1::Finding& finding) {
  const double apart = std::abs(finding.reported() - finding.computed());
  const bool counted = finding.type() == v1::Finding::PART_EXCEEDS_WHOLE ||
                       finding.type() == v1::Finding::CONFLICTING_FIGURES ||
                       finding.type() == v1::Finding::IMPLAUSIBLE_JUMP;
  if (!counted) return apart;
  if (finding.computed() == 0) return apart == 0 ? 0 : std::numeric_limits<double>::infinity();
  return 100 * apart / std::abs(finding.computed());
}

}  // namespace

v1::Finding::Severity SeverityOf(const v1::Finding& finding) {
  const double distance = Distance(finding);
  if (distance < 1) return v1::Finding::LOW;
  return distance < 10 ? v1::Finding::MEDIUM : v1::Finding::HIGH;
}

}  // namespace duban
