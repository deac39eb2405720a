#include "config/secret.h"

#include "base/text.h"
#include "config/files.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/stat.h>

namespace trunkbox::config {

namespace {

constexpr std::size_t most_bytes = 4096;

tl::unexpected<Error> bad(std::string what, std::string fix) {
    return failure(Fault::system, "", std::move(what), std::move(fix));
}

// One line; what its bytes are must not reach the error.
Result<std::string> checked(std::string text, const std::string& source) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return bad(fmt::format("{} is empty", source), "put the password in it");
    for (char c : text)
        if (c == '\n' || c == '\r' || c == '\0')
            return bad(fmt::format("{} holds more than one line", source), "put the password alone in it");
    return text;
}

Result<void> check_owner_only(const std::string& path) {
    struct stat status {};
    // Whether it can be read at all is for read_file to say.
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return bad(fmt::format("password file '{}' is open to others than its owner (mode {:03o})",
                               printable(path, 200), status.st_mode & 0777U),
                   fmt::format("chmod 600 '{}'", printable(path, 200)));
    return {};
}

}  // namespace

Result<std::string> read_secret(const sip::CredentialsReference& reference, const Environment& environment) {
    if (!reference.password_env.empty()) {
        auto value = environment(reference.password_env);
        auto source = fmt::format("environment variable '{}'", printable(reference.password_env));
        if (!value) return bad(source + " is not set", "export it with the password");
        return checked(std::move(*value), source);
    }
    if (reference.password_file.empty())
        return bad(fmt::format("no password for user '{}'", printable(reference.username)),
                   "refer to one with 'password_file' or 'password_env'");
    if (auto closed = check_owner_only(reference.password_file); !closed)
        return tl::unexpected(closed.error());
    auto text = read_file(reference.password_file, most_bytes);
    if (!text) return tl::unexpected(text.error());
    return checked(std::move(*text),
                   fmt::format("password file '{}'", printable(reference.password_file, 200)));
}

}  // namespace trunkbox::config
