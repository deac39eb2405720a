// Transaction layers and their users on a network that loses, delays, repeats and reorders datagrams, in
// simulated time: one seed, one story. Thousands of hours pass in a second, and no socket is opened.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "sip/transaction_layer.h"

namespace trunkbox::test {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    bool happens(double chance) { return std::uniform_real_distribution<>(0, 1)(engine_) < chance; }
    Duration between(Duration low, Duration high) {
        return Duration(std::uniform_int_distribution<Duration::rep>(low.count(), high.count())(engine_));
    }
    int up_to(int most) { return std::uniform_int_distribution<>(0, most)(engine_); }
    IdSource::Seed seed() { return {engine_(), engine_()}; }

  private:
    std::mt19937_64 engine_;
};

// The defaults stay below T1: a datagram that is later than the last timer of its transaction begins a new
// one, by the letter of RFC 3261, and then nothing can be promised.
struct Weather {
    double loss = 0;
    double repeat = 0;
    Duration least = 0ms;
    Duration most = 450ms;  // each datagram draws its own delay, so they overtake each other
};

struct Station;

// Who sits on a layer: the test's own clients and servers, or whole calls.
class User {
  public:
    User() = default;
    User(const User&) = delete;
    User& operator=(const User&) = delete;
    virtual ~User() = default;
    // Anything but Send. What the user does about it goes through station.layer into station.out.
    virtual void hear(Time now, Station& station, const sip::TransactionLayer::Output& output) = 0;
    virtual void tick(Time now, Station& station) = 0;
    [[nodiscard]] virtual std::optional<Time> deadline() const = 0;
};

struct Station {
    net::Endpoint at;
    sip::TransactionLayer layer;
    User& user;
    sip::TransactionLayer::Outputs out{};
};

class SimulatedNetwork {
  public:
    SimulatedNetwork(Weather weather, Dice& dice) : weather_(weather), dice_(dice) {}

    Station& add(net::Endpoint at, User& user) {
        sip::TransactionLayer layer({.sent_by = at.text()}, dice_.seed());
        return stations_.emplace_back(Station{at, std::move(layer), user});
    }

    // Until nothing is left to happen. False when that takes more than `most` steps: somebody goes on for
    // ever.
    [[nodiscard]] bool run(std::size_t most = 200'000) {
        for (std::size_t step = 0; step < most; ++step) {
            auto next = next_event();
            if (!next) return true;
            now_ = std::max(now_, *next);
            deliver();
            for (auto& station : stations_) {
                if (due(station.layer.deadline())) station.layer.tick(now_, station.out);
                if (due(station.user.deadline())) station.user.tick(now_, station);
                handle(station);
            }
        }
        return false;
    }

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] std::size_t live() const {
        std::size_t count = 0;
        for (const auto& station : stations_) count += station.layer.size();
        return count;
    }

  private:
    struct Datagram {
        net::Endpoint from, to;
        std::string bytes;
    };

    [[nodiscard]] bool due(std::optional<Time> at) const { return at && *at <= now_; }

    [[nodiscard]] std::optional<Time> next_event() const {
        std::optional<Time> next;
        auto consider = [&](std::optional<Time> at) {
            if (at && (!next || *at < *next)) next = at;
        };
        if (!under_way_.empty()) consider(under_way_.begin()->first);
        for (const auto& station : stations_) {
            consider(station.layer.deadline());
            consider(station.user.deadline());
        }
        return next;
    }

    void deliver() {
        while (!under_way_.empty() && under_way_.begin()->first <= now_) {
            auto datagram = std::move(under_way_.extract(under_way_.begin()).mapped());
            for (auto& station : stations_) {
                if (station.at != datagram.to) continue;
                auto view = sip::MessageView::read(datagram.bytes);
                station.layer.receive(now_, view, datagram.from, station.out);
                handle(station);  // the outputs borrow the datagram
            }
        }
    }

    void handle(Station& station) {
        while (!station.out.empty()) {
            auto batch = std::exchange(station.out, {});
            for (const auto& output : batch) {
                if (const auto* send = std::get_if<sip::TransactionLayer::Send>(&output))
                    post(station.at, *send);
                else
                    station.user.hear(now_, station, output);
            }
        }
    }

    void post(const net::Endpoint& from, const sip::TransactionLayer::Send& send) {
        for (bool again = true; again; again = dice_.happens(weather_.repeat)) {
            if (dice_.happens(weather_.loss)) continue;
            under_way_.emplace(now_ + dice_.between(weather_.least, weather_.most),
                               Datagram{from, send.to, send.bytes});
        }
    }

    Weather weather_;
    Dice& dice_;
    Time now_{1'000'000s};
    std::deque<Station> stations_;
    std::multimap<Time, Datagram> under_way_;
};

// Things to do at their time; a user keeps its plans in one.
class Agenda {
  public:
    void at(Time time, std::function<void(Time)> what) { plans_.emplace(time, std::move(what)); }
    void run(Time now) {
        while (!plans_.empty() && plans_.begin()->first <= now) plans_.extract(plans_.begin()).mapped()(now);
    }
    [[nodiscard]] std::optional<Time> next() const {
        return plans_.empty() ? std::nullopt : std::optional(plans_.begin()->first);
    }

  private:
    std::multimap<Time, std::function<void(Time)>> plans_;
};

}  // namespace trunkbox::test
