#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "sofia/loop_state.h"

namespace trunkbox::sofia {

struct Interrupts::State {
    std::function<void(int)> interrupted;
    std::function<void()> hung_up;
    int descriptor = -1;
    sigset_t mask_before{};
    struct sigaction int_before {};
    bool first_taken = false;
    Watch watch;
};

Interrupts::Interrupts(std::function<void(int)> interrupted, std::function<void()> hung_up)
    : state_(std::make_unique<State>()) {
    state_->interrupted = std::move(interrupted);
    state_->hung_up = std::move(hung_up);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (state_->hung_up) sigaddset(&signals, SIGHUP);
    state_->descriptor = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (state_->descriptor < 0) throw std::system_error(errno, std::generic_category(), "cannot watch for signals");
    sigaction(SIGINT, nullptr, &state_->int_before);
    // A blocked signal reaches the descriptor even if it is ignored, as a shell's background job ignores SIGINT.
    pthread_sigmask(SIG_BLOCK, &signals, &state_->mask_before);
}

Interrupts::~Interrupts() {
    state_->watch = Watch();
    close(state_->descriptor);
    if (state_->first_taken) sigaction(SIGINT, &state_->int_before, nullptr);
    pthread_sigmask(SIG_SETMASK, &state_->mask_before, nullptr);
}

int Interrupts::descriptor() const { return state_->descriptor; }

void Interrupts::keep(Watch watch) { state_->watch = std::move(watch); }

void Interrupts::deliver() {
    signalfd_siginfo info{};
    if (read(state_->descriptor, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
    int signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGHUP) return state_->hung_up();
    if (signal == SIGINT && !state_->first_taken) {
        // An orderly end may take a while (BYE, de-registration); the second one does not wait for it.
        state_->first_taken = true;
        struct sigaction fatal {};
        fatal.sa_handler = SIG_DFL;
        sigaction(SIGINT, &fatal, nullptr);
        sigset_t only_int;
        sigemptyset(&only_int);
        sigaddset(&only_int, SIGINT);
        pthread_sigmask(SIG_UNBLOCK, &only_int, nullptr);
    }
    // The callback may end the loop's interest by destroying what it captured, not this object.
    state_->interrupted(signal);
}

}  // namespace trunkbox::sofia
