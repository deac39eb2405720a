// bench_lcr DIRECTORY --trunkbox FILE [--rows 10000,100000,…] [--carriers N] [--announced N] [--rounds N] [--json FILE]:
// decks of so many rows, of a thousand so many not in force before 2027, are made in DIRECTORY and removed again, compiled,
// routed and replayed by the binary, and decided in this process. Ends with 1 if an answer was not the evaluator's.
#include "arguments.h"
#include "base/time.h"
#include "decisions.h"
#include "decks.h"
#include "measure.h"
#include "store/routes.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <random>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <unistd.h>

namespace {

using namespace trunkbox;
using namespace trunkbox::bench;
using Json = nlohmann::ordered_json;

constexpr std::size_t million = 1'000'000;

struct Bench {
    std::string trunkbox;
    std::string directory;
    std::size_t rounds = 5;
    std::size_t carriers = 100;
    unsigned announced = DeckShape{}.announced;
};

Usage run_well(const std::vector<std::string>& argv, const std::string& input = "/dev/null",
               const std::string& output = "/dev/null") {
    const Usage usage = run(argv, input, output);
    if (usage.status != 0) throw std::runtime_error(fmt::format("{} {} ended with {}", argv[1], argv[2], usage.status));
    return usage;
}

void compile(const Bench& bench, const std::vector<std::string>& decks, const std::string& table, Json& figures) {
    std::vector<std::string> argv{bench.trunkbox, "lcr", "compile", "--quiet", "-o", table};
    for (std::size_t i = 0; i < decks.size(); ++i) argv.push_back(Decks::carrier(i) + "=" + decks[i]);
    std::vector<double> walls;
    std::vector<double> peaks;
    for (std::size_t i = 0; i < bench.rounds; ++i) {
        const Usage usage = run_well(argv);
        walls.push_back(usage.wall);
        peaks.push_back(usage.peak_mb);
    }
    figures["compile_seconds"] = median(walls);
    figures["compile_peak_mb"] = median(peaks);
}

void route(const Bench& bench, const Decks& decks, const std::string& table, Json& figures) {
    const std::string at(day);
    std::mt19937_64 random(2);
    figures["route_one_ms"] = median_of(4 * bench.rounds + 1, [&] {
        const std::string number = std::to_string(decks.number(random));
        return 1000 * run_well({bench.trunkbox, "lcr", "route", table, number, "--at", at}).wall;
    });
    const std::string numbers = bench.directory + "/numbers";
    const std::string answers = bench.directory + "/answers.csv";
    write_file(numbers, numbers_text(decks, million, 3));
    const std::vector<std::string> argv{bench.trunkbox, "lcr", "route", table,   "-",  "--format",
                                        "csv",          "--max", "1",   "--at", at};
    std::vector<double> walls;
    std::vector<double> processors;
    for (std::size_t i = 0; i < bench.rounds; ++i) {
        const Usage usage = run_well(argv, numbers, answers);
        walls.push_back(usage.wall);
        processors.push_back(usage.processor);
    }
    figures["route_file_per_second"] = static_cast<double>(million) / median(walls);
    figures["route_file_per_processor_second"] = static_cast<double>(million) / median(processors);
}

// What the binary does not know yet has no figures.
void simulate(const Bench& bench, const Decks& decks, const std::string& table, Json& figures) {
    if (run({bench.trunkbox, "lcr", "simulate", "--help"}).status != 0) return;
    const std::string calls = bench.directory + "/calls.csv";
    write_file(calls, calls_csv(decks, 2 * million, 4));
    std::vector<double> walls;
    std::vector<double> processors;
    for (std::size_t i = 0; i < bench.rounds; ++i) {
        const Usage usage = run_well({bench.trunkbox, "lcr", "simulate", table, calls});
        walls.push_back(usage.wall);
        processors.push_back(usage.processor);
    }
    figures["simulate_per_second"] = static_cast<double>(2 * million) / median(walls);
    figures["simulate_per_processor_second"] = static_cast<double>(2 * million) / median(processors);
}

bool decide_all(const Bench& bench, const Decks& decks, const std::string& path, Json& figures) {
    const auto table = store::open_routes(path);
    if (!table) throw std::runtime_error(table.error().text());
    const Time at = parse_rfc3339(fmt::format("{}T00:00:00Z", day)).value();
    std::mt19937_64 random(5);
    std::vector<lcr::Call> calls(2 * million);
    for (lcr::Call& call : calls) call = {decks.number(random), static_cast<std::int64_t>(1 + random() % 600), at};
    const Decisions decisions = decide(*table, calls, bench.rounds);
    figures["rows"] = table->rows();
    figures["prefixes"] = table->prefixes();
    figures["bytes_a_row"] = static_cast<double>(table->image().size()) / static_cast<double>(table->rows());
    figures["decisions_batched_per_second"] = decisions.batched;
    figures["decisions_singly_per_second"] = decisions.singly;
    figures["checked_calls"] = decisions.checked;
    figures["checked_cost"] = decisions.cost;
    figures["evaluated_cost"] = decisions.evaluated;
    figures["wrong"] = decisions.wrong;
    return decisions.wrong == 0 && decisions.cost == decisions.evaluated;
}

bool measure(const Bench& bench, std::size_t rows, Json& figures) {
    DeckShape shape = shape_of(rows, bench.carriers, 1);
    shape.announced = bench.announced;
    const Decks decks(shape);
    const auto paths = decks.write(bench.directory);
    const std::string table = bench.directory + "/table.routes";
    compile(bench, paths, table, figures);
    route(bench, decks, table, figures);
    simulate(bench, decks, table, figures);
    return decide_all(bench, decks, table, figures);
}

void print(const std::vector<Json>& all) {
    const auto line = [&](std::string_view title, const char* name, double scale, int digits) {
        fmt::print("{:<44}", title);
        for (const Json& figures : all) {
            fmt::print("{:>13}", figures.contains(name)
                                     ? fmt::format("{:.{}f}", figures[name].get<double>() * scale, digits) : "-");
        }
        fmt::print("\n");
    };
    line("rows", "rows", 1, 0);
    line("different prefixes", "prefixes", 1, 0);
    line("compile, CSV to file, s", "compile_seconds", 1, 3);
    line("  peak memory, MB", "compile_peak_mb", 1, 0);
    line("  bytes a row", "bytes_a_row", 1, 1);
    line("route one number, whole process, ms", "route_one_ms", 1, 2);
    line("route - to CSV, M/s", "route_file_per_second", 1e-6, 2);
    line("  M/s of processor time", "route_file_per_processor_second", 1e-6, 2);
    line("simulate, M calls/s", "simulate_per_second", 1e-6, 2);
    line("  M/s of processor time", "simulate_per_processor_second", 1e-6, 2);
    line("decisions batched, M/s", "decisions_batched_per_second", 1e-6, 1);
    line("decisions one at a time, M/s", "decisions_singly_per_second", 1e-6, 1);
    line("calls checked with the evaluator", "checked_calls", 1, 0);
    line("  not the same", "wrong", 1, 0);
}

int measure_all(const Arguments& arguments) {
    const Bench bench{.trunkbox = arguments.word("trunkbox"),
                      .directory = arguments.word("directory") + fmt::format("/lcr.{}", ::getpid()),
                      .rounds = std::max<std::size_t>(arguments.count("rounds", 5), 1),
                      .carriers = std::max<std::size_t>(arguments.count("carriers", 100), 1),
                      .announced = static_cast<unsigned>(arguments.count("announced", DeckShape{}.announced))};
    std::vector<Json> all;
    bool right = true;
    for (const std::size_t rows : arguments.counts("rows", "10000,100000,1000000,10000000")) {
        std::filesystem::create_directories(bench.directory);
        all.emplace_back();
        right = measure(bench, rows, all.back()) && right;
        std::filesystem::remove_all(bench.directory);
    }
    double load[1] = {0};
    if (getloadavg(load, 1) != 1) load[0] = -1;
    print(all);
    fmt::print("{} carriers, {} rows a thousand announced, medians of {} rounds; load of the machine {:.1f}\n",
               bench.carriers, bench.announced, bench.rounds, load[0]);
    if (const std::string path = arguments.word("json"); !path.empty()) {
        const Json figures{{"carriers", bench.carriers}, {"announced", bench.announced}, {"rounds", bench.rounds},
                           {"load", load[0]},            {"sizes", all}};
        write_file(path, figures.dump(2) + "\n");
    }
    return right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return measure_all({argc, argv, "directory", {"trunkbox", "rows", "carriers", "announced", "rounds", "json"}});
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_lcr: {}\n", error.what());
        return 2;
    }
}
