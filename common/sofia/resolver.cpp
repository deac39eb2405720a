#include "sofia/resolver.h"

#include <arpa/inet.h>

#include <algorithm>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "sofia/loop_state.h"

namespace trunkbox::sofia {

namespace {

struct Question {
    sres_query_t* query = nullptr;       // owned by the resolver, which forgets us when it is unbound
    sres_resolver_t* resolver = nullptr;
    std::set<Question*>* open = nullptr;
    Loop* loop = nullptr;
    std::string host;
    Resolver::Answer answer;
    Timer timer;

    ~Question() { detach(); }
    void detach();
    void deliver(Result<std::vector<net::Ip>> result);
};

void Question::detach() {
    if (query) sres_query_bind(query, nullptr, nullptr);
    query = nullptr;
    timer = Timer();
    if (open) open->erase(this);
    open = nullptr;
}

// By way of the loop: the user's code runs neither inside lookup() nor inside sofia-sip.
void Question::deliver(Result<std::vector<net::Ip>> result) {
    timer = loop->after(0s, [this, result = std::move(result)] {
        auto callback = std::move(answer);
        auto final = result;
        detach();  // the callback may destroy this question
        callback(std::move(final));
    });
}

bool is_host_name(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty() || text.size() > 253) return false;
    for (auto label : split(text, '.')) {
        if (label.empty() || label.size() > 63) return false;
        for (char c : label)
            if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '_') return false;
    }
    return true;
}

std::vector<net::Ip> look_in_hosts(const std::string& path, std::string_view host) {
    std::vector<net::Ip> found;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        auto text = trim(split_once(line, '#').first);
        auto end = text.find_first_of(" \t");
        if (end == std::string_view::npos) continue;
        auto ip = net::Ip::parse(text.substr(0, end));
        if (!ip || ip->is_v6()) continue;
        for (auto rest = trim(text.substr(end)); !rest.empty();) {
            auto name = rest.substr(0, rest.find_first_of(" \t"));
            if (iequals(name, host) && std::find(found.begin(), found.end(), *ip) == found.end())
                found.push_back(*ip);
            rest = trim(rest.substr(name.size()));
        }
    }
    return found;
}

std::string_view why(unsigned status) {
    switch (status) {
        case SRES_NAME_ERR: return "no such host";
        case SRES_RECORD_ERR: return "the name has no IPv4 address";
        case SRES_TIMEOUT_ERR: return "no answer from DNS";
        case SRES_SERVER_ERR: return "the DNS server failed";
        case SRES_AUTH_ERR: return "the DNS server refused";
        case SRES_NETWORK_ERR: return "no DNS server can be reached";
        default: return "DNS gave no usable answer";
    }
}

tl::unexpected<Error> no_address(std::string_view host, std::string_view reason) {
    return failure(Fault::timeout, "", fmt::format("'{}' has no address: {}", host, reason));
}

Result<std::vector<net::Ip>> addresses(std::string_view host, sres_record_t** records) {
    std::vector<net::Ip> found;
    unsigned status = SRES_RECORD_ERR;
    for (auto** record = records; record && *record; ++record) {
        const auto* common = (*record)->sr_record;
        if (common->r_status != SRES_OK) status = common->r_status;
        else if (common->r_type == sres_type_a) found.push_back(net::Ip::v4(ntohl((*record)->sr_a->a_addr.s_addr)));
    }
    if (!records) status = SRES_NETWORK_ERR;
    if (found.empty()) return no_address(host, why(status));
    return found;
}

void on_answer(sres_context_t* context, sres_query_t*, sres_record_t** records) {
    auto& question = *reinterpret_cast<Question*>(context);
    question.query = nullptr;  // it ends with this call
    sres_sort_answers(question.resolver, records);
    question.deliver(addresses(question.host, records));
    sres_free_answers(question.resolver, records);
}

struct ResolverCloser {
    void operator()(sres_resolver_t* resolver) const { sres_resolver_destroy(resolver); }
};

}  // namespace

struct Resolver::State {
    Loop& loop;
    Files files;
    std::unique_ptr<sres_resolver_t, ResolverCloser> resolver;  // made when DNS is first asked
    std::set<Question*> open;

    State(Loop& l, Files f) : loop(l), files(std::move(f)) {}
    ~State() {
        while (!open.empty()) (*open.begin())->detach();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void ask(Question& question, Duration timeout);
};

void Resolver::State::ask(Question& question, Duration timeout) {
    const auto& host = question.host;
    if (!resolver) resolver.reset(sres_resolver_create(loop.state().root.get(), files.resolv_conf.c_str(), TAG_END()));
    if (!resolver)
        return question.deliver(failure(Fault::system, files.resolv_conf, "cannot start the DNS resolver"));
    question.resolver = resolver.get();
    auto* context = reinterpret_cast<sres_context_t*>(&question);
    if (auto** cached = sres_cached_answers(resolver.get(), sres_type_a, host.c_str())) {
        question.deliver(addresses(host, cached));
        return sres_free_answers(resolver.get(), cached);
    }
    question.timer = loop.after(timeout, [&question, timeout] {
        if (question.query) sres_query_bind(std::exchange(question.query, nullptr), nullptr, nullptr);
        question.deliver(
            no_address(question.host, fmt::format("no answer from DNS within {:g} s", seconds(timeout))));
    });
    // A name with a dot is complete; one without is looked for in the search domains.
    auto query = host.find('.') == std::string::npos ? sres_search : sres_query;
    question.query = query(resolver.get(), on_answer, context, sres_type_a, host.c_str());
    if (!question.query) question.deliver(no_address(host, why(SRES_NETWORK_ERR)));
}

Resolver::Resolver(Loop& loop) : Resolver(loop, Files{}) {}
Resolver::Resolver(Loop& loop, Files files) : state_(std::make_unique<State>(loop, std::move(files))) {}
Resolver::~Resolver() = default;

Lookup Resolver::lookup(std::string_view host, Answer answer, Duration timeout) {
    auto question = std::make_shared<Question>();
    question->loop = &state_->loop;
    question->host = std::string(host);
    question->answer = std::move(answer);
    question->open = &state_->open;
    state_->open.insert(question.get());

    auto name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    if (auto ip = net::Ip::parse(host)) {
        question->deliver(std::vector{*ip});
    } else if (!is_host_name(host)) {
        question->deliver(failure(Fault::input, "", fmt::format("'{}' is not a host name", printable(host)),
                                  "write e.g. 'sip.example.com' or '192.0.2.1'"));
    } else if (auto known = look_in_hosts(state_->files.hosts, name); !known.empty()) {
        question->deliver(std::move(known));
    } else if (iequals(name, "localhost")) {
        question->deliver(std::vector{net::Ip::v4(0x7f000001)});
    } else {
        state_->ask(*question, timeout);
    }
    return Lookup(std::move(question));
}

}  // namespace trunkbox::sofia
