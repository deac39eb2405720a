#include "store/decks.h"

#include <algorithm>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "store/routes.h"
#include "unit/store/files.h"

using namespace trunkbox;
using namespace files;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

constexpr std::string_view good = "prefix,destination,rate\n4420,London,0.02\n44,United Kingdom,0.01\n";
constexpr std::string_view bad = "prefix,destination,rate\n44,United Kingdom,0.01\n44x,Nowhere,0.02\n4y,Nowhere,0.02\n";

}  // namespace

TEST_CASE("decks come back in the order they were named, sorted, whatever the number of threads") {
    Folder folder;
    std::vector<store::DeckFiles> files;
    for (int i = 0; i < 40; ++i) {
        auto text = fmt::format("prefix,destination,rate\n{0},B,0.2\n4420,London,0.0{1}\n44,United Kingdom,0.0{1}\n",
                                100 + i, i + 10);
        auto path = folder.write(fmt::format("{}.csv", i), text);
        if (i % 3 == 2)
            files.back().paths.push_back(path);  // an amendment
        else
            files.push_back({.carrier = fmt::format("c{}", i), .paths = {path}});
    }
    for (unsigned threads : {0U, 1U, 2U, 8U, 100U}) {
        auto read = store::read_decks(files, {}, threads);
        REQUIRE(read.has_value());
        REQUIRE(read->carriers.size() == files.size());
        for (std::size_t i = 0; i < files.size(); ++i) {
            const auto& carrier = read->carriers[i];
            CHECK(carrier.carrier == files[i].carrier);
            REQUIRE(carrier.decks.size() == files[i].paths.size());
            for (std::size_t j = 0; j < carrier.decks.size(); ++j) {
                const auto& deck = carrier.decks[j];
                CHECK(deck.file() == files[i].paths[j]);
                REQUIRE(deck.size() == 3);
                CHECK(deck.row(0).prefix.text().starts_with("1"));
                CHECK(deck.row(1).prefix.text() == "44");
                CHECK(deck.row(2).prefix.text() == "4420");
            }
        }
    }
}

TEST_CASE("no decks are none") {
    auto read = store::read_decks({}, {});
    REQUIRE(read.has_value());
    CHECK(read->carriers.empty());
    std::vector<store::DeckFiles> files{{.carrier = "alpha"}};
    read = store::read_decks(files, {});
    REQUIRE(read.has_value());
    REQUIRE(read->carriers.size() == 1);
    CHECK(read->carriers.front().decks.empty());
}

TEST_CASE("the error is that of the first file that has one") {
    Folder folder;
    // The first bad file is the longest, so that others are done with theirs before it.
    std::string long_bad = "prefix,destination,rate\n";
    for (int i = 0; i < 20'000; ++i) long_bad += fmt::format("44{},Somewhere,0.01\n", 10'000 + i);
    long_bad += "44x,Nowhere,0.02\n";
    std::vector<store::DeckFiles> files{
        {.carrier = "a", .paths = {folder.write("a.csv", good), folder.write("long.csv", long_bad)}},
        {.carrier = "b", .paths = {folder.write("bad.csv", bad)}},
        {.carrier = "c", .paths = {folder.path("none.csv")}},
    };
    for (int i = 0; i < 20; ++i) {
        auto read = store::read_decks(files, {}, 4);
        REQUIRE_FALSE(read.has_value());
        CHECK(contains(read.error().text(), "long.csv:20002:1"));
        CHECK(read.error().fault == Fault::input);
    }
    files.erase(files.begin(), files.begin() + 2);
    auto read = store::read_decks(files, {}, 4);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().fault == Fault::system);
    CHECK(contains(read.error().text(), "none.csv': no such file"));
}

TEST_CASE("rows that are left out are counted over all files") {
    Folder folder;
    std::vector<store::DeckFiles> files{
        {.carrier = "a", .paths = {folder.write("1.csv", bad), folder.write("2.csv", good)}},
        {.carrier = "b", .paths = {folder.write("3.csv", bad)}},
    };
    auto read = store::read_decks(files, {.skip_bad = true, .most_bad = 3}, 3);
    REQUIRE(read.has_value());
    CHECK(read->skipped.rows == 4);
    REQUIRE(read->skipped.because.size() == 3);
    CHECK(contains(read->skipped.because[0].where, "1.csv:3:"));
    CHECK(contains(read->skipped.because[1].where, "1.csv:4:"));
    CHECK(contains(read->skipped.because[2].where, "3.csv:3:"));
}

TEST_CASE("decks and settings become a table") {
    Folder folder;
    std::vector<store::DeckFiles> files{{.carrier = "alpha", .paths = {folder.write("a.csv", good)}},
                                        {.carrier = "beta", .paths = {folder.write("b.csv", good)}}};
    lcr::Settings settings;
    settings.carriers.push_back({.name = "beta", .priority = -1, .weight = 7});
    auto opened = store::compile_decks(files, {}, settings, "carriers.json");
    REQUIRE(opened.has_value());
    CHECK(opened->skipped.rows == 0);
    REQUIRE(opened->table.carriers().size() == 2);
    CHECK(opened->table.carriers()[0].name == "beta");
    CHECK(opened->table.carriers()[0].weight == 7);
    CHECK(opened->table.rows() == 4);

    settings.carriers.push_back({.name = "alhpa"});
    auto misspelt = store::compile_decks(files, {}, settings, "carriers.json");
    REQUIRE_FALSE(misspelt.has_value());
    CHECK(misspelt.error().text() == "carriers.json: carrier 'alhpa' has no deck; did you mean 'alpha'?");
}

TEST_CASE("a deck or a compiled table is opened alike") {
    Folder folder;
    auto deck = folder.write("alpha.csv", good);
    auto from_csv = store::open_table(deck);
    REQUIRE(from_csv.has_value());
    REQUIRE(from_csv->table.carriers().size() == 1);
    CHECK(from_csv->table.carriers().front().name == "alpha");
    CHECK(from_csv->table.rows() == 2);
    // Whatever it is called.
    auto compiled = folder.path("compiled.bin");
    auto file = std::make_shared<store::RoutesFile>(compiled);
    REQUIRE(store::compile_decks(std::vector<store::DeckFiles>{{.carrier = "alpha", .paths = {deck}}}, {}, {}, "", 1, file));
    REQUIRE(file->commit().has_value());
    auto from_routes = store::open_table(compiled);
    REQUIRE(from_routes.has_value());
    CHECK(from_routes->table.carriers().front().name == "alpha");
    CHECK(from_routes->table.row(0)->source() == deck + ":3");
}

TEST_CASE("settings for a single deck are those of its carrier") {
    Folder folder;
    auto deck = folder.write("alpha.csv", good);
    lcr::Settings settings;
    settings.carriers = {{.name = "alpha", .weight = 3}, {.name = "beta"}};
    auto opened = store::open_table(deck, {}, settings);
    REQUIRE(opened.has_value());
    REQUIRE(opened->table.carriers().size() == 1);
    CHECK(opened->table.carriers().front().weight == 3);
}

TEST_CASE("what is neither deck nor table is refused") {
    Folder folder;
    auto damaged = store::open_table(folder.write("t.routes", "prefix,rate\n"));
    REQUIRE_FALSE(damaged.has_value());
    CHECK(contains(damaged.error().text(), "not a route table"));
    CHECK(damaged.error().fault == Fault::input);
    auto cut = store::open_table(folder.write("t.bin", "TBROUTES"));
    REQUIRE_FALSE(cut.has_value());
    CHECK(contains(cut.error().text(), "not a route table"));
    auto empty = store::open_table(folder.write("empty.csv", ""));
    REQUIRE_FALSE(empty.has_value());
    CHECK(empty.error().fault == Fault::input);
    auto none = store::open_table(folder.path("none.csv"));
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().fault == Fault::system);
    CHECK_FALSE(store::open_table(folder.path("")).has_value());
}

TEST_CASE("a deck may come through a pipe") {
    Folder folder;
    auto pipe = folder.path("alpha");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::thread writer([&] { folder.write("alpha", good); });
    auto opened = store::open_table(pipe);
    writer.join();
    REQUIRE(opened.has_value());
    CHECK(opened->table.rows() == 2);
}

TEST_CASE("a table is the same, byte for byte, however many threads made it") {
    Folder folder;
    std::vector<store::DeckFiles> files;
    std::uint32_t state = 1;
    auto random = [&](std::uint32_t below) { return (state = state * 1'664'525 + 1'013'904'223) / 65'536 % below; };
    for (int carrier = 0; carrier < 12; ++carrier) {
        // More prefixes than one thread takes at once, in families that reach over those borders, and rows of many
        // increments, so that lines spill.
        std::string text = "prefix,destination,rate,connect_fee,minimum,increment\n";
        text += fmt::format("44,United Kingdom,0.5,0,{},1\n", carrier + 1);
        for (std::uint32_t i = 0; i < 6000; ++i) {
            if (random(3) == 0) continue;
            text += fmt::format("44{},Somewhere,0.{:05},0.{:03},{},{}\n", 10'000 + i, random(99'999) + 1, 100 - 8 * carrier,
                                1 + 5 * carrier, 1 + carrier);
        }
        files.push_back({.carrier = fmt::format("c{}", carrier), .paths = {folder.write(fmt::format("{}.csv", carrier), text)}});
    }
    auto one = store::compile_decks(files, {}, {}, "", 1);
    REQUIRE_MESSAGE(one.has_value(), one.error().text());
    CHECK(one->table.prefixes() > 5000);
    CHECK(one->table.verify().has_value());
    for (unsigned threads : {2U, 7U}) {
        auto many = store::compile_decks(files, {}, {}, "", threads);
        REQUIRE(many.has_value());
        CHECK(std::ranges::equal(many->table.image(), one->table.image()));
    }
}
