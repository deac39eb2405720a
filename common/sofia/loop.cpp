#include "sofia/loop.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "sofia/loop_state.h"

namespace trunkbox::sofia {

namespace {

// sofia-sip's own timers (DNS) are asked at least this often.
constexpr auto longest_step = 250ms;

[[noreturn]] void throw_system(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct Watched : std::enable_shared_from_this<Watched> {
    std::weak_ptr<Loop::State> loop;
    std::function<void()> readable;
    int index = -1;

    void cancel() {
        auto state = loop.lock();
        if (state && index >= 0) su_root_deregister(state->root.get(), index);
        index = -1;
    }
};

int on_event(su_root_magic_t*, su_wait_t*, su_wakeup_arg_t* argument) {
    // The callback may destroy its own Watch.
    auto watched = static_cast<Watched*>(argument)->shared_from_this();
    auto state = watched->loop.lock();
    if (!state || watched->index < 0 || state->thrown) return 0;
    try {
        watched->readable();
    } catch (...) {
        state->thrown = std::current_exception();
    }
    return 0;
}

// Deregisters when the handle goes, not when the callback returns: the descriptor may be closed, and its number
// taken by another, before that.
struct WatchGuard {
    std::shared_ptr<Watched> watched;
    explicit WatchGuard(std::shared_ptr<Watched> w) : watched(std::move(w)) {}
    ~WatchGuard() { watched->cancel(); }
    WatchGuard(const WatchGuard&) = delete;
    WatchGuard& operator=(const WatchGuard&) = delete;
};

struct TimerGuard {
    std::weak_ptr<Loop::State> loop;
    Loop::State::Key key;
    TimerGuard(std::weak_ptr<Loop::State> l, Loop::State::Key k) : loop(std::move(l)), key(k) {}
    ~TimerGuard() {
        auto state = loop.lock();
        if (!state) return;
        // The callback's own captures may hold other timers: let it go only after it has left the map.
        auto gone = state->timers.extract(key);
    }
    TimerGuard(const TimerGuard&) = delete;
    TimerGuard& operator=(const TimerGuard&) = delete;
};

}  // namespace

Loop::State::State()
    : root(su_root_create(nullptr)),
      wall_start(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())),
      steady_start(Steady::now()),
      timer_descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    if (!root) throw_system("cannot make an event loop");
    if (timer_descriptor < 0) throw_system("cannot make a timer");
    // Callbacks of one root run in the thread that steps it.
    su_root_threading(root.get(), 0);
}

Loop::State::~State() {
    // Callbacks may own timers, sockets and watches of this very loop.
    auto pending = std::move(timers);
    timers.clear();
    pending.clear();
    timer_watch = Watch();
    if (timer_descriptor >= 0) close(timer_descriptor);
}

Time Loop::State::now() const { return wall_start + (Steady::now() - steady_start); }

void Loop::State::arm() {
    auto earliest = timers.empty() ? std::optional<Time>() : timers.begin()->first.first;
    if (earliest == armed_for) return;
    itimerspec setting{};
    if (earliest && *earliest != Time::max()) {
        auto due = steady_start.time_since_epoch() + (*earliest - wall_start);
        due = std::max<Duration>(due, Duration(1));  // zero would disarm it
        setting.it_value.tv_sec = due / 1s;
        setting.it_value.tv_nsec = (due % 1s).count();
    }
    if (timerfd_settime(timer_descriptor, TFD_TIMER_ABSTIME, &setting, nullptr) != 0) throw_system("cannot set a timer");
    armed_for = earliest;
}

void Loop::State::run_due() {
    auto time = now();
    auto set_before = timers_set;
    // A callback that sets a timer which is due at once waits for the next turn, so that sockets get theirs.
    while (!timers.empty() && !stopped) {
        auto next = timers.begin();
        while (next != timers.end() && next->first.first <= time && next->first.second >= set_before) ++next;
        if (next == timers.end() || next->first.first > time) return;
        auto due = timers.extract(next);
        due.mapped()();
    }
}

Loop::Loop(Library&) : state_(std::make_shared<State>()) {
    auto* state = state_.get();
    state->timer_watch = watch(state->timer_descriptor, [state] {
        std::uint64_t expirations = 0;
        // Nothing to read: it was set anew since. Either way run_due looks at the deadlines themselves.
        if (read(state->timer_descriptor, &expirations, sizeof expirations) > 0) state->armed_for.reset();
    });
}

Loop::~Loop() {
    state_->interrupts.reset();
    // Handles see an expired loop from here on.
    auto last = std::move(state_);
}

Time Loop::now() const { return state_->now(); }

Watch Loop::watch(int descriptor, std::function<void()> readable) {
    auto watched = std::make_shared<Watched>();
    watched->loop = state_;
    watched->readable = std::move(readable);
    su_wait_t wait;
    su_wait_init(&wait);
    if (su_wait_create(&wait, descriptor, SU_WAIT_IN) != 0) throw_system("cannot watch a descriptor");
    watched->index = su_root_register(state_->root.get(), &wait, on_event, watched.get(), 0);
    if (watched->index < 0) throw_system("cannot watch a descriptor");
    return Watch(std::make_shared<WatchGuard>(std::move(watched)));
}

Timer Loop::at(Time when, std::function<void()> due) {
    State::Key key{when, state_->timers_set++};
    state_->timers.emplace(key, std::move(due));
    return Timer(std::make_shared<TimerGuard>(state_, key));
}

Timer Loop::after(Duration delay, std::function<void()> due) {
    auto time = now();
    return at(delay < Time::max() - time ? time + delay : Time::max(), std::move(due));
}

void Loop::on_interrupt(std::function<void(int signal)> interrupted, std::function<void()> hung_up) {
    state_->interrupts.reset();
    state_->interrupts = std::make_unique<Interrupts>(std::move(interrupted), std::move(hung_up));
    auto* interrupts = state_->interrupts.get();
    interrupts->keep(watch(interrupts->descriptor(), [interrupts] { interrupts->deliver(); }));
}

void Loop::turn() {
    state_->arm();
    su_root_step(state_->root.get(), std::chrono::milliseconds(longest_step).count());
    if (state_->thrown) std::rethrow_exception(std::exchange(state_->thrown, nullptr));
    state_->run_due();
}

void Loop::run() {
    run_until([] { return false; });
}

bool Loop::run_until(const std::function<bool()>& predicate, Duration limit) {
    if (state_->running) throw std::logic_error("a loop is run from within its own callback");
    struct Running {
        State& state;
        explicit Running(State& s) : state(s) { state.running = true; }
        ~Running() { state.running = state.stopped = false; }
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;
    } running(*state_);
    bool late = false;
    auto limiter = limit == Duration::max() ? Timer() : after(limit, [&late] { late = true; });
    bool holds = predicate();
    while (!holds && !late && !state_->stopped) {
        turn();
        holds = predicate();
    }
    return holds;
}

void Loop::stop() { state_->stopped = true; }

}  // namespace trunkbox::sofia
