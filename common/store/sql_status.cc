// SPDX-License-Identifier: Apache-2.0
#include "common/store/sql_status.h"

#include <fmt/format.h>

#include <new>
#include <pqxx/pqxx>
#include <typeinfo>
#include <utility>

namespace duban {
namespace {

struct CodeOfPrefix {
  std::string_view prefix;
  absl::StatusCode code;
};

// The first prefix that fits counts. Appendix A of PostgreSQL's manual lists the codes.
constexpr CodeOfPrefix kCodes[] = {
    {"08", absl::StatusCode::kUnavailable},            // connection exceptions
    {"22", absl::StatusCode::kInvalidArgument},        // data exceptions
    {"23503", absl::StatusCode::kFailedPrecondition},  // foreign key
    {"23505", absl::StatusCode::kAlreadyExists},       // unique
    {"23", absl::StatusCode::kInvalidArgument},        // other constraints
    {"25006", absl::StatusCode::kUnavailable},         // read-only: a standby before its promotion
    {"28", absl::StatusCode::kPermissionDenied},       // authentication
    {"40", absl::StatusCode::kAborted},                // serialization failure, deadlock
    {"42501", absl::StatusCode::kPermissionDenied},    // insufficient privilege
    {"53100", absl::StatusCode::kUnavailable},         // disk full, until somebody makes room
    {"53300", absl::StatusCode::kUnavailable},         // too many connections
    {"53", absl::StatusCode::kResourceExhausted},      // memory
    {"54", absl::StatusCode::kResourceExhausted},      // program limits
    {"55P03", absl::StatusCode::kDeadlineExceeded},    // lock_timeout
    {"57014", absl::StatusCode::kDeadlineExceeded},    // statement_timeout
    {"57P", absl::StatusCode::kUnavailable},           // shutdown, crash, starting up
    {"58", absl::StatusCode::kUnavailable},            // system errors of the server
};

// libpq's messages have several lines: ERROR, DETAIL, HINT.
absl::Status Make(absl::StatusCode code, std::string_view message) {
  std::string line;
  for (char c : message) {
    if (c != '\n') {
      line += c;
    } else if (!line.ends_with("; ")) {
      line += "; ";
    }
  }
  while (line.ends_with(' ') || line.ends_with(';')) line.pop_back();
  return absl::Status(code, fmt::format("PostgreSQL: {}", line));
}

}  // namespace

absl::StatusCode CodeOfSqlState(std::string_view sqlstate) {
  if (sqlstate.empty()) return absl::StatusCode::kUnavailable;
  for (const CodeOfPrefix& entry : kCodes) {
    if (sqlstate.starts_with(entry.prefix)) return entry.code;
  }
  return absl::StatusCode::kInternal;
}

absl::Status StatusOfCurrentException() noexcept {
  try {
    throw;
  } catch (const pqxx::in_doubt_error& error) {
    return Make(absl::StatusCode::kUnavailable,
                fmt::format("the connection was lost during COMMIT, which may have taken effect: {}", error.what()));
  } catch (const pqxx::broken_connection& error) {
    return Make(absl::StatusCode::kUnavailable, error.what());
  } catch (const pqxx::transaction_rollback& error) {
    return Make(absl::StatusCode::kAborted, error.what());
  } catch (const pqxx::insufficient_privilege& error) {
    return Make(absl::StatusCode::kPermissionDenied, error.what());
  } catch (const pqxx::disk_full& error) {
    return Make(absl::StatusCode::kUnavailable, error.what());
  } catch (const pqxx::insufficient_resources& error) {
    return Make(absl::StatusCode::kResourceExhausted, error.what());
  } catch (const pqxx::sql_error& error) {
    // libpqxx forgets the SQLSTATE of some of its classes. Only in the base class does none mean that the server gave
    // none.
    const bool forgotten = error.sqlstate().empty() && typeid(error) != typeid(pqxx::sql_error);
    return Make(forgotten ? absl::StatusCode::kInternal : CodeOfSqlState(error.sqlstate()), error.what());
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("out of memory");
  } catch (const std::exception& error) {
    return Make(absl::StatusCode::kInternal, error.what());
  } catch (...) {
    return absl::InternalError("an exception of unknown type");
  }
}

}  // namespace duban
