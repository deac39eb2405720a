// Where trunk profiles are found.
#include "base/text.h"
#include "config/files.h"
#include "config/trunk_profile.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

constexpr std::string_view extension = ".json";

bool is_file_name(std::string_view text) {
    return text.find('/') != std::string_view::npos || text.ends_with(extension);
}

}  // namespace

std::vector<std::string> trunk_profile_names(const std::vector<std::string>& directories) {
    std::set<std::string> names;
    for (const auto& directory : directories) {
        std::error_code ignored;  // a directory that is not there has no profiles
        std::filesystem::directory_iterator entries(directory, ignored);
        for (; !ignored && entries != std::filesystem::directory_iterator{}; entries.increment(ignored)) {
            auto file = entries->path().filename().string();
            if (file.ends_with(extension) && file.size() > extension.size() && !file.starts_with('.'))
                names.insert(file.substr(0, file.size() - extension.size()));
        }
    }
    return {names.begin(), names.end()};
}

Result<std::string> find_trunk_profile(std::string_view name_or_file,
                                       const std::vector<std::string>& directories) {
    if (name_or_file.empty())
        return failure(Fault::usage, "", "trunk has no name",
                       "write the name or the file of a trunk profile");
    if (is_file_name(name_or_file)) return std::string(name_or_file);
    for (const auto& directory : directories) {
        auto path = directory + "/" + std::string(name_or_file) + std::string(extension);
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) return path;
    }
    auto names = trunk_profile_names(directories);
    std::vector<std::string_view> candidates(names.begin(), names.end());
    auto near = nearest(name_or_file, candidates);
    auto fix = !near.empty() ? fmt::format("did you mean '{}'?", near)
               : names.empty()
                   ? fmt::format("there is none in {}; write the file's path", fmt::join(directories, ", "))
                   : fmt::format("there are {}", fmt::join(names, ", "));
    return failure(Fault::system, "", fmt::format("no trunk profile '{}'", printable(name_or_file)), fix);
}

Result<sip::TrunkProfile> load_trunk_profile(std::string_view name_or_file,
                                             const std::vector<std::string>& directories) {
    auto path = find_trunk_profile(name_or_file, directories);
    if (!path) return tl::unexpected(path.error());
    auto text = read_file(*path, std::size_t{1} << 20);
    if (!text) return tl::unexpected(text.error());
    return read_trunk_profile(*text, *path);
}

}  // namespace trunkbox::config
