// bootstrap's package logic over made-up package tools: what it asks for, and that it leaves no trace.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "contract/source.h"
#include "support/process.h"
#include "support/session.h"

namespace {

namespace fs = std::filesystem;

// A checkout with nothing in it but bootstrap, and a PATH in which every program that it calls is ours.
class Machine {
  public:
    explicit Machine(const std::string& missing) {
        const char* tree = std::getenv("TRUNKBOX_SOURCE");
        REQUIRE_MESSAGE(tree != nullptr, "TRUNKBOX_SOURCE names the tree");
        fs::copy_file(fs::path(tree) / "bootstrap", root() / "bootstrap");
        fs::create_directories(root() / "usr/sbin");
        fs::create_directories(root() / "bin");
        // Says of every package but the missing ones that it is installed.
        program("dpkg-query", "shift 2; for p in \"$@\"; do case \" " + missing +
                                  " \" in *\" $p \"*) ;; *) echo \"installed $p\" ;; esac; done");
        // Writes down what it is asked, and what the guard answers meanwhile.
        program("apt-get", "echo \"apt-get $*\" >>$DPKG_ROOT/log; $DPKG_ROOT/usr/sbin/policy-rc.d kamailio start; "
                           "echo \"policy $?\" >>$DPKG_ROOT/log");
        program("systemctl", "echo \"systemctl $*\" >>$DPKG_ROOT/log");
        program("sudo", "echo sudo >>$DPKG_ROOT/log; exec \"$@\"");
        program("id", "echo 0");
        program("g++", "echo 12");
        program("cmake", "exit 0");
        program("ninja", "echo 'ninja: no work to do.'");
    }
    void program(const std::string& name, const std::string& body) {
        const fs::path file = root() / "bin" / name;
        std::ofstream(file) << "#!/bin/sh\n" << body << "\n";
        fs::permissions(file, fs::perms::owner_all);
    }
    void policy(const std::string& body) {
        std::ofstream(guard()) << "#!/bin/sh\n" << body << "\n";
        fs::permissions(guard(), fs::perms::owner_all);
    }
    [[nodiscard]] process::Outcome bootstrap(std::vector<std::string> words) const {
        words.insert(words.begin(), {"bash", (root() / "bootstrap").string()});
        return process::run(words, {{"PATH", (root() / "bin").string() + ":/usr/bin:/bin"}, {"DPKG_ROOT", root().string()}});
    }
    [[nodiscard]] std::string log() const { return contract::read_text(root() / "log"); }
    [[nodiscard]] fs::path guard() const { return root() / "usr/sbin/policy-rc.d"; }
    [[nodiscard]] bool has_trace() const { return !fs::is_empty(root() / "usr/sbin"); }
    [[nodiscard]] const fs::path& root() const { return directory_.path(); }

  private:
    transcript::TemporaryDirectory directory_;
};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the package lists are printed, each package once, and nothing is installed") {
    const Machine machine("g++ kamailio");
    const auto build = machine.bootstrap({"packages", "build"});
    const auto test = machine.bootstrap({"packages", "test"});
    CHECK(build.status == 0);
    CHECK(test.status == 0);
    CHECK(holds(build.out, "libsofia-sip-ua-dev\n"));
    CHECK_FALSE(holds(build.out, "kamailio"));
    CHECK(test.out.starts_with(build.out));
    CHECK(holds(test.out, "kamailio\n"));
    auto lines = contract::lines_of(test.out);
    std::sort(lines.begin(), lines.end());
    CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
    CHECK(machine.log().empty());
}

TEST_CASE("an unknown command is wrong usage") {
    const Machine machine("");
    CHECK(machine.bootstrap({}).status == 2);
    CHECK(machine.bootstrap({"tset"}).status == 2);
    CHECK(machine.bootstrap({"packages"}).status == 2);
    CHECK(machine.bootstrap({"--help"}).status == 0);
}

TEST_CASE("with nothing missing it is quiet and calls no package tool") {
    const Machine machine("");
    const auto outcome = machine.bootstrap({"build"});
    CHECK_MESSAGE(outcome.status == 0, outcome.err);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.empty());
    CHECK(machine.log().empty());
}

TEST_CASE("only what is missing is installed, and no service may start meanwhile") {
    const Machine machine("ninja-build libpcap-dev");
    const auto outcome = machine.bootstrap({"build"});
    CHECK_MESSAGE(outcome.status == 0, outcome.err);
    CHECK(holds(outcome.err, "installing 2 packages: ninja-build libpcap-dev"));
    CHECK(holds(machine.log(), "update\npolicy 101\n"));
    CHECK(holds(machine.log(), "--no-install-recommends install ninja-build libpcap-dev\npolicy 101\n"));
    CHECK_FALSE(holds(machine.log(), "sudo"));
    CHECK_FALSE(machine.has_trace());
}

TEST_CASE("a user who is not root is helped by sudo, and told what to do without it") {
    Machine machine("cmake");
    machine.program("id", "echo 1000");
    CHECK(machine.bootstrap({"build"}).status == 0);
    CHECK(machine.log().starts_with("sudo\napt-get"));
    CHECK_FALSE(machine.has_trace());
}

TEST_CASE("a service that a package brings is not left enabled") {
    Machine machine("kamailio");
    machine.program("cmake", "exit 1");  // the test ends where building begins
    CHECK(machine.bootstrap({"test"}).status != 0);
    CHECK(holds(machine.log(), "systemctl disable kamailio.service"));
}

TEST_CASE("the policy that was there comes back, also after a failure, an interrupt, and a run that was killed") {
    Machine machine("cmake");
    machine.policy("exit 0 # the owner's");
    CHECK(machine.bootstrap({"build"}).status == 0);
    CHECK(holds(machine.log(), "policy 101"));
    CHECK(holds(contract::read_text(machine.guard()), "the owner's"));

    machine.program("apt-get", "echo 'E: no network'; exit 100");
    const auto failed = machine.bootstrap({"build"});
    CHECK(failed.status == 4);
    CHECK(holds(failed.err, "E: no network"));
    CHECK(holds(failed.err, "the packages could not be installed"));
    CHECK(holds(contract::read_text(machine.guard()), "the owner's"));

    machine.program("apt-get", "kill -TERM $PPID; exit 0");
    CHECK(machine.bootstrap({"build"}).status == 4);
    CHECK(holds(contract::read_text(machine.guard()), "the owner's"));

    machine.program("apt-get", "kill -KILL $PPID; exit 0");
    CHECK(machine.bootstrap({"build"}).status == 4);
    CHECK(holds(contract::read_text(machine.guard()), "trunkbox bootstrap"));
    machine.program("apt-get", "exit 0");
    CHECK(machine.bootstrap({"build"}).status == 0);
    CHECK(holds(contract::read_text(machine.guard()), "the owner's"));
}

TEST_CASE("a policy that already says no is left alone") {
    Machine machine("cmake");
    machine.policy("exit 101 # the owner's");
    machine.program("apt-get", "cp $DPKG_ROOT/usr/sbin/policy-rc.d $DPKG_ROOT/seen");
    CHECK(machine.bootstrap({"build"}).status == 0);
    CHECK(holds(contract::read_text(machine.root() / "seen"), "the owner's"));
    CHECK(holds(contract::read_text(machine.guard()), "the owner's"));
}
