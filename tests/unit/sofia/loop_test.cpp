#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sofia/loop.h"

using namespace trunkbox;

namespace {

constexpr Duration long_enough = 20s;  // far beyond what any of these takes

struct Pipe {
    int ends[2] = {-1, -1};
    Pipe() { REQUIRE(pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0); }
    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }
    void put() { REQUIRE(write(ends[1], "x", 1) == 1); }
    void take() {
        char byte;
        REQUIRE(read(ends[0], &byte, 1) == 1);
    }
};

}  // namespace

TEST_CASE("the library takes dangerous environment variables away and may be started again") {
    setenv("TPORT_DUMP", "/nonexistent/dump", 1);
    setenv("NTA_DEBUG", "9", 1);
    for (int i = 0; i < 2; ++i) {
        sofia::Library library;
        CHECK(std::getenv("TPORT_DUMP") == nullptr);
        CHECK(std::getenv("NTA_DEBUG") == nullptr);
        sofia::Loop loop(library);
        bool fired = false;
        auto timer = loop.after(0s, [&] { fired = true; });
        CHECK(loop.run_until([&] { return fired; }, long_enough));
    }
}

TEST_CASE("timers run in the order of their deadlines, never early") {
    sofia::Library library;
    sofia::Loop loop(library);
    auto start = loop.now();
    std::vector<int> order;
    std::vector<Time> fired;
    auto note = [&](int which) {
        return [&, which] {
            order.push_back(which);
            fired.push_back(loop.now());
        };
    };
    auto third = loop.at(start + 9ms, note(3));
    auto first = loop.at(start + 2ms, note(1));
    auto second = loop.at(start + 2ms, note(2));
    CHECK(loop.run_until([&] { return order.size() == 3; }, long_enough));
    CHECK(order == std::vector{1, 2, 3});
    CHECK(fired[0] >= start + 2ms);
    CHECK(fired[2] >= start + 9ms);
}

TEST_CASE("a timer set from the last deadline does not drift") {
    sofia::Library library;
    sofia::Loop loop(library);
    auto start = loop.now();
    auto next = start;
    int ticks = 0;
    sofia::Timer timer;
    std::vector<Duration> late;
    std::function<void()> tick = [&] {
        late.push_back(loop.now() - next);
        ++ticks;
        next += 2ms;
        timer = loop.at(next, tick);  // replaces itself from within its own callback
    };
    timer = loop.at(next, tick);
    CHECK(loop.run_until([&] { return ticks == 51; }, long_enough));
    CHECK(loop.now() >= start + 100ms);
    // Never early; and 50 periods take no longer than 50 periods and what the machine was busy with at the end.
    CHECK(*std::min_element(late.begin(), late.end()) >= 0s);
    CHECK(loop.now() - start < 100ms + late.back() + 900ms);
}

TEST_CASE("a timer is cancelled by destruction, also by another timer and after the loop") {
    sofia::Library library;
    std::optional<sofia::Loop> loop(std::in_place, library);
    bool wrong = false, done = false;
    auto victim = loop->after(2ms, [&] { wrong = true; });
    auto killer = loop->after(1ms, [&] { victim = sofia::Timer(); });
    auto last = loop->after(5ms, [&] { done = true; });
    {
        auto never = loop->after(0s, [&] { wrong = true; });
    }
    CHECK(loop->run_until([&] { return done; }, long_enough));
    CHECK_FALSE(wrong);
    auto survivor = loop->after(1h, [] {});
    auto at_the_end_of_time = loop->after(Duration::max(), [] {});
    loop.reset();
}

TEST_CASE("a timer's callback may own the timer") {
    sofia::Library library;
    sofia::Loop loop(library);
    auto token = std::make_shared<int>(7);
    std::weak_ptr<int> watch_token = token;
    auto handle = std::make_shared<sofia::Timer>();
    *handle = loop.after(1ms, [handle, token] {});
    handle.reset();
    token.reset();
    CHECK_FALSE(loop.run_until([] { return false; }, 3ms));
    CHECK(watch_token.expired());
}

TEST_CASE("a timer that sets one due at once leaves sockets their turn") {
    sofia::Library library;
    sofia::Loop loop(library);
    Pipe pipe;
    pipe.put();
    bool read = false;
    int spins = 0;
    sofia::Timer timer;
    std::function<void()> spin = [&] {
        ++spins;
        timer = loop.after(0s, spin);
    };
    timer = loop.after(0s, spin);
    auto watch = loop.watch(pipe.ends[0], [&] {
        pipe.take();
        read = true;
    });
    CHECK(loop.run_until([&] { return read && spins > 3; }, long_enough));
}

TEST_CASE("a watch calls back while there is something to read, and may destroy itself and others") {
    sofia::Library library;
    sofia::Loop loop(library);
    Pipe a, b;
    a.put();
    a.put();
    b.put();
    int from_a = 0;
    sofia::Watch watch_a, watch_b;
    watch_a = loop.watch(a.ends[0], [&] {
        a.take();
        if (++from_a == 2) {
            watch_b = loop.watch(b.ends[0], [&] {
                b.take();
                loop.stop();
            });
            watch_a = sofia::Watch();
        }
    });
    CHECK(watch_a.active());
    loop.run();
    CHECK(from_a == 2);
    CHECK_FALSE(watch_a.active());
    a.put();
    CHECK_FALSE(loop.run_until([&] { return from_a == 3; }, 5ms));
}

TEST_CASE("a closed descriptor's number may be taken by another at once") {
    sofia::Library library;
    sofia::Loop loop(library);
    auto old_pipe = std::make_unique<Pipe>();
    std::unique_ptr<Pipe> new_pipe;
    sofia::Watch old_watch, new_watch;
    bool heard = false;
    old_pipe->put();
    old_watch = loop.watch(old_pipe->ends[0], [&] {
        int number = old_pipe->ends[0];
        old_watch = sofia::Watch();
        old_pipe.reset();
        new_pipe = std::make_unique<Pipe>();
        CHECK(new_pipe->ends[0] == number);
        new_watch = loop.watch(new_pipe->ends[0], [&] {
            new_pipe->take();
            heard = true;
        });
        new_pipe->put();
    });
    CHECK(loop.run_until([&] { return heard; }, long_enough));
}

TEST_CASE("many watches and many descriptors ready at once") {
    sofia::Library library;
    sofia::Loop loop(library);
    std::vector<std::unique_ptr<Pipe>> pipes;
    std::vector<sofia::Watch> watches;
    int heard = 0;
    for (int i = 0; i < 100; ++i) {
        pipes.push_back(std::make_unique<Pipe>());
        pipes.back()->put();
        watches.push_back(loop.watch(pipes.back()->ends[0], [&heard, pipe = pipes.back().get()] {
            pipe->take();
            ++heard;
        }));
    }
    CHECK(loop.run_until([&] { return heard == 100; }, long_enough));
    std::vector<sofia::Watch> none;
    watches.swap(none);
}

TEST_CASE("run ends by stop, by its limit, and by an exception of a callback") {
    sofia::Library library;
    sofia::Loop loop(library);
    loop.stop();
    loop.run();  // stopped beforehand
    CHECK_FALSE(loop.run_until([] { return false; }, 1ms));
    CHECK(loop.run_until([] { return true; }, 0s));
    auto timer = loop.after(1ms, [&] { loop.stop(); });
    CHECK_FALSE(loop.run_until([] { return false; }, long_enough));

    Pipe pipe;
    pipe.put();
    {
        auto watch = loop.watch(pipe.ends[0], [] { throw std::runtime_error("from a watch"); });
        CHECK_THROWS_WITH(loop.run(), "from a watch");
    }
    auto thrower = loop.after(0s, [] { throw std::runtime_error("from a timer"); });
    CHECK_THROWS_WITH(loop.run(), "from a timer");
    auto nested = loop.after(0s, [&] { loop.run(); });
    CHECK_THROWS_AS(loop.run(), std::logic_error);
}

TEST_CASE("now never goes back and begins at the wall clock") {
    sofia::Library library;
    auto before = std::chrono::system_clock::now();
    sofia::Loop loop(library);
    auto last = loop.now();
    CHECK(last >= before);
    CHECK(last - before < 60s);
    for (int i = 0; i < 1000; ++i) {
        auto now = loop.now();
        CHECK(now >= last);
        last = now;
    }
}

TEST_CASE("SIGINT and SIGTERM come through the loop and the mask comes back") {
    sigset_t before, after;
    sigprocmask(SIG_SETMASK, nullptr, &before);
    {
        sofia::Library library;
        sofia::Loop loop(library);
        std::vector<int> signals;
        loop.on_interrupt([&](int signal) { signals.push_back(signal); });
        raise(SIGTERM);
        CHECK(loop.run_until([&] { return signals.size() == 1; }, long_enough));
        raise(SIGINT);
        CHECK(loop.run_until([&] { return signals.size() == 2; }, long_enough));
        CHECK(signals == std::vector{SIGTERM, SIGINT});
    }
    sigprocmask(SIG_SETMASK, nullptr, &after);
    CHECK(sigismember(&before, SIGINT) == sigismember(&after, SIGINT));
    CHECK(sigismember(&before, SIGTERM) == sigismember(&after, SIGTERM));
}

TEST_CASE("the second SIGINT ends the process at once, also where a shell had it ignored") {
    for (auto disposition : {SIG_DFL, SIG_IGN}) {
        auto child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            std::signal(SIGINT, disposition);
            sofia::Library library;
            sofia::Loop loop(library);
            int count = 0;
            loop.on_interrupt([&](int) { ++count; });
            raise(SIGINT);
            if (!loop.run_until([&] { return count == 1; }, long_enough)) _exit(1);
            raise(SIGINT);
            _exit(2);  // still here
        }
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == SIGINT);
    }
}
