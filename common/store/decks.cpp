#include "store/decks.h"

#include "config/files.h"
#include "store/routes.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <iterator>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace trunkbox::store {

namespace {

constexpr std::size_t most_bytes = std::size_t{4} << 30;

Result<lcr::ReadDeck> read_one(const std::string& path, const lcr::ReadOptions& options) {
    auto text = config::read_file(path, most_bytes);
    if (!text) return tl::unexpected(text.error());
    auto read = lcr::read_deck(*text, path, options);
    if (read) read->deck.sort();
    return read;
}

using Slots = std::vector<std::optional<Result<lcr::ReadDeck>>>;

// Takes the files in their order, so that whatever stands before one that failed has been begun and will be finished;
// what stands behind it is not read any more.
class Reader {
  public:
    Reader(std::vector<const std::string*> paths, const lcr::ReadOptions& options)
        : paths_(std::move(paths)), options_(options), slots_(paths_.size()), failed_(paths_.size()) {}

    Slots read(unsigned threads) {
        if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
        auto helpers = std::min<std::size_t>(threads, paths_.size());
        // get() passes on what a thread threw.
        std::vector<std::future<void>> running;
        for (std::size_t i = 1; i < helpers; ++i)
            running.push_back(std::async(std::launch::async, [this] { work(); }));
        work();
        for (auto& thread : running) thread.get();
        return std::move(slots_);
    }

  private:
    void work() {
        for (auto i = next_++; i < paths_.size() && i < failed_; i = next_++) {
            slots_[i] = read_one(*paths_[i], options_);
            if (!*slots_[i]) fail(i);
        }
    }
    void fail(std::size_t i) {
        auto before = failed_.load();
        while (i < before && !failed_.compare_exchange_weak(before, i)) {
        }
    }

    std::vector<const std::string*> paths_;
    const lcr::ReadOptions& options_;
    Slots slots_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<std::size_t> failed_;  // the first that has an error, so far
};

void add(Skipped& all, lcr::ReadDeck& deck, std::size_t most) {
    all.rows += deck.skipped;
    auto room = most - std::min(most, all.because.size());
    auto count = static_cast<std::ptrdiff_t>(std::min(room, deck.skipped_because.size()));
    std::move(deck.skipped_because.begin(), deck.skipped_because.begin() + count, std::back_inserter(all.because));
}

}  // namespace

Result<ReadDecks> read_decks(std::span<const DeckFiles> files, const lcr::ReadOptions& options, unsigned threads) {
    std::vector<const std::string*> paths;
    for (const auto& carrier : files)
        for (const auto& path : carrier.paths) paths.push_back(&path);
    auto slots = Reader(std::move(paths), options).read(threads);

    ReadDecks all;
    auto slot = slots.begin();
    for (const auto& carrier : files) {
        auto& named = all.carriers.emplace_back(config::NamedDecks{.carrier = carrier.carrier});
        for (std::size_t i = 0; i < carrier.paths.size(); ++i, ++slot) {
            auto& read = **slot;
            if (!read) return tl::unexpected(read.error());
            add(all.skipped, *read, options.most_bad);
            named.decks.push_back(std::move(read->deck));
        }
    }
    return all;
}

Result<OpenedTable> compile_decks(std::span<const DeckFiles> files, const lcr::ReadOptions& options,
                                  lcr::Settings settings, const std::string& settings_file, unsigned threads) {
    auto read = read_decks(files, options, threads);
    if (!read) return tl::unexpected(read.error());
    auto carriers = config::with_settings(std::move(read->carriers), settings, settings_file);
    if (!carriers) return tl::unexpected(carriers.error());
    auto table = lcr::Table::compile(std::move(*carriers), std::move(settings));
    if (!table) return tl::unexpected(table.error());
    return OpenedTable{.table = std::move(*table), .skipped = std::move(read->skipped)};
}

Result<OpenedTable> open_table(const std::string& path, const lcr::ReadOptions& options,
                               const lcr::Settings& settings) {
    // A file that is named so was meant so, even when it is damaged.
    if (path.ends_with(".routes") || is_routes_file(path)) {
        auto table = open_routes(path);
        if (!table) return tl::unexpected(table.error());
        return OpenedTable{.table = std::move(*table)};
    }
    auto carrier = std::filesystem::path(path).stem().string();
    auto own = settings;
    std::erase_if(own.carriers, [&](const lcr::Carrier& other) { return other.name != carrier; });
    return compile_decks(std::vector{DeckFiles{.carrier = carrier, .paths = {path}}}, options, std::move(own), "", 1);
}

}  // namespace trunkbox::store
