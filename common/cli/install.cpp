#include "cli/program.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

namespace fs = std::filesystem;

enum class Place { vacant, done, older, taken };

// What stands where a link is to be made. A link to another file named like ours is an older trunkbox's.
Place look(const fs::path& link, const fs::path& executable) {
    std::error_code error;
    auto status = fs::symlink_status(link, error);
    if (status.type() == fs::file_type::not_found) return Place::vacant;
    if (error || status.type() != fs::file_type::symlink) return Place::taken;
    auto target = fs::read_symlink(link, error);
    if (error) return Place::taken;
    if (target == executable) return Place::done;
    return target.filename() == executable.filename() ? Place::older : Place::taken;
}

tl::unexpected<Error> cannot(const fs::path& path, std::string_view what, const std::error_code& error) {
    return failure(Fault::system, {},
                   fmt::format("cannot {} '{}': {}", what, path.string(), error.message()));
}

}  // namespace

Result<std::vector<std::string>> install_links(const Program& program, const std::string& executable,
                                               const std::string& directory) {
    std::error_code error;
    if (executable.empty())
        return failure(Fault::system, {}, "cannot tell where this program is", "is /proc mounted?");
    if (!fs::is_directory(directory, error))
        return failure(Fault::system, {}, fmt::format("'{}' is not a directory", directory), "make it first");
    std::vector<fs::path> wanted;
    for (const auto* tool : sorted_tools(program)) {
        auto link = fs::path(directory) / tool->name;
        auto place = look(link, executable);
        if (place == Place::taken)
            return failure(Fault::system, {}, fmt::format("'{}' is not a link to trunkbox", link.string()),
                           "nothing was changed; move it away or choose another directory");
        if (place != Place::done) wanted.push_back(link);
    }
    std::vector<std::string> made;
    for (const auto& link : wanted) {
        if (look(link, executable) == Place::older && !fs::remove(link, error))
            return cannot(link, "replace", error);
        fs::create_symlink(executable, link, error);
        if (error) return cannot(link, "make the link", error);
        made.push_back(link.string());
    }
    return made;
}

}  // namespace trunkbox::cli
