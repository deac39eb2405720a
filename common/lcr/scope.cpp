#include "lcr/scope.h"

namespace trunkbox::lcr {

std::string_view name(Jurisdiction jurisdiction) {
    switch (jurisdiction) {
        case Jurisdiction::any: return "any";
        case Jurisdiction::interstate: return "interstate";
        case Jurisdiction::intrastate: return "intrastate";
        case Jurisdiction::indeterminate: return "indeterminate";
    }
    return {};
}

}  // namespace trunkbox::lcr
