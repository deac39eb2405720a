#include "centrex/resolve.h"

namespace trunkbox::centrex {

std::string_view name(Outcome outcome) {
    switch (outcome) {
        case Outcome::ring: return "ring";
        case Outcome::unallocated: return "unallocated";
        case Outcome::no_phone: return "no_phone";
        case Outcome::busy: return "busy";
        case Outcome::no_answer: return "no_answer";
        case Outcome::voicemail: return "voicemail";
        case Outcome::forwarded: return "forwarded";
        case Outcome::closed: return "closed";
        case Outcome::loop: return "loop";
        case Outcome::resting: return "resting";
        case Outcome::ported_out: return "ported_out";
        case Outcome::emergency: return "emergency";
        case Outcome::barred: return "barred";
        case Outcome::unauthorised: return "unauthorised";
    }
    return {};
}

}  // namespace trunkbox::centrex
