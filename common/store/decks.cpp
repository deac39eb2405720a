#include "store/decks.h"

#include "store/routes.h"
#include "store/text_file.h"
#include "store/threads.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>

namespace trunkbox::store {

namespace {

constexpr std::size_t most_bytes = std::size_t{4} << 30;
constexpr std::size_t least_part = std::size_t{1} << 20;  // bytes that are worth a thread

Result<lcr::ReadDeck> read_one(const std::string& path, const lcr::ReadOptions& options, unsigned threads) {
    auto file = TextFile::open(path, most_bytes);
    if (!file) return tl::unexpected(file.error());
    auto parts = std::min<std::size_t>(threads, file->text().size() / least_part);
    auto read = lcr::read_deck(file->text(), path, options, parts, on_threads(threads));
    if (read) read->deck.sort();
    return read;
}

using Slots = std::vector<std::optional<Result<lcr::ReadDeck>>>;

// The files are begun in their order, so whatever stands before one that has an error will be read; what stands behind
// it need not be any more.
Slots read_all(const std::vector<const std::string*>& paths, const lcr::ReadOptions& options, unsigned threads) {
    Slots slots(paths.size());
    std::atomic<std::size_t> failed = paths.size();  // the first that has an error, so far
    auto threads_each = threads / static_cast<unsigned>(std::clamp<std::size_t>(paths.size(), 1, threads));
    on_threads(threads)(paths.size(), [&](std::size_t i) {
        if (i > failed) return;
        slots[i] = read_one(*paths[i], options, threads_each);
        if (*slots[i]) return;
        auto before = failed.load();
        while (i < before && !failed.compare_exchange_weak(before, i)) {
        }
    });
    return slots;
}

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
    auto slots = read_all(paths, options, thread_count(threads));

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
                                  lcr::Settings settings, const std::string& settings_file, unsigned threads,
                                  std::shared_ptr<lcr::Storage> storage) {
    auto read = read_decks(files, options, threads);
    if (!read) return tl::unexpected(read.error());
    auto carriers = config::with_settings(std::move(read->carriers), settings, settings_file);
    if (!carriers) return tl::unexpected(carriers.error());
    auto table = lcr::Table::compile(std::move(*carriers), std::move(settings), on_threads(threads), std::move(storage));
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
    return compile_decks(std::vector{DeckFiles{.carrier = carrier, .paths = {path}}}, options, std::move(own), "");
}

}  // namespace trunkbox::store
