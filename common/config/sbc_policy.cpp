#include "config/sbc_policy.h"

#include "base/text.h"
#include "config/files.h"
#include "config/sbc_policy_document.h"
#include "config/sbc_policy_keys.h"
#include "sbc/rule.h"
#include "sip/parameters.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

using sbc::Direction;

constexpr std::int64_t most_limit = 1 << 30;

Result<std::string> read_entry(const Node& node, ListForm form) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    if (trim(*text).empty()) return node.wrong("an empty entry of a list", "leave it out");
    bool digits = std::ranges::all_of(*text, is_digit);
    if (form == ListForm::digits && !digits)
        return node.wrong(fmt::format("'{}' is not digits", printable(*text)), "write e.g. '882'");
    if (form == ListForm::token && !sip::is_token(*text))
        return node.wrong(fmt::format("'{}' is not a token", printable(*text)), "use letters, digits and -.");
    return form == ListForm::lower_case ? lower(*text) : std::string(*text);
}

Fields::Step entries_into(std::vector<std::string>& list, ListForm form) {
    return [&list, form](const Node& node) -> Result<void> {
        auto items = node.items();
        if (!items) return tl::unexpected(items.error());
        list.clear();
        for (const Node& item : *items) {
            auto entry = read_entry(item, form);
            if (!entry) return tl::unexpected(entry.error());
            list.push_back(std::move(*entry));
        }
        return {};
    };
}

Fields::Step network_into(std::vector<sbc::Network>& networks) {
    return [&networks](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto network = sbc::Network::parse(*text);
        if (!network) return node.wrong(network.error());
        networks.push_back(*network);
        return {};
    };
}

Result<void> read_limits(const Node& node, sbc::Limits& limits) {
    Fields fields(node);
    for (const LimitKey& key : limit_keys) {
        auto value = static_cast<std::int64_t>(limits.*key.limit);
        fields.take_integer(key.name, value, 0, most_limit);
        limits.*key.limit = static_cast<std::size_t>(value);
    }
    return fields.done();
}

Result<void> read_lists(const Node& node, sbc::Lists& lists) {
    Fields fields(node);
    for (const ListKey& key : list_keys) fields.take(key.name, entries_into(lists.*key.list, key.form));
    return fields.done();
}

Result<void> read_own(const Node& node, sbc::Policy& policy) {
    Fields fields(node);
    fields.each("addresses", network_into(policy.own));
    fields.take("domains", entries_into(policy.lists.own_domains, ListForm::lower_case));
    return fields.done();
}

Result<void> read_action(const Node& node, const sbc::Rule& rule, std::optional<sbc::Outcome>& into) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    sbc::Policy trial;  // knows which actions a rule can have
    if (auto set = trial.set(rule.id, *text); !set) return node.wrong(set.error().what, set.error().fix);
    into = trial.rules.begin()->second.always.action;
    return {};
}

// "action" and the rule's parameters.
void read_change(Fields& fields, const sbc::Rule& rule, sbc::Change& change) {
    fields.take("action", [&](const Node& node) { return read_action(node, rule, change.action); });
    for (const sbc::Parameter& parameter : rule.parameters)
        fields.take(parameter.name, [&](const Node& node) -> Result<void> {
            auto value = node.integer(parameter.least, parameter.most);
            if (!value) return tl::unexpected(value.error());
            change.parameters[std::string(parameter.name)] = *value;
            return {};
        });
}

Result<const sbc::Rule*> known_rule(std::string_view id, const Node& node) {
    if (const sbc::Rule* rule = sbc::find_rule(id)) return rule;
    std::vector<std::string_view> ids;
    for (const sbc::Rule& rule : sbc::rules()) ids.push_back(rule.id);
    auto near = nearest(id, ids);
    return node.wrong(fmt::format("there is no rule '{}'", printable(id)),
                      near.empty() ? "'trunkbox sbc rules' lists them" : fmt::format("did you mean '{}'?", near));
}

class Reader {
  public:
    explicit Reader(PolicyDocument& document) : document_(document) {}

    void rules(Fields& fields, std::string_view peer, sbc::RuleChanges& changes) {
        fields.entries("rules", [&](std::string_view id, const Node& node) -> Result<void> {
            auto rule = known_rule(id, node);
            if (!rule) return tl::unexpected(rule.error());
            return read_rule(**rule, node, peer, changes[std::string(id)]);
        });
    }

    Result<void> peer(std::string_view name, const Node& node) {
        if (trim(name).empty()) return node.wrong("a peer needs a name", "write e.g. 'carrier'");
        sbc::Peer peer{.name = std::string(name)};
        Fields fields(node);
        fields.each("networks", network_into(peer.networks));
        fields.each("media", network_into(peer.media));
        fields.take("trusted", peer.trusted);
        constexpr std::array<Choice<bool>, 2> rates{{{"limited", false}, {"exempt", true}}};
        fields.take<bool>("rate", peer.rate_exempt, rates);
        fields.each("numbers", [&](const Node& item) -> Result<void> {
            auto text = item.text();
            if (!text) return tl::unexpected(text.error());
            auto range = numbering::NumberRange::parse(*text);
            if (!range) return item.wrong(range.error());
            peer.numbers.push_back(*range);
            return {};
        });
        rules(fields, name, peer.rules);
        document_.peers.push_back(node.where());
        document_.policy.peers.push_back(std::move(peer));
        return fields.done();
    }

  private:
    Result<void> read_rule(const sbc::Rule& rule, const Node& node, std::string_view peer, sbc::RuleChange& change) {
        auto mention = [&](Direction direction, const Node& at) {
            document_.mentions.push_back(
                {.rule = &rule, .peer = std::string(peer), .direction = direction, .where = at.where()});
        };
        if (!node.is_object()) {
            mention(Direction::unknown, node);
            return read_action(node, rule, change.always.action);
        }
        Fields fields(node);
        read_change(fields, rule, change.always);
        if (!change.always.empty()) mention(Direction::unknown, node);
        auto directed = [&](std::string_view key, Direction direction, sbc::Change& into) {
            fields.take(key, [&, direction](const Node& value) {
                Fields inner(value);
                read_change(inner, rule, into);
                mention(direction, value);
                return inner.done();
            });
        };
        directed("inbound", Direction::inbound, change.inbound);
        directed("outbound", Direction::outbound, change.outbound);
        return fields.done();
    }

    PolicyDocument& document_;
};

Result<void> read_base(const Node& node, sbc::Policy& policy) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    auto named = sbc::Policy::named(*text);
    if (!named) return node.wrong(named.error());
    policy = std::move(*named);
    return {};
}

// What is said of a rule and is so anyway is no change: a document that lists every rule gives the same policy as one
// that lists what differs.
void drop_what_is_usual(sbc::Policy& policy) {
    bool lenient = policy.profile == sbc::Profile::lenient;
    for (auto& [id, change] : policy.rules) {
        const sbc::Rule& rule = *sbc::find_rule(id);
        sbc::Change& always = change.always;
        if (always.action == (lenient ? rule.usual.lenient : rule.usual.strict)) always.action.reset();
        for (const sbc::Parameter& parameter : rule.parameters)
            if (auto own = always.parameters.find(parameter.name);
                own != always.parameters.end() && own->second == (lenient ? parameter.lenient : parameter.strict))
                always.parameters.erase(own);
    }
    std::erase_if(policy.rules, [](const auto& entry) { return entry.second.empty(); });
}

}  // namespace

Result<PolicyDocument> read_policy_document(std::string_view json, std::string_view file) {
    auto parsed = read_json(json, file);
    if (!parsed) return tl::unexpected(parsed.error());
    PolicyDocument document;
    sbc::Policy& policy = document.policy;
    policy = sbc::Policy::strict();
    Reader reader(document);
    Fields fields(parsed->root());
    fields.version(sbc_policy_version);
    fields.take("based_on", [&](const Node& node) { return read_base(node, policy); });
    fields.take("name", policy.name);
    constexpr std::array<Choice<sbc::Mode>, 2> modes{
        {{"enforce", sbc::Mode::enforce}, {"observe", sbc::Mode::observe}}};
    fields.take<sbc::Mode>("mode", policy.mode, modes);
    fields.take("own", [&](const Node& node) { return read_own(node, policy); });
    fields.take("limits", [&](const Node& node) { return read_limits(node, policy.limits); });
    fields.take("lists", [&](const Node& node) { return read_lists(node, policy.lists); });
    fields.entries("peers", [&](std::string_view name, const Node& node) { return reader.peer(name, node); });
    reader.rules(fields, "", policy.rules);
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return document;
}

Result<sbc::Policy> read_sbc_policy(std::string_view json, std::string_view file) {
    auto document = read_policy_document(json, file);
    if (!document) return tl::unexpected(document.error());
    drop_what_is_usual(document->policy);
    return std::move(document->policy);
}

Result<sbc::Policy> load_sbc_policy(std::string_view name_or_path) {
    if (auto named = sbc::Policy::named(name_or_path)) return *named;
    auto text = read_file(std::string(name_or_path));
    if (!text && name_or_path.find_first_of("/.") == std::string_view::npos)
        return failure(Fault::usage, "", fmt::format("there is no policy '{}'", printable(name_or_path)),
                       "take 'strict', 'lenient', 'observe' or the path of a policy file");
    if (!text) return tl::unexpected(text.error());
    return read_sbc_policy(*text, name_or_path);
}

}  // namespace trunkbox::config
