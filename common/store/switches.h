// The directory in the forms that other software reads: Kamailio's tables, an ENUM zone.
#pragma once

#include "base/time.h"
#include "store/directory.h"

#include <cstddef>
#include <string>

namespace trunkbox::store {

struct Exported {
    std::size_t numbers = 0;   // written
    std::size_t left_out = 0;  // ring in another way than the form can say, or nowhere
    std::size_t contacts = 0;
    std::int64_t change = 0;   // the directory's last
};

// Into a SQLite file of Kamailio 5.6: version, domain, dbaliases and location, replaced in one transaction, so that a Kamailio
// that reads it sees the old or the new. A number that rings one phone becomes an alias of its user, who is "registered" there
// until 2100; others are left out. Domains are the tenants', a tenant without one is left out.
[[nodiscard]] Result<Exported> export_kamailio(Directory& directory, Time at, const std::string& path);

struct EnumOptions {
    std::string origin = "e164.arpa";
    std::string name_server = "localhost";
};
// A zone of RFC 6116: for each number that rings, a NAPTR to sip:NUMBER at its tenant's domain; the serial is the change.
[[nodiscard]] Result<Exported> export_enum(Directory& directory, Time at, const EnumOptions& options, std::string& zone);

}  // namespace trunkbox::store
