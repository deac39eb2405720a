#include "arguments.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

namespace trunkbox::bench {

namespace {

std::uint64_t count_of(const std::string& name, std::string_view text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw std::runtime_error("--" + name + " '" + std::string(text) + "' is no count");
    }
    return count;
}

}  // namespace

Arguments::Arguments(int argc, char** argv, const std::string& place, const std::vector<std::string>& names) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].starts_with("--")) {
            if (place.empty() || values_.contains(place)) throw std::runtime_error("'" + words[i] + "' is too much");
            values_[place] = words[i];
            continue;
        }
        const std::string name = words[i].substr(2);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            throw std::runtime_error("no option '--" + name + "'");
        }
        if (++i == words.size()) throw std::runtime_error("--" + name + " needs a value");
        values_[name] = words[i];
    }
    if (!place.empty() && !values_.contains(place)) throw std::runtime_error("the " + place + " is missing");
}

std::string Arguments::word(const std::string& name, std::string_view otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string(otherwise) : found->second;
}

std::uint64_t Arguments::count(const std::string& name, std::uint64_t otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : count_of(name, found->second);
}

std::vector<std::uint64_t> Arguments::counts(const std::string& name, std::string_view otherwise) const {
    std::istringstream list(word(name, otherwise));
    std::vector<std::uint64_t> counts;
    for (std::string item; std::getline(list, item, ',');) counts.push_back(count_of(name, item));
    return counts;
}

}  // namespace trunkbox::bench
