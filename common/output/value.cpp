#include "output/value.h"

#include <algorithm>
#include <cmath>

namespace trunkbox::output {

Record::Record(std::initializer_list<Field> fields) {
    members_.reserve(fields.size());
    for (const auto& field : fields) set(std::string(field.name), std::move(field.value));
}

Record& Record::set(std::string name, Value value) {
    auto same = [&](const Member& member) { return member.first == name; };
    if (auto place = std::find_if(members_.begin(), members_.end(), same); place != members_.end())
        place->second = std::move(value);
    else
        members_.emplace_back(std::move(name), std::move(value));
    return *this;
}

const Value* Record::find(std::string_view name) const {
    for (const auto& [key, value] : members_)
        if (key == name) return &value;
    return nullptr;
}

bool Record::empty() const {
    return members_.empty();
}

Value Value::seconds(Duration duration) {
    constexpr double microseconds = 1e6;
    return Value(std::round(trunkbox::seconds(duration) * microseconds) / microseconds);
}

Value Value::date(const std::optional<Time>& time) {
    return time ? Value(rfc3339(*time, 0)) : Value();
}

}  // namespace trunkbox::output
