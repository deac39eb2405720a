// What a record holds, told member by member to whoever takes it: a Record, or its line of JSON without a Record between.
// One description serves both, so that they cannot disagree.
#pragma once

#include "output/render.h"
#include "output/value.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace trunkbox::output {

// Builds `record`, which is borrowed.
class RecordMembers {
  public:
    explicit RecordMembers(Record& record) : record_(record) {}

    template <class T>
    void set(std::string_view name, const T& value) { record_.set(std::string(name), Value(value)); }
    void set_null(std::string_view name) { record_.set(std::string(name), nullptr); }
    template <class Range>
    void numbers(std::string_view name, const Range& range) { record_.set(std::string(name), output::list(range)); }
    // `write(members)` tells what the nested record holds.
    template <class Write>
    void nest(std::string_view name, Write write) { record_.set(std::string(name), nested(write)); }
    // `write(members, element)` tells what the record of an element holds.
    template <class Range, class Write>
    void list(std::string_view name, const Range& range, Write write) {
        Value::Array array;
        for (const auto& element : range)
            array.emplace_back(nested([&](RecordMembers& members) { write(members, element); }));
        record_.set(std::string(name), Value(std::move(array)));
    }

  private:
    template <class Write>
    static Record nested(Write write) {
        Record record;
        RecordMembers members(record);
        write(members);
        return record;
    }
    Record& record_;
};

// Writes one JSON object to the end of `text`, which is borrowed; whole when this is gone. Names are plain ASCII.
class JsonMembers {
  public:
    explicit JsonMembers(std::string& text) : text_(text) { text_ += '{'; }
    JsonMembers(const JsonMembers&) = delete;
    JsonMembers& operator=(const JsonMembers&) = delete;
    ~JsonMembers() { text_ += '}'; }

    void set(std::string_view name, std::string_view value) { append_json(begin(name), value); }
    void set(std::string_view name, std::int64_t value) { append_json(begin(name), value); }
    void set(std::string_view name, double value) { append_json(begin(name), value); }
    void set_null(std::string_view name) { begin(name) += "null"; }
    template <class Range>
    void numbers(std::string_view name, const Range& range) {
        begin(name) += '[';
        bool first = true;
        for (auto number : range) {
            if (!std::exchange(first, false)) text_ += ',';
            append_json(text_, static_cast<std::int64_t>(number));
        }
        text_ += ']';
    }
    template <class Write>
    void nest(std::string_view name, Write write) {
        JsonMembers members(begin(name));
        write(members);
    }
    template <class Range, class Write>
    void list(std::string_view name, const Range& range, Write write) {
        begin(name) += '[';
        bool first = true;
        for (const auto& element : range) {
            if (!std::exchange(first, false)) text_ += ',';
            JsonMembers members(text_);
            write(members, element);
        }
        text_ += ']';
    }

  private:
    std::string& begin(std::string_view name) {
        text_ += std::exchange(first_, false) ? "\"" : ",\"";
        text_ += name;
        text_ += "\":";
        return text_;
    }
    std::string& text_;
    bool first_ = true;
};

// Null where there is no text.
void set_or_null(auto& members, std::string_view name, std::string_view text) {
    if (text.empty())
        members.set_null(name);
    else
        members.set(name, text);
}

}  // namespace trunkbox::output
