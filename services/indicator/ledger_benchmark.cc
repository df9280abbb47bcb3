// SPDX-License-Identifier: Apache-2.0
// How long every question to the ledger takes when it is full (ledger_fill.h): p50 and p99 of a page of 50 under
// concurrent clients, the CPU time of it all, and what Put costs for a document more.
//
//   ledger_benchmark --documents=100000          # fills in minutes, then asks
//   ledger_benchmark --dsn='host=… dbname=…'     # a server of its own, filled once and asked again and again
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/functional/function_ref.h"
#include "common/base/status.h"
#include "common/store/database.h"
#include "common/store/migrate.h"
#include "common/testing/postgres_server.h"
#include "services/indicator/indicator_store.h"
#include "services/indicator/ledger_fill.h"

ABSL_FLAG(int, documents, 2000, "how many documents the ledger holds, a multiple of 100");
ABSL_FLAG(int, clients, 8, "how many ask at once");
ABSL_FLAG(int, requests, 400, "how many requests of each sort, all clients together");
ABSL_FLAG(int, puts, 96, "how many documents are put one by one, and as many 32 at a time");
ABSL_FLAG(std::string, only, "", "only questions whose name holds this");
ABSL_FLAG(std::string, dsn, "", "superuser's connection string; empty: a server in a temporary folder");

namespace duban {
namespace {

constexpr char kSchema[] = "duban_ledger_benchmark";
constexpr char kPassword[] = "private to the benchmark";
constexpr int kPage = 50;

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

template <typename T>
T Get(const char* what, absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  fmt::print(stderr, "{}: {}\n", what, Message(value.status()));
  std::exit(1);
}

void Check(const char* what, const absl::Status& status) {
  if (status.ok()) return;
  fmt::print(stderr, "{}: {}\n", what, Message(status));
  std::exit(1);
}

// What there is to ask for.
struct Names {
  std::vector<std::string> documents, agencies, regions;
};

std::vector<std::string> Column(Database& database, const std::string& sql) {
  absl::StatusOr<std::vector<std::string>> column = ReadColumn(database, sql);
  Check("read", column.status());
  return *std::move(column);
}

using Random = std::mt19937;

// One page of a list, as a caller would ask for it.
struct Question {
  std::string name;
  std::function<absl::Status(IndicatorStore&, Random&)> ask;
};

class Questions {
 public:
  explicit Questions(Names names) : names_(std::move(names)) {
    AddLists();
    AddFindings();
    AddComparisons();
    Add("unmapped: first page", [](IndicatorStore& store, Random&) { return store.ListUnmapped({}, kPage).status(); });
    Add("unmapped: a later page", [](IndicatorStore& store, Random& random) {
      return store.ListUnmapped(UnmappedCursor{1 + static_cast<int64_t>(random() % 3), "第"}, kPage).status();
    });
    Add("whole sets of 20 documents", [this](IndicatorStore& store, Random& random) {
      std::vector<std::string> ids(20);
      for (std::string& id : ids) id = Any(names_.documents, random);
      return store.BatchGet(ids).status();
    });
  }

  const std::vector<Question>& all() const { return questions_; }

 private:
  static const std::string& Any(const std::vector<std::string>& names, Random& random) {
    return names[random() % names.size()];
  }
  static std::string AnyMetric(Random& random) { return FilledMetric(random() % kFilledMetrics); }
  static std::string CommonMetric(Random& random) { return FilledMetric(random() % kFilledCommonMetrics); }
  static int AnyYear(Random& random) { return kFilledFirstYear + random() % kFilledYears; }
  std::string AnyRegion(Random& random, size_t digits) const { return Any(names_.regions, random).substr(0, digits); }

  void Add(std::string name, std::function<absl::Status(IndicatorStore&, Random&)> ask) {
    questions_.push_back({std::move(name), std::move(ask)});
  }

  // Every other page is the first, the others begin anywhere, or anywhere in `document`.
  std::optional<IndicatorCursor> AnyCursor(Random& random, const std::string& document) const {
    if (random() % 2 == 0) return std::nullopt;
    return IndicatorCursor{document.empty() ? Any(names_.documents, random) : document,
                           1 + static_cast<int>(random() % 60)};
  }

  void AddList(std::string name, std::function<IndicatorFilter(Random&)> filter) {
    Add("list: " + name, [this, filter = std::move(filter)](IndicatorStore& store, Random& random) {
      const IndicatorFilter asked = filter(random);
      return store.List(asked, AnyCursor(random, asked.document), kPage).status();
    });
  }

  void AddLists() {
    using F = IndicatorFilter;
    AddList("all", [](Random&) { return F{}; });
    AddList("document", [this](Random& r) { return F{.document = Any(names_.documents, r)}; });
    AddList("metric", [](Random& r) { return F{.metric = AnyMetric(r)}; });
    AddList("unknown metric", [](Random&) { return F{.metric = "metric.none"}; });
    AddList("agency", [this](Random& r) { return F{.agency = Any(names_.agencies, r)}; });
    AddList("agency, year", [this](Random& r) { return F{.agency = Any(names_.agencies, r), .year = AnyYear(r)}; });
    AddList("agency, metric",
            [this](Random& r) { return F{.metric = AnyMetric(r), .agency = Any(names_.agencies, r)}; });
    AddList("province", [this](Random& r) { return F{.region_prefix = AnyRegion(r, 2)}; });
    AddList("city", [this](Random& r) { return F{.region_prefix = AnyRegion(r, 4)}; });
    AddList("county", [this](Random& r) { return F{.region_prefix = AnyRegion(r, 6)}; });
    AddList("unknown province", [](Random&) { return F{.region_prefix = "99"}; });
    AddList("year", [](Random& r) { return F{.year = AnyYear(r)}; });
    AddList("unknown year", [](Random&) { return F{.year = 1999}; });
    AddList("aspect", [](Random& r) { return F{.aspect = static_cast<v1::Indicator::Aspect>(1 + r() % 4)}; });
    AddList("metric, year", [](Random& r) { return F{.metric = AnyMetric(r), .year = AnyYear(r)}; });
    AddList("metric, province",
            [this](Random& r) { return F{.metric = AnyMetric(r), .region_prefix = AnyRegion(r, 2)}; });
    AddList("metric, province, year", [this](Random& r) {
      return F{.metric = AnyMetric(r), .region_prefix = AnyRegion(r, 2), .year = AnyYear(r)};
    });
    AddList("has finding", [](Random&) { return F{.has_finding = true}; });
    AddList("has finding, agency",
            [this](Random& r) { return F{.agency = Any(names_.agencies, r), .has_finding = true}; });
    AddList("has finding, province",
            [this](Random& r) { return F{.region_prefix = AnyRegion(r, 2), .has_finding = true}; });
    AddList("has finding, metric", [](Random& r) { return F{.metric = AnyMetric(r), .has_finding = true}; });
    AddList("has finding, year", [](Random& r) { return F{.year = AnyYear(r), .has_finding = true}; });
  }

  void AddFindingList(std::string name, std::function<FindingFilter(Random&)> filter) {
    Add("findings: " + name, [this, filter = std::move(filter)](IndicatorStore& store, Random& random) {
      const FindingFilter asked = filter(random);
      return store.ListFindings(asked, AnyCursor(random, asked.document), kPage).status();
    });
  }

  void AddFindings() {
    using F = FindingFilter;
    AddFindingList("all", [](Random&) { return F{}; });
    AddFindingList("document", [this](Random& r) { return F{.document = Any(names_.documents, r)}; });
    AddFindingList("agency", [this](Random& r) { return F{.agency = Any(names_.agencies, r)}; });
    AddFindingList("province", [this](Random& r) { return F{.region_prefix = AnyRegion(r, 2)}; });
    AddFindingList("city", [this](Random& r) { return F{.region_prefix = AnyRegion(r, 4)}; });
    AddFindingList("year", [](Random& r) { return F{.year = AnyYear(r)}; });
    AddFindingList("type", [](Random&) { return F{.type = v1::Finding::CONFLICTING_FIGURES}; });
    AddFindingList("rare type", [](Random&) { return F{.type = v1::Finding::IMPLAUSIBLE_JUMP}; });
    AddFindingList("type, province, year", [this](Random& r) {
      return F{.region_prefix = AnyRegion(r, 2), .year = AnyYear(r), .type = v1::Finding::RATE_MISMATCH};
    });
  }

  void AddComparison(std::string name, std::function<ComparisonFilter(Random&)> filter) {
    Add("compare: " + name, [this, filter = std::move(filter)](IndicatorStore& store, Random& random) {
      std::optional<std::string> after;
      if (random() % 2 == 0) after = Any(names_.agencies, random);
      ComparisonFilter asked = filter(random);
      asked.unit = "件";
      return store.Compare(asked, after, kPage).status();
    });
  }

  void AddComparisons() {
    using F = ComparisonFilter;
    AddComparison("common metric", [](Random& r) { return F{.metric = CommonMetric(r)}; });
    AddComparison("any metric", [](Random& r) { return F{.metric = AnyMetric(r)}; });
    AddComparison("common metric, year", [](Random& r) { return F{.metric = CommonMetric(r), .years = {AnyYear(r)}}; });
    AddComparison("common metric, 3 years", [](Random& r) {
      return F{.metric = CommonMetric(r), .years = {2022, 2023, 2024}};
    });
    AddComparison("common metric, province",
                  [this](Random& r) { return F{.metric = CommonMetric(r), .region_prefix = AnyRegion(r, 2)}; });
    AddComparison("common metric, city",
                  [this](Random& r) { return F{.metric = CommonMetric(r), .region_prefix = AnyRegion(r, 4)}; });
    AddComparison("common metric, 10 agencies", [this](Random& r) {
      F filter{.metric = CommonMetric(r)};
      for (int i = 0; i < 10; ++i) filter.agencies.push_back(Any(names_.agencies, r));
      return filter;
    });
  }

  const Names names_;
  std::vector<Question> questions_;
};

// CPU time in ms that this program and the backends of its sessions have used; backends of another machine are not
// seen.
double CpuMilliseconds(Database& database) {
  rusage own;
  getrusage(RUSAGE_SELF, &own);
  double total = 1e3 * static_cast<double>(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                 1e-3 * static_cast<double>(own.ru_utime.tv_usec + own.ru_stime.tv_usec);
  for (const std::string& pid : Column(database, "SELECT pid FROM pg_stat_activity WHERE usename = current_user")) {
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string field;
    double ticks = 0;
    std::getline(stat, field, ')');                                                          // the name may hold blanks
    for (int i = 3; stat >> field && i <= 15; ++i) ticks += i >= 14 ? std::stod(field) : 0;  // utime, stime
    total += 1e3 * ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  return total;
}

// Asks `requests` times from `clients` threads; the times of single requests, sorted.
std::vector<double> Ask(const Question& question, IndicatorStore& store, int clients, int requests) {
  std::vector<double> times(requests);
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      Random random(client);
      for (int i = next++; i < requests; i = next++) {
        const auto begin = Clock::now();
        Check(question.name.c_str(), question.ask(store, random));
        times[i] = MillisecondsSince(begin);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(times.begin(), times.end());
  return times;
}

double Quantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

// New documents of agencies of their own, `batch` to a transaction.
void Put(Database& database, IndicatorStore& store, int first, int count, int batch) {
  std::vector<double> times;
  const double before = CpuMilliseconds(database);
  for (int begin = 0; begin < count; begin += batch) {
    std::vector<v1::IndicatorSet> sets;
    for (int i = 0; i < batch; ++i) sets.push_back(FilledSet(first + begin + i));
    const auto start = Clock::now();
    Check("put", store.Put(sets));
    times.push_back(MillisecondsSince(start) / batch);
  }
  const double cpu = (CpuMilliseconds(database) - before) / count;
  std::sort(times.begin(), times.end());
  fmt::print("{:<36} {:8.1f} {:8.1f} {:8.1f}\n", fmt::format("put: a document, {} at a time", batch),
             Quantile(times, 0.5), Quantile(times, 0.99), cpu);
}

void Run() {
  std::unique_ptr<testing::PostgresServer> server;
  std::string admin = absl::GetFlag(FLAGS_dsn);
  if (admin.empty()) {
    server = Get("server", testing::PostgresServer::Start());
    admin = server->AdminDsn();
  }
  Check("schema", BootstrapSchema(admin, kSchema, kPassword));
  const int clients = absl::GetFlag(FLAGS_clients);
  const auto database =
      Get("database", Database::Open({.dsn = fmt::format("{} user={} password='{}'", admin, kSchema, kPassword),
                                      .schema = kSchema,
                                      .max_connections = clients,
                                      .statement_timeout = absl::ZeroDuration()}));
  const auto store = Get("store", NewPostgresIndicatorStore(database.get()));
  const auto begin = Clock::now();
  if (Column(*database, "SELECT 1 FROM indicator_sets LIMIT 1").empty()) {
    Check("fill", FillLedger(*database, *store, absl::GetFlag(FLAGS_documents)));
    fmt::print("filled in {:.0f} s\n", MillisecondsSince(begin) / 1000);
  }
  for (const char* what : {"indicator_sets", "indicators", "metric_figures", "growth_claims", "findings"}) {
    fmt::print("{:<16} {:>10} rows\n", what,
               Column(*database, fmt::format("SELECT count(*) FROM {}", what).c_str()).front());
  }
  const Questions questions({
      Column(*database, "SELECT replace(document::text, '-', '') FROM indicator_sets ORDER BY random() LIMIT 2000"),
      Column(*database, "SELECT agency FROM indicator_sets GROUP BY 1 ORDER BY random() LIMIT 2000"),
      Column(*database, "SELECT region_code FROM indicator_sets GROUP BY 1 ORDER BY random() LIMIT 2000"),
  });
  fmt::print("\n{:<36} {:>8} {:>8} {:>8}  ms, {} clients\n", "", "p50", "p99", "CPU", clients);
  for (const Question& question : questions.all()) {
    if (question.name.find(absl::GetFlag(FLAGS_only)) == std::string::npos) continue;
    // Once to open the sessions and to read what every later request reads.
    Ask(question, *store, clients, 2 * clients);
    const double before = CpuMilliseconds(*database);
    const std::vector<double> times = Ask(question, *store, clients, absl::GetFlag(FLAGS_requests));
    const double cpu = (CpuMilliseconds(*database) - before) / static_cast<double>(times.size());
    fmt::print("{:<36} {:8.1f} {:8.1f} {:8.1f}\n", question.name, Quantile(times, 0.5), Quantile(times, 0.99), cpu);
    std::fflush(stdout);
  }
  const int first = 10'000'000;
  const int puts = absl::GetFlag(FLAGS_puts);
  if (puts > 0) {
    const int run = static_cast<int>(std::random_device()() % 10000) * 10000;
    Put(*database, *store, first + run, puts, 1);
    Put(*database, *store, first + run + puts, puts, 32);
  }
}

}  // namespace
}  // namespace duban

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  duban::Run();
  return 0;
}
