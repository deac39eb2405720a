#include "wire/seed.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace trunkbox::wire {

IdSource::Seed system_seed() {
    IdSource::Seed seed{};
    // Up to 256 bytes come whole, once the generator is ready.
    while (getrandom(seed.data(), sizeof seed, 0) != static_cast<ssize_t>(sizeof seed))
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "no random bytes from the system");
    return seed;
}

}  // namespace trunkbox::wire
