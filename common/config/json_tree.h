// The values behind config::Node: what nlohmann/json found, each with the place where it begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trunkbox::config::detail {

struct Member;

struct Null {};
struct Decimal {
    std::string text;  // as written
    double value;
};

struct Value {
    using Array = std::vector<Value>;
    using Object = std::vector<Member>;  // in the order of the document

    std::size_t offset = 0;
    std::variant<Null, bool, std::int64_t, Decimal, std::string, Array, Object> body{};
};

struct Member {
    std::string key{};
    std::size_t offset = 0;  // of the key
    Value value{};
};

struct Tree {
    std::string file{};
    std::string text{};
    Value root{};

    // "acme.json:3:5".
    [[nodiscard]] std::string where(std::size_t offset) const;
};

}  // namespace trunkbox::config::detail
