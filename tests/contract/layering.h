// The floors, checked: rows are read from CMakeLists.txt and common/README.md, sources from common/ and tools/.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace contract {

struct Row {
    int floor = 0;
    std::set<std::string> uses;
    std::set<std::string> third_party;  // as in third_parties()
};
using Rows = std::map<std::string, Row, std::less<>>;

// "trunkbox_folder(NAME USES … THIRD_PARTY …)" lines under their "# floor N" comments.
[[nodiscard]] Rows rows_of_cmake(std::string_view text);
// The table "| floor | folder | may include | third party, and where |"; tools are not in it.
[[nodiscard]] Rows rows_of_readme(std::string_view text);

// Everything in the tree that breaks a rule, one line each: "common/sip/via.cpp:12: what; the row". Empty is good.
[[nodiscard]] std::vector<std::string> check_layering(const std::filesystem::path& tree);

}  // namespace contract
