#include "contract/layering.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "contract/source.h"

namespace contract {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 400;
constexpr int last_pure_floor = 2;

// How one library is called in an #include, in CMakeLists.txt and in the table of floors.
struct ThirdParty {
    std::string_view name;
    std::vector<std::string_view> headers;  // whole, or a prefix that ends in '/'
    std::string_view cmake;
    std::string_view readme;
};

const std::vector<ThirdParty>& third_parties() {
    static const std::vector<ThirdParty> all{
        {"fmt", {"fmt/"}, "fmt::fmt", "fmt"},
        {"tl::expected", {"tl/"}, "tl::expected", "tl::expected"},
        {"libphonenumber", {"phonenumbers/"}, "${PHONENUMBER_LIBRARY}", "libphonenumber"},
        {"date", {"date/"}, "date_headers", "date"},
        {"OpenSSL libcrypto", {"openssl/"}, "PkgConfig::crypto", "OpenSSL"},
        {"spandsp", {"spandsp.h", "spandsp/"}, "PkgConfig::spandsp", "spandsp"},
        {"libsndfile", {"sndfile.h"}, "PkgConfig::sndfile", "libsndfile"},
        {"nlohmann/json", {"nlohmann/"}, "nlohmann_json::nlohmann_json", "nlohmann/json"},
        {"libpcap", {"pcap.h", "pcap/"}, "PkgConfig::pcap", "libpcap"},
        {"zlib", {"zlib.h"}, "PkgConfig::zlib", "zlib"},
        {"zstd", {"zstd.h"}, "PkgConfig::zstd", "zstd"},
        {"sofia-sip", {"sofia-sip/", "sofia-resolv/"}, "PkgConfig::sofia", "sofia-sip"},
        {"SQLiteCpp", {"SQLiteCpp/"}, "SQLiteCpp", "SQLiteCpp"},
        {"SQLite", {"sqlite3.h"}, "PkgConfig::sqlite", "SQLite"},
        {"libpq", {"libpq-fe.h"}, "PkgConfig::libpq", "libpq"},
        {"CLI11", {"CLI/"}, "CLI11::CLI11", "CLI11"},
    };
    return all;
}

// In any header of ours and in any folder.
bool is_everywhere(std::string_view third_party) { return third_party == "fmt" || third_party == "tl::expected"; }

constexpr std::array system_prefixes{"sys/", "arpa/", "netinet/", "net/", "linux/"};
constexpr std::array system_headers{
    "dirent.h", "dlfcn.h",  "emmintrin.h", "endian.h", "errno.h",   "fcntl.h",  "getopt.h", "glob.h",   "grp.h",     "ifaddrs.h",
    "limits.h", "locale.h", "malloc.h", "math.h",    "netdb.h",  "poll.h",   "pthread.h", "pwd.h",    "resolv.h",
    "sched.h",  "signal.h", "spawn.h",  "stddef.h",  "stdint.h", "stdio.h",  "stdlib.h", "string.h",  "strings.h",
    "syslog.h", "termios.h", "time.h",  "unistd.h",
};

// What decides takes values: no clock, random source, environment, stream, file, socket, thread.
constexpr std::array impure_headers{
    "random",  "fstream", "iostream", "istream",    "ostream", "sstream", "syncstream", "strstream",
    "thread",  "mutex",   "atomic",   "filesystem", "cstdio",  "ctime",   "csignal",    "condition_variable",
    "future",  "semaphore", "latch",  "barrier",    "stop_token", "shared_mutex",
};
// Of the system, floors 0 to 2 may have what converts values, a processor's instructions, and a library's functions, which
// are constants.
constexpr std::array pure_system_headers{"arpa/inet.h", "netinet/in.h", "dlfcn.h",  "emmintrin.h", "endian.h", "limits.h",
                                         "math.h",      "stddef.h",     "stdint.h", "string.h",    "strings.h"};
constexpr std::array impure_words{
    "getenv",       "secure_getenv", "setenv",     "system_clock::now", "steady_clock::now", "utc_clock::now",
    "high_resolution_clock::now",    "rand",       "srand",             "random_device",     "thread_local",
    "cout",         "cerr",          "clog",       "printf",            "fopen",             "clock_gettime",
    "gettimeofday", "localtime",     "current_zone",
};

template <class Range>
bool holds(const Range& range, std::string_view value) {
    return std::find(range.begin(), range.end(), value) != range.end();
}

const ThirdParty* third_party_of(std::string_view header) {
    for (const ThirdParty& party : third_parties()) {
        for (const std::string_view known : party.headers) {
            if (header == known || (known.ends_with('/') && header.starts_with(known))) return &party;
        }
    }
    return nullptr;
}

bool is_system(std::string_view header) {
    return holds(system_headers, header) ||
           std::any_of(system_prefixes.begin(), system_prefixes.end(),
                       [&](std::string_view prefix) { return header.starts_with(prefix); });
}

bool is_standard(std::string_view header) { return header.find_first_of("./") == std::string_view::npos; }

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t find_word(std::string_view code, std::string_view word, std::size_t from) {
    for (std::size_t at = code.find(word, from); at != std::string_view::npos; at = code.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_word(code[at - 1])) && (end == code.size() || !is_word(code[end]))) return at;
    }
    return std::string_view::npos;
}

// A variable that keeps its value from call to call: "static" or "inline" without const, not a function.
bool is_mutable_global(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const bool lasting = line.starts_with("static ") || line.starts_with("inline ");
    if (!lasting || line.find("const") != std::string_view::npos) return false;
    return line.find_first_of("=;{") < line.find('(');
}

class Check {
  public:
    explicit Check(const fs::path& tree)
        : tree_(tree), cmake_(rows_of_cmake(read_text(tree / "CMakeLists.txt"))),
          readme_(rows_of_readme(read_text(tree / "common/README.md"))) {}

    std::vector<std::string> run() {
        const std::vector<Source> sources = sources_of(tree_);
        check_rows();
        for (const Source& source : sources) check_source(source);
        check_single("CLI/", "cli", false);
        check_single("sofia-sip/", "sofia", true);
        return std::move(findings_);
    }

  private:
    void report(std::string finding) { findings_.push_back(std::move(finding)); }
    void report(const Source& source, std::size_t line, const std::string& what) {
        report(fmt::format("{}:{}: {}", source.path.string(), line, what));
    }

    static std::string row_text(std::string_view folder, const Row& row) {
        return fmt::format("row of '{}': floor {}, may include {}; third party: {}", folder, row.floor,
                           row.uses.empty() ? "std alone" : fmt::format("{}", fmt::join(row.uses, " ")),
                           row.third_party.empty() ? "none" : fmt::format("{}", fmt::join(row.third_party, " ")));
    }

    void check_rows() {
        for (const auto& [folder, row] : cmake_) {
            const auto written = readme_.find(folder);
            if (written == readme_.end())
                report(fmt::format("common/README.md: no row for '{}'", folder));
            else if (written->second.uses != row.uses || written->second.floor != row.floor)
                report(fmt::format("CMakeLists.txt: {}; common/README.md: {}", row_text(folder, row),
                                   row_text(folder, written->second)));
            for (const std::string& used : row.uses) {
                if (!cmake_.contains(used)) report(fmt::format("CMakeLists.txt: '{}' uses unknown '{}'", folder, used));
            }
        }
        if (!fs::is_directory(tree_ / "common")) return;
        for (const auto& entry : fs::directory_iterator(tree_ / "common")) {
            const std::string folder = entry.path().filename().string();
            if (entry.is_directory() && !cmake_.contains(folder))
                report(fmt::format("CMakeLists.txt: no row for 'common/{}'", folder));
        }
    }

    void check_source(const Source& source) {
        if (source.lines > longest_file)
            report(source, source.lines, fmt::format("longer than {} lines; a noun is missing", longest_file));
        const auto row = cmake_.find(source.folder);
        if (!source.folder.empty() && row == cmake_.end()) return;  // reported with the rows
        const Row* floor = source.folder.empty() ? nullptr : &row->second;
        for (const Include& include : source.includes) {
            if (include.angled)
                check_angled(source, include, floor);
            else
                check_own(source, include, floor);
        }
        if (floor != nullptr && floor->floor <= last_pure_floor) check_pure(source, *floor);
    }

    // "folder/file.h" of ours.
    void check_own(const Source& source, const Include& include, const Row* row) {
        const std::size_t slash = include.name.find('/');
        if (slash == std::string::npos && row == nullptr) return check_between_tools(source, include);
        if (slash == std::string::npos)
            return report(source, include.line, fmt::format("\"{0}\" without its folder; write \"{1}/{0}\"", include.name,
                                                            source.folder));
        const std::string folder = include.name.substr(0, slash);
        if (!fs::exists(tree_ / "common" / include.name))
            return report(source, include.line, fmt::format("\"{}\" is not in common/", include.name));
        if (row != nullptr && folder != source.folder && !row->uses.contains(folder))
            report(source, include.line,
                   fmt::format("\"{}\" is not for '{}'; {}", include.name, source.folder, row_text(source.folder, *row)));
    }

    // The dispatch knows the tools, no tool knows another.
    void check_between_tools(const Source& source, const Include& include) {
        const fs::path other(include.name);
        const bool is_tool = fs::exists(tree_ / "tools" / (other.stem().string() + ".cpp"));
        if (is_tool && source.path.stem() != "main" && other.stem() != source.path.stem())
            report(source, include.line, fmt::format("\"{}\" is another tool", include.name));
    }

    void check_angled(const Source& source, const Include& include, const Row* row) {
        const ThirdParty* party = third_party_of(include.name);
        if (party == nullptr) {
            if (!is_standard(include.name) && !is_system(include.name))
                report(source, include.line, fmt::format("<{}> is of no known library", include.name));
            return;
        }
        if (is_everywhere(party->name)) return;
        // sofia's headers meet the compiler in one private header of its folder, checked in check_single.
        const bool private_sofia = party->name == "sofia-sip" && source.folder == "sofia";
        if (source.header && !private_sofia)
            report(source, include.line, fmt::format("<{}> in a header of ours", include.name));
        if (row == nullptr)
            report(source, include.line, fmt::format("<{}>: a tool uses no third party itself", include.name));
        else if (!row->third_party.contains(std::string(party->name)) && !written_for(source.folder, party->name))
            report(source, include.line,
                   fmt::format("<{}> is not for '{}'; {}", include.name, source.folder, row_text(source.folder, *row)));
    }

    // Header-only libraries are not linked: they stand in the table of floors alone.
    [[nodiscard]] bool written_for(std::string_view folder, std::string_view party) const {
        const auto row = readme_.find(folder);
        return party == "CLI11" && row != readme_.end() && row->second.third_party.contains(std::string(party));
    }

    void check_pure(const Source& source, const Row& row) {
        for (const Include& include : source.includes) {
            const bool impure = include.angled && (holds(impure_headers, include.name) ||
                                                   (is_system(include.name) && !holds(pure_system_headers, include.name)));
            if (impure)
                report(source, include.line,
                       fmt::format("<{}> on floor {}, which only decides", include.name, row.floor));
        }
        for (const std::string_view word : impure_words) {
            for (std::size_t at = find_word(source.code, word, 0); at != std::string::npos;
                 at = find_word(source.code, word, at + 1))
                report(source, line_at(source.code, at), fmt::format("'{}' on floor {}, which only decides", word, row.floor));
        }
        const std::vector<std::string> lines = lines_of(source.code);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (is_mutable_global(lines[i])) report(source, i + 1, "a mutable global");
        }
    }

    // One file alone includes what is expensive or must be tamed: a .cpp, or a header that only its folder sees.
    void check_single(std::string_view prefix, std::string_view folder, bool headers_only) {
        std::vector<const Source*> users;
        const std::vector<Source> sources = sources_of(tree_);
        for (const Source& source : sources) {
            const bool uses = std::any_of(source.includes.begin(), source.includes.end(), [&](const Include& include) {
                return include.angled && include.name.starts_with(prefix);
            });
            if (uses && source.folder == folder && (source.header || !headers_only)) users.push_back(&source);
        }
        for (std::size_t i = 1; i < users.size(); ++i)
            report(*users[i], 1, fmt::format("a second file with <{}…> beside {}", prefix, users[0]->path.string()));
        if (!users.empty() && users[0]->header) check_private(sources, *users[0]);
    }

    // A header that includes a private one is private too: no other folder sees it.
    void check_private(const std::vector<Source>& sources, const Source& first) {
        std::vector<const Source*> hidden{&first};
        for (std::size_t i = 0; i < hidden.size(); ++i) {
            const std::string name = fs::relative(hidden[i]->path, "common").string();
            for (const Source& source : sources) {
                for (const Include& include : source.includes) {
                    if (include.name != name) continue;
                    if (source.folder != first.folder)
                        report(source, include.line, fmt::format("\"{}\" is private to {}", name, first.folder));
                    else if (source.header && !holds_source(hidden, source))
                        hidden.push_back(&source);
                }
            }
        }
    }

    static bool holds_source(const std::vector<const Source*>& sources, const Source& wanted) {
        return std::find(sources.begin(), sources.end(), &wanted) != sources.end();
    }

    fs::path tree_;
    Rows cmake_;
    Rows readme_;
    std::vector<std::string> findings_;
};

std::string strip(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    if (!line.starts_with('|')) return cells;
    line.remove_prefix(1);
    for (std::size_t bar = line.find('|'); bar != std::string_view::npos; bar = line.find('|')) {
        cells.push_back(strip(line.substr(0, bar)));
        line.remove_prefix(bar + 1);
    }
    return cells;
}

std::vector<std::string> comma_list(const std::string& text) {
    std::vector<std::string> items;
    std::istringstream stream(text);
    for (std::string item; std::getline(stream, item, ',');) {
        if (item = strip(item); !item.empty()) items.push_back(item);
    }
    return items;
}

std::optional<int> number_of(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

Rows rows_of_cmake(std::string_view text) {
    Rows rows;
    int floor = 0;
    for (const std::string& line : lines_of(text)) {
        constexpr std::string_view mark = "# floor ";
        constexpr std::string_view call = "trunkbox_folder(";
        if (line.starts_with(mark)) floor = number_of(line.substr(mark.size(), 1)).value_or(floor);
        if (!line.starts_with(call)) continue;
        std::istringstream words(line.substr(call.size(), line.find(')') - call.size()));
        std::string folder;
        words >> folder;
        Row row{.floor = floor, .uses = {}, .third_party = {}};
        bool third = false;
        for (std::string word; words >> word;) {
            if (word == "USES" || word == "THIRD_PARTY") {
                third = word == "THIRD_PARTY";
            } else if (third) {
                for (const ThirdParty& party : third_parties()) {
                    if (party.cmake == word) row.third_party.emplace(party.name);
                }
            } else {
                row.uses.insert(word);
            }
        }
        rows[folder] = row;
    }
    return rows;
}

Rows rows_of_readme(std::string_view text) {
    Rows rows;
    std::map<std::string, std::vector<std::string>> allowed;
    for (const std::string& line : lines_of(text)) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() != 4 || !number_of(cells[0])) continue;
        Row row{.floor = *number_of(cells[0]), .uses = {}, .third_party = {}};
        for (const ThirdParty& party : third_parties()) {
            if (cells[3].find(party.readme) != std::string::npos) row.third_party.emplace(party.name);
        }
        for (const std::string& folder : comma_list(cells[1])) {
            if (folder.starts_with("..")) continue;  // the tools
            rows[folder] = row;
            allowed[folder] = comma_list(cells[2]);
        }
    }
    for (auto& [folder, row] : rows) {
        for (const std::string& item : allowed[folder]) {
            constexpr std::string_view range = "floors 0–";
            if (item.starts_with(range)) {
                const int highest = number_of(item.substr(range.size())).value_or(0);
                for (const auto& [other, other_row] : rows) {
                    if (other_row.floor <= highest && other != folder) row.uses.insert(other);
                }
            } else if (item != "std") {
                row.uses.insert(item);
            }
        }
    }
    return rows;
}

std::vector<std::string> check_layering(const fs::path& tree) { return Check(tree).run(); }

}  // namespace contract
