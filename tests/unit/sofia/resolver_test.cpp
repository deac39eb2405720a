#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "sofia/resolver.h"

using namespace trunkbox;

namespace {

constexpr Duration long_enough = 20s;

struct Folder {
    std::string path = "/tmp/trunkbox-resolver-XXXXXX";
    Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
    ~Folder() {
        for (auto name : {"/hosts", "/resolv.conf"}) std::remove((path + name).c_str());
        rmdir(path.c_str());
    }
    std::string write(const std::string& name, std::string_view text) {
        std::ofstream(path + name) << text;
        return path + name;
    }
};

// A name server for the names it is told; NXDOMAIN for others, silence for "silent.example.com".
class NameServer {
  public:
    explicit NameServer(sofia::Loop& loop) : descriptor_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        socklen_t length = sizeof address;
        getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        watch_ = loop.watch(descriptor_, [this] { answer(); });
    }
    ~NameServer() {
        watch_ = sofia::Watch();
        close(descriptor_);
    }
    std::map<std::string, std::string> aliases;                 // CNAME
    std::map<std::string, std::vector<std::string>> addresses;  // A
    int asked = 0;
    [[nodiscard]] int port() const { return port_; }

  private:
    static std::string encode(std::string_view name) {
        std::string out;
        for (auto label : split(name, '.')) {
            out += static_cast<char>(label.size());
            out += label;
        }
        return out + '\0';
    }
    static std::string record(std::string_view name, char type, std::string_view data) {
        std::string out = encode(name);
        out += std::string_view("\0", 1);
        out += type;
        out += std::string_view("\0\1\0\0\0\x3c\0", 7);
        out += static_cast<char>(data.size());
        return out + std::string(data);
    }
    void answer() {
        char buffer[512];
        sockaddr_in from{};
        socklen_t length = sizeof from;
        auto size = recvfrom(descriptor_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &length);
        if (size < 17) return;
        ++asked;
        std::string_view query(buffer, static_cast<std::size_t>(size));
        std::string name;
        std::size_t place = 12;
        while (query[place] != 0) {
            auto label = static_cast<std::size_t>(query[place]);
            name += (name.empty() ? "" : ".") + std::string(query.substr(place + 1, label));
            place += label + 1;
        }
        auto question = query.substr(12, place + 5 - 12);
        if (name == "silent.example.com") return;
        std::string records;
        char count = 0;
        auto final = name;
        if (aliases.contains(name)) {
            final = aliases[name];
            records += record(name, 5, encode(final));
            ++count;
        }
        for (const auto& text : addresses[final]) {
            in_addr address{};
            inet_pton(AF_INET, text.c_str(), &address);
            records += record(final, 1, {reinterpret_cast<const char*>(&address), 4});
            ++count;
        }
        std::string reply(query.substr(0, 2));
        reply += '\x81';
        reply += count > 0 ? '\x80' : '\x83';
        reply += std::string_view("\0\1\0", 3);
        reply += count;
        reply += std::string_view("\0\0\0\0", 4);
        reply += std::string(question) + records;
        sendto(descriptor_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
    }

    int descriptor_;
    int port_ = 0;
    sofia::Watch watch_;
};

struct Asked {
    std::optional<Result<std::vector<net::Ip>>> answer;
    sofia::Lookup lookup;
};

struct Fixture {
    sofia::Library library;
    sofia::Loop loop{library};
    Folder folder;
    NameServer server{loop};
    std::optional<sofia::Resolver> resolver;

    Fixture() {
        auto hosts = folder.write("/hosts",
                                  "# comment\n192.0.2.7\tPbx.example.com pbx # trailing\n2001:db8::7 pbx\n"
                                  "192.0.2.8 pbx\nnonsense pbx\n192.0.2.9\n\n::1 localhost");
        auto conf = folder.write("/resolv.conf", fmt::format("nameserver 127.0.0.1\nport {}\n"
                                                             "search example.com\noptions timeout:1 attempts:1\n",
                                                             server.port()));
        resolver.emplace(loop, sofia::Resolver::Files{hosts, conf});
    }
    Result<std::vector<net::Ip>> ask(std::string_view host, Duration timeout = long_enough) {
        Asked asked;
        asked.lookup = resolver->lookup(host, [&](auto answer) { asked.answer = std::move(answer); }, timeout);
        CHECK_FALSE(asked.answer);  // never from within
        REQUIRE(loop.run_until([&] { return asked.answer.has_value(); }, long_enough));
        return *asked.answer;
    }
    std::string texts(std::string_view host) {
        auto answer = ask(host);
        if (!answer) return answer.error().text();
        std::string all;
        for (const auto& ip : *answer) all += ip.text() + " ";
        return all;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "literals, hosts and localhost need no name server") {
    CHECK(texts("192.0.2.1") == "192.0.2.1 ");
    CHECK(texts("[2001:db8::1]") == "2001:db8::1 ");
    CHECK(texts("pbx") == "192.0.2.7 192.0.2.8 ");
    CHECK(texts("PBX.EXAMPLE.COM") == "192.0.2.7 ");
    CHECK(texts("localhost") == "127.0.0.1 ");
    CHECK(texts("localhost.") == "127.0.0.1 ");
    CHECK(server.asked == 0);
}

TEST_CASE_FIXTURE(Fixture, "the hosts file of this machine is read by default") {
    sofia::Resolver own(loop);
    std::optional<Result<std::vector<net::Ip>>> answer;
    auto lookup = own.lookup("localhost", [&](auto a) { answer = std::move(a); });
    REQUIRE(loop.run_until([&] { return answer.has_value(); }, long_enough));
    REQUIRE(*answer);
    CHECK((**answer)[0].is_loopback());
}

TEST_CASE_FIXTURE(Fixture, "A records, through an alias, from the cache, through the search domain") {
    server.addresses["sip.example.com"] = {"192.0.2.20", "192.0.2.21"};
    server.aliases["trunk.example.com"] = "sip.example.com";
    auto found = ask("sip.example.com");
    REQUIRE(found);
    CHECK(found->size() == 2);
    CHECK(server.asked == 1);
    CHECK(ask("sip.example.com"));
    CHECK(server.asked == 1);
    CHECK(texts("trunk.example.com").find("192.0.2.2") == 0);
    CHECK(texts("sip").find("192.0.2.2") == 0);
}

TEST_CASE_FIXTURE(Fixture, "a name that does not exist says so") {
    auto answer = ask("nosuch.example.com");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == Fault::timeout);
    CHECK(answer.error().text() == "'nosuch.example.com' has no address: no such host");
}

TEST_CASE_FIXTURE(Fixture, "a silent name server ends by the caller's limit") {
    auto answer = ask("silent.example.com", 20ms);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == Fault::timeout);
    CHECK(answer.error().text() == "'silent.example.com' has no address: no answer from DNS within 0.02 s");
}

TEST_CASE_FIXTURE(Fixture, "a dead name server is an answer too") {
    auto conf = folder.write("/resolv.conf", "nameserver 127.0.0.1\nport 1\noptions timeout:1 attempts:1\n");
    resolver.emplace(loop, sofia::Resolver::Files{"/nonexistent", conf});
    auto answer = ask("sip.example.com", 5s);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == Fault::timeout);
}

TEST_CASE_FIXTURE(Fixture, "what is no host name is refused") {
    std::string long_label(64, 'a');
    std::string with_nul("a\0b", 3);
    for (std::string_view bad : {std::string_view(""), std::string_view("."), std::string_view("a..b"),
                                 std::string_view("a b"), std::string_view("a;b"), std::string_view(long_label),
                                 std::string_view(with_nul), std::string_view("[::"), std::string_view("h\xc3\xa9")}) {
        auto answer = ask(bad);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().fault == Fault::input);
    }
}

TEST_CASE_FIXTURE(Fixture, "a lookup dropped is never answered, before or after the resolver") {
    bool called = false;
    auto note = [&](auto) { called = true; };
    {
        auto dropped = resolver->lookup("silent.example.com", note, 5ms);
        auto literal = resolver->lookup("192.0.2.1", note);
    }
    auto outlives = resolver->lookup("silent.example.com", note, 5ms);
    auto second = resolver->lookup("sip.example.com", note, 5ms);
    resolver.reset();
    CHECK_FALSE(loop.run_until([&] { return called; }, 30ms));
}

TEST_CASE_FIXTURE(Fixture, "an answer may drop its lookup and ask again") {
    server.addresses["sip.example.com"] = {"192.0.2.20"};
    sofia::Lookup lookup;
    bool second = false;
    lookup = resolver->lookup("sip.example.com", [&](auto) {
        lookup = resolver->lookup("192.0.2.1", [&](auto) {
            second = true;
            lookup = sofia::Lookup();
        });
    });
    CHECK(loop.run_until([&] { return second; }, long_enough));
}
