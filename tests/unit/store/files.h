// A folder of its own for each test, and small decks in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "lcr/table.h"
#include "store/routes_file.h"

namespace files {

// Gone at the end.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "trunkbox-store-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string path(std::string_view name) const { return (path_ / name).string(); }
    std::string write(std::string_view name, std::string_view text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    [[nodiscard]] std::string read(std::string_view name) const {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // How many files there are.
    [[nodiscard]] std::ptrdiff_t count() const {
        return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
    }

  private:
    std::filesystem::path path_;
};

inline trunkbox::lcr::DeckRow row(std::string_view prefix, std::string_view rate) {
    return {.prefix = *trunkbox::numbering::Prefix::parse(prefix), .rate = *trunkbox::Money::parse(rate), .line = 2};
}

inline std::vector<trunkbox::lcr::CarrierDecks> small_deck(std::string_view rate) {
    trunkbox::lcr::Deck deck("alpha.csv");
    deck.add(row("44", rate));
    deck.add(row("4420", "0.02"));
    return {{.carrier = {.name = "alpha"}, .decks = {deck}}};
}

inline trunkbox::lcr::Table small_table(std::string_view rate = "0.01") {
    auto table = trunkbox::lcr::Table::compile(small_deck(rate));
    REQUIRE(table.has_value());
    return std::move(*table);
}

// The same into a file.
inline trunkbox::Result<void> write_small(const std::string& path, std::string_view rate = "0.01") {
    auto file = std::make_shared<trunkbox::store::RoutesFile>(path);
    auto table = trunkbox::lcr::Table::compile(small_deck(rate), {}, trunkbox::lcr::one_by_one, file);
    return table ? file->commit() : tl::unexpected(table.error());
}

inline std::string rate_of_44(const trunkbox::lcr::Table& table) {
    auto found = table.row(0);
    return found ? found->rate.text() : found.error().text();
}

}  // namespace files
