#include "sip/header_table.h"

namespace trunkbox::sip {

HeaderName header_name(std::string_view text) { return header_table::find(text, text.size()); }

std::string_view spelling(HeaderName name) {
    return name == HeaderName::other ? std::string_view{} : header_table::rows[static_cast<std::size_t>(name) - 1].spelling;
}

}  // namespace trunkbox::sip
