#include "store/postgresql_text.h"

#include <array>

#include <doctest/doctest.h>

using namespace trunkbox::store;
using trunkbox::centrex::Cell;

TEST_CASE("parameters are numbered, but not what stands in quotes") {
    CHECK(numbered("a = ? AND b = ?") == "a = $1 AND b = $2");
    CHECK(numbered("'?' || \"?\" || ?") == "'?' || \"?\" || $1");
    CHECK(numbered("'it''s ?' || ? || '\"?' || ?") == "'it''s ?' || $1 || '\"?' || $2");
    CHECK(numbered("") == "");
}

TEST_CASE("a line of COPY keeps every byte of a text in its column") {
    std::string lines;
    const std::array cells{Cell{std::int64_t{-7}}, Cell{}, Cell{std::string{}}, Cell{std::string("a\tb\\n\nc\r\\.")}};
    append_copy_line(lines, cells);
    CHECK(lines == "-7\t\\N\t\ta\\tb\\\\n\\nc\\r\\\\.\n");
    const std::array<std::string, 2> columns{"number", "to"};
    CHECK(copy_sql("number", columns) == "COPY \"number\" (\"number\", \"to\") FROM STDIN");
}
