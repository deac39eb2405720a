#include "provider/lookup.h"

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
    Shown shown;
    auto asked = lookup.ask(at, [&](const centrex::Facts& facts) {
        if (may_show(facts, trunk, wanted))
            shown.number = wanted;
        else
            shown.refused = wanted;
        if (!shown.number && wanted != main && may_show(facts, trunk, main)) shown.number = main;
    });
    if (!asked) return tl::unexpected(asked.error());
    return shown;
}

}  // namespace trunkbox::provider
