#include "config/provider.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "config/directory.h"
#include "config/files.h"
#include "config/json.h"
#include "config/sbc_policy.h"
#include "numbering/spelling.h"
#include "sip/parameters.h"

namespace trunkbox::config {

namespace {

constexpr std::int64_t config_version = 1;

// Names and reasons go into SIP messages.
Fields::Step into_token(std::string& into) {
    return [&into](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        if (!sip::is_token(*text))
            return node.wrong(fmt::format("'{}' is not a token", printable(*text)), "use letters, digits and -.");
        into = *text;
        return {};
    };
}

Fields::Step phrase(std::string& into) {
    return [&into](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        if (text->find_first_of("\r\n") != std::string_view::npos)
            return node.wrong("a reason phrase is one line", "leave the line end out");
        into = *text;
        return {};
    };
}

Result<void> read_status(const Node& node, int& status) {
    auto number = node.integer(200, 699);
    if (!number) return tl::unexpected(number.error());
    status = static_cast<int>(*number);
    return {};
}

Result<void> read_money(const Node& node, Money& into) {
    auto text = node.decimal();
    if (!text) return tl::unexpected(text.error());
    auto money = Money::parse(*text);
    if (!money) return node.wrong(money.error());
    into = *money;
    return {};
}

Result<lcr::DeckRow> read_rate(const Node& node) {
    std::string prefix, currency = "EUR";
    lcr::DeckRow row{.prefix = *numbering::Prefix::parse("1")};
    Fields fields(node);
    fields.need("prefix", prefix);
    fields.take("destination", row.destination);
    fields.need("rate", [&](const Node& value) { return read_money(value, row.rate); });
    fields.take("connect_fee", [&](const Node& value) { return read_money(value, row.terms.connect_fee); });
    fields.take("currency", currency);
    fields.take_integer("minimum", row.terms.minimum, 0, 86'400);
    fields.take_integer("increment", row.terms.increment, 1, 86'400);
    fields.take("blocked", row.terms.blocked);
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    auto parsed = numbering::Prefix::parse(prefix);
    if (!parsed) return node.wrong(parsed.error());
    row.prefix = *parsed;
    auto unit = Currency::parse(currency);
    if (!unit) return node.wrong(unit.error());
    row.terms.currency = *unit;
    auto where = node.where();
    auto line = split(where, ':');
    if (line.size() >= 2) row.line = parse_integer<std::size_t>(line[line.size() - 2]).value_or(0);
    return row;
}

Result<void> read_behaviour(const Node& node, CarrierBehaviour& behaviour) {
    Fields fields(node);
    fields.take("status", [&](const Node& value) { return read_status(value, behaviour.status); });
    fields.take("reason", phrase(behaviour.reason));
    fields.take("delay", behaviour.delay);
    fields.take("ring", behaviour.ring);
    fields.take("early_media", behaviour.early_media);
    fields.take("echo", behaviour.echo);
    fields.take("duration", behaviour.duration);
    fields.take("tone", [&](const Node& value) -> Result<void> {
        auto frequency = value.number();
        if (!frequency) return tl::unexpected(frequency.error());
        if (*frequency < 20 || *frequency > 3800)
            return value.wrong("a telephone carries no such tone", "write a frequency from 20 to 3800 Hz");
        behaviour.tone = *frequency;
        return {};
    });
    return fields.done();
}

Result<void> read_carrier(const Node& node, std::vector<CarrierConfig>& carriers) {
    CarrierConfig config;
    lcr::Deck inline_deck{std::string(node.file())};
    std::int64_t priority = 0;
    Fields fields(node);
    fields.need("name", into_token(config.carrier.name));
    fields.take_integer("priority", priority, 0, 1'000'000);
    fields.take("enabled", config.carrier.enabled);
    auto add_deck = [&](const Node& value) -> Result<void> {
        auto path = value.text();
        if (!path) return tl::unexpected(path.error());
        auto deck = read_deck_file(beside(value.file(), std::string(*path)));
        if (!deck) return tl::unexpected(deck.error());
        config.decks.push_back(std::move(*deck));
        return {};
    };
    fields.take("deck", add_deck);
    fields.each("decks", add_deck);
    fields.each("rates", [&](const Node& value) -> Result<void> {
        auto row = read_rate(value);
        if (!row) return tl::unexpected(row.error());
        inline_deck.add(*row);
        return {};
    });
    fields.take("behaviour", [&](const Node& value) { return read_behaviour(value, config.behaviour); });
    if (auto done = fields.done(); !done) return done;
    config.carrier.priority = static_cast<int>(priority);
    if (!inline_deck.empty()) config.decks.push_back(std::move(inline_deck));
    if (std::ranges::any_of(carriers, [&](const auto& c) { return c.carrier.name == config.carrier.name; }))
        return node.wrong(fmt::format("carrier '{}' is there already", config.carrier.name), "give each its own name");
    carriers.push_back(std::move(config));
    return {};
}

// Tests on one machine call as often as they like.
constexpr std::array<std::string_view, 2> loopback{"127.0.0.0/8", "::1"};
constexpr std::string_view exempt_group = "rate_exempt";

// As a group of its own; a group of the policy with a narrower network goes before it.
template <class Texts>
Result<void> exempt_from_rates(sbc::Policy& policy, const Texts& networks) {
    std::erase_if(policy.peers, [](const sbc::Peer& peer) { return peer.name == exempt_group; });
    sbc::Peer exempt{.name = std::string(exempt_group), .rate_exempt = true};
    for (const auto& text : networks) {
        auto network = sbc::Network::parse(text);
        if (!network) return tl::unexpected(network.error());
        exempt.networks.push_back(*network);
    }
    if (!exempt.networks.empty()) policy.peers.push_back(std::move(exempt));
    return {};
}

Result<void> read_policy(const Node& node, std::string_view file, sbc::Policy& policy) {
    Fields fields(node);
    fields.take("policy", [&](const Node& value) -> Result<void> {
        auto name = value.text();
        if (!name) return tl::unexpected(name.error());
        auto named = sbc::Policy::named(*name);
        if (!named) named = load_sbc_policy(beside(file, std::string(*name)));
        if (!named) return value.wrong(named.error());
        policy = std::move(*named);
        return {};
    });
    std::vector<std::string> exempt(loopback.begin(), loopback.end());
    fields.take("rate_exempt", exempt);
    if (auto done = exempt_from_rates(policy, exempt); !done) return node.wrong(done.error());
    fields.entries("rules", [&](std::string_view rule, const Node& value) -> Result<void> {
        auto action = value.text();
        if (!action) return tl::unexpected(action.error());
        if (auto set = policy.set(rule, *action); !set) return value.wrong(set.error());
        return {};
    });
    return fields.done();
}

void read_password(Fields& fields, TrunkConfig& trunk) {
    sip::CredentialsReference reference;
    fields.take("password_file", reference.password_file);
    fields.take("password_env", reference.password_env);
    fields.take("password", [](const Node& literal) -> Result<void> {
        return literal.wrong("a password does not stand in a configuration",
                             "put it into a file of mode 600 and name that as 'password_file'");
    });
    if (!reference.password_file.empty() && !reference.password_env.empty())
        fields.check(fields.node().wrong("'password_file' and 'password_env' exclude each other", "keep one of them"));
    if (reference.password_file.empty() && reference.password_env.empty()) return;
    if (!reference.password_file.empty())
        reference.password_file = beside(fields.node().file(), reference.password_file);
    reference.username = trunk.username;
    trunk.credentials = std::move(reference);
}

Result<void> read_numbers(const Node& node, std::vector<numbering::NumberRange>& numbers) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    auto range = numbering::NumberRange::parse(*text);
    if (!range) return node.wrong(range.error());
    numbers.push_back(*range);
    return {};
}

Result<void> read_trunk(const Node& node, std::vector<TrunkConfig>& trunks) {
    TrunkConfig trunk;
    Fields fields(node);
    fields.need("name", into_token(trunk.name));
    trunk.username = trunk.name;
    trunk.tenant = trunk.name;
    fields.take("tenant", into_token(trunk.tenant));
    fields.take("username", into_token(trunk.username));
    read_password(fields, trunk);
    constexpr std::array<Choice<sip::digest::Algorithm>, 2> algorithms{
        {{"MD5", sip::digest::Algorithm::md5}, {"SHA-256", sip::digest::Algorithm::sha256}}};
    fields.take<sip::digest::Algorithm>("digest", trunk.algorithm, algorithms);
    fields.each("addresses", [&](const Node& value) -> Result<void> {
        auto text = value.text();
        if (!text) return tl::unexpected(text.error());
        auto ip = net::Ip::parse(*text);
        if (!ip) return value.wrong(ip.error());
        trunk.addresses.push_back(*ip);
        return {};
    });
    fields.each("numbers", [&](const Node& value) { return read_numbers(value, trunk.numbers); });
    fields.take("region", trunk.region);
    fields.entries("test_numbers", [&](std::string_view name, const Node& value) -> Result<void> {
        auto text = value.text();
        if (!text) return tl::unexpected(text.error());
        auto number = numbering::read_number(*text, trunk.region);
        if (!number) return value.wrong(number.error());
        trunk.test_numbers[std::string(name)] = number->text();
        return {};
    });
    if (auto done = fields.done(); !done) return done;
    if (trunk.numbers.empty())
        return node.wrong("a trunk needs 'numbers'", "name the range that it calls from");
    auto taken = std::ranges::any_of(trunks, [&](const auto& other) {
        return other.name == trunk.name || other.username == trunk.username;
    });
    if (taken) return node.wrong(fmt::format("trunk '{}' is there already", trunk.name), "give each its own name");
    trunks.push_back(std::move(trunk));
    return {};
}

// Either the route table says what carriers ask, or each says it for itself.
Result<void> check_prices(const Node& node, const ProviderConfig& config) {
    for (const auto& carrier : config.carriers) {
        const auto& name = carrier.carrier.name;
        if (config.routes.empty() && carrier.decks.empty())
            return node.wrong(fmt::format("carrier '{}' needs 'rates' or a 'deck'", name), "say what it asks for calls");
        if (!config.routes.empty() && !carrier.decks.empty())
            return node.wrong(fmt::format("carrier '{}' has rates beside 'routes'", name),
                              "keep one of them; 'trunkbox lcr compile' makes routes of decks");
    }
    return {};
}

}  // namespace

sbc::Policy edge_policy() {
    auto policy = sbc::Policy::strict();
    (void)exempt_from_rates(policy, loopback);
    return policy;
}

Result<ProviderConfig> read_provider_config(std::string_view json, std::string_view file) {
    auto document = read_json(json, file);
    if (!document) return tl::unexpected(document.error());
    ProviderConfig config;
    Fields fields(document->root());
    fields.version(config_version);
    fields.take("listen", [&](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto listen = net::Endpoint::parse(*text, 5060);
        if (!listen) return node.wrong(listen.error());
        config.listen = *listen;
        return {};
    });
    fields.take("domain", into_token(config.domain));
    fields.take("least_expires", config.least_expires);
    fields.take("most_expires", config.most_expires);
    fields.take("answer_timeout", config.answer_timeout);
    fields.take("sbc", [&](const Node& node) { return read_policy(node, file, config.policy); });
    fields.each("trunks", [&](const Node& node) { return read_trunk(node, config.trunks); });
    fields.each("carriers", [&](const Node& node) { return read_carrier(node, config.carriers); });
    fields.take("routes", config.routes);
    if (!config.routes.empty()) config.routes = beside(file, config.routes);
    fields.check(check_prices(fields.node(), config));
    fields.take("directory", [&](const Node& node) -> Result<void> {
        if (auto place = node.text()) {
            config.directory_place = place->find("://") == std::string_view::npos ? beside(file, std::string(*place))
                                                                                : std::string(*place);
            return {};
        }
        auto directory = read_directory(node);
        if (!directory) return tl::unexpected(directory.error());
        config.directory = std::move(*directory);
        return {};
    });
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return config;
}

}  // namespace trunkbox::config
