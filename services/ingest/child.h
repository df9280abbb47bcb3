// SPDX-License-Identifier: Apache-2.0
// services/ingest/child.h: runs a program that reads hostile input, and gives it nothing to steal or to hold.
//
//   DUBAN_ASSIGN_OR_RETURN(ChildEnd end, RunChild({"/usr/bin/duban-convert", "application/pdf"}, bytes));
//
// The child has the input as standard input, its standard output is kept and its standard error thrown away. Of the
// parent it inherits nothing: no environment (which holds passwords) but LANG, no other descriptor, no signal that is
// blocked or ignored. As many children run at once as the machine has cores; others wait for their turn. Safe to call
// from any thread.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace duban {

struct ChildOptions {
  // For waiting and running together; the child is killed then.
  std::chrono::milliseconds deadline = std::chrono::seconds(30);
  // Of the output; the child is killed above it.
  size_t max_output = 64u << 20;
};

struct ChildEnd {
  // As waitpid gives it.
  int status = 0;
  std::string output;
};

// Runs argv[0], a path, to its end. UNAVAILABLE where the machine is at fault and another try may go well: the deadline
// passed, no memory, processes or descriptors are left. FAILED_PRECONDITION if the program cannot be started for
// another reason or its output is above the limit.
absl::StatusOr<ChildEnd> RunChild(const std::vector<std::string>& argv, std::string_view input,
                                  const ChildOptions& options = {});

}  // namespace duban
