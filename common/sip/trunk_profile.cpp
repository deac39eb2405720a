#include "sip/trunk_profile.h"

namespace trunkbox::sip {

std::string_view name(TrunkMode mode) {
    switch (mode) {
        case TrunkMode::registration: return "registration";
        case TrunkMode::static_: return "static";
        case TrunkMode::gin: return "gin";
    }
    return {};
}

std::string_view name(IdentityHeader header) {
    switch (header) {
        case IdentityHeader::p_asserted: return "p-asserted-identity";
        case IdentityHeader::p_preferred: return "p-preferred-identity";
        case IdentityHeader::from: return "from";
        case IdentityHeader::none: return "none";
    }
    return {};
}

}  // namespace trunkbox::sip
