#include "provider/lookup.h"

#include <algorithm>

#include "centrex/row_facts.h"
#include "provider/identity.h"

namespace trunkbox::provider {

namespace {

bool may_show(const centrex::Facts& facts, const config::TrunkConfig& trunk, const numbering::E164& number) {
    auto known = facts.number(number);
    if (known && known->state == "assigned" && known->user.tenant == trunk.tenant) return true;
    return facts.authorised({trunk.tenant, {}}, number);  // who of its people calls is not known
}

}  // namespace

trunkbox::Result<void> Lookup::open(const std::string& place) {
    // A call does not wait long for what only edits would hold up.
    auto opened = store::Directory::open({.place = place, .wait = 1s});
    if (!opened) return tl::unexpected(opened.error());
    directory_.emplace(std::move(*opened));
    return {};
}

trunkbox::Result<void> Lookup::ask(Time at, const std::function<void(const centrex::Facts&)>& question) {
    if (!directory_) {
        question(written_);
        return {};
    }
    return directory_->read([&](store::DirectoryRows& rows) -> trunkbox::Result<void> {
        const centrex::RowFacts facts(rows, at);
        question(facts);
        return facts.state();
    });
}

trunkbox::Result<Shown> shown_number(Lookup& lookup, const sip::MessageView& invite, const config::TrunkConfig& trunk,
                                     Time at) {
    const auto wanted = calling_number(invite, trunk);
    if (!lookup.keeps_numbers()) return Shown{.number = wanted};
    const auto& main = trunk.numbers.front().first;
    const auto asserted = asserted_numbers(invite, trunk.region);
    Shown shown;
    auto asked = lookup.ask(at, [&](const centrex::Facts& facts) {
        auto allowed = [&](const numbering::E164& number) { return may_show(facts, trunk, number); };
        auto first = std::ranges::find_if(asserted, allowed);
        if (first != asserted.end())
            shown.number = *first;
        else if (allowed(main))
            shown.number = main;
        if (first == asserted.end() && shown.number != wanted) shown.refused = wanted;
    });
    if (!asked) return tl::unexpected(asked.error());
    return shown;
}

}  // namespace trunkbox::provider
