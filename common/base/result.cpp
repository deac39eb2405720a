#include "base/result.h"

namespace trunkbox {

std::string Error::text() const {
    std::string line = where.empty() ? what : where + ": " + what;
    if (!fix.empty()) line += "; " + fix;
    return line;
}

tl::unexpected<Error> failure(Fault fault, std::string where, std::string what, std::string fix) {
    return tl::unexpected<Error>(Error{fault, std::move(where), std::move(what), std::move(fix)});
}

Error at(std::string_view outer, Error error) {
    error.where = error.where.empty() ? std::string(outer) : std::string(outer) + ":" + error.where;
    return error;
}

}  // namespace trunkbox
