#include "sbc/rule_index.h"

#include "sbc/catalogue.h"

namespace trunkbox::sbc {
namespace {

constexpr void add_scope(RuleIndex& index, const Rule& rule, std::size_t at) {
    if (rule.scope == Scope::packet) index.packet.add(at);
    else if (rule.scope != Scope::media) index.others.add(at);
    else index.media.add(at);
    // One that looks at headers has to do with messages, too.
    if (rule.scope == Scope::media && !rule.when.headers.empty()) index.others.add(at);
    if (rule.scope == Scope::packet || rule.scope == Scope::message) index.alone.add(at);
    (rule.has_memory() ? index.with_memory : index.without_memory).add(at);
}

constexpr RuleIndex make_index() {
    RuleIndex index{};
    for (std::size_t at = 0; at < catalogue.size(); ++at) {
        const Rule& rule = catalogue[at];
        const When& when = rule.when;
        add_scope(index, rule, at);
        if (when.of != Messages::responses) index.requests.add(at);
        if (when.of != Messages::requests) index.responses.add(at);
        for (std::size_t i = 0; i < index.directions.size(); ++i)
            if (when.direction == Direction::unknown || static_cast<std::size_t>(when.direction) == i)
                index.directions[i].add(at);
        if (!when.body) index.without_body.add(at);
        if (!when.flawed) index.without_flaw.add(at);
        if (!when.repeated) index.without_repeated.add(at);
        if (!when.unusual) index.usual.add(at);
        if (!when.irregular) index.regular.add(at);
        if (!when.excessive) index.moderate.add(at);
        if (!when.wordy) index.plain.add(at);
        if (when.headers.empty()) index.any_header.add(at);
        for (sip::HeaderName name : when.headers) {
            index.header[static_cast<std::size_t>(name)].add(at);
            index.waking.add(name);
        }
    }
    return index;
}

constexpr RuleIndex index = make_index();

}  // namespace

const RuleIndex& rule_index() { return index; }

RuleSet rules_for(const Subject& subject) {
    const sip::MessageView& message = subject.message;
    RuleSet rules = index.any_header;
    message.names().both(index.waking).each(
        [&](sip::HeaderName name) { rules |= index.header[static_cast<std::size_t>(name)]; });
    rules &= index.others;
    rules &= message.is_request() ? index.requests : index.responses;
    rules &= index.directions[static_cast<std::size_t>(subject.direction)];
    if (message.body().empty()) rules &= index.without_body;
    if (message.findings().empty()) rules &= index.without_flaw;
    if (!message.any_repeated()) rules &= index.without_repeated;
    if (subject.reading.is_usual()) rules &= index.usual;
    if (is_regular(subject)) rules &= index.regular;
    if (is_moderate(subject)) rules &= index.moderate;
    if (subject.reading.is_plain()) rules &= index.plain;
    return rules;
}

}  // namespace trunkbox::sbc
