// What a tool answers, as a value: null, truth, integer, number, text, list or record. One Record is rendered
// as JSON, JSON lines or CSV (render.h); nothing here knows about a stream.
#pragma once

#include "base/time.h"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trunkbox::output {

class Value;

// Named values in the order in which they were added; a name stands once.
class Record {
  public:
    using Member = std::pair<std::string, Value>;
    struct Field;

    Record() = default;
    Record(std::initializer_list<Field> fields);

    // Adds at the end, or replaces the value where the name already stands.
    Record& set(std::string name, Value value);
    // Nothing if the name is not there. Valid until the record changes.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    [[nodiscard]] bool empty() const;

  private:
    std::vector<Member> members_;
};

class Value {
  public:
    using Array = std::vector<Value>;
    using Data = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Record>;

    Value() = default;  // null
    Value(std::nullptr_t) {}
    template <std::same_as<bool> T>
    Value(T truth) : data_(truth) {}
    // Unsigned numbers beyond 2^63 become doubles.
    template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T number) {
        if (std::in_range<std::int64_t>(number))
            data_ = static_cast<std::int64_t>(number);
        else
            data_ = static_cast<double>(number);
    }
    Value(double number) : data_(number) {}
    Value(const char* text) : data_(std::string(text)) {}
    Value(std::string_view text) : data_(std::string(text)) {}
    Value(std::string text) : data_(std::move(text)) {}
    Value(Array list) : data_(std::move(list)) {}
    Value(Record record) : data_(std::move(record)) {}
    template <class T>
    Value(const std::optional<T>& maybe) {
        if (maybe) *this = Value(*maybe);
    }

    // Seconds, to the microsecond.
    [[nodiscard]] static Value seconds(Duration duration);
    // As RFC 3339 writes it, to the second; null for none.
    [[nodiscard]] static Value date(const std::optional<Time>& time);

    [[nodiscard]] const Data& data() const { return data_; }

  private:
    Data data_;
};

// What a Record is written with. The elements of an initializer_list are const, but records are large and made by the
// million: the value is moved out nevertheless.
struct Record::Field {
    Field(std::string_view its_name, Value its_value) : name(its_name), value(std::move(its_value)) {}
    std::string_view name;
    mutable Value value;
};

// A list of anything that a Value can be made from.
template <class Range>
[[nodiscard]] Value list(const Range& range) {
    Value::Array array;
    for (const auto& element : range) array.emplace_back(element);
    return Value(std::move(array));
}

}  // namespace trunkbox::output
