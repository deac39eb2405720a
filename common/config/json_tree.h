// The values behind config::Node: what nlohmann/json found, each with the place where it begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trunkbox::config::detail {

struct Null {};
struct Array {};
struct Object {};
struct Decimal {
    std::string text{};  // as written
    double value = 0;
};

struct Value {
    std::size_t offset = 0;
    std::variant<Null, bool, std::int64_t, Decimal, std::string, Array, Object> body{};
    std::vector<Value> items{};  // of an array, or the members of an object, in the order of the document
    std::string key{};           // of a member
    std::size_t key_offset = 0;
};

struct Tree {
    std::string file{};
    std::string text{};
    Value root{};

    // "acme.json:3:5".
    [[nodiscard]] std::string where(std::size_t offset) const;
};

}  // namespace trunkbox::config::detail
