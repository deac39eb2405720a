#include "lcr/reroute.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace trunkbox::lcr;

namespace {
Next next(Attempt attempt) {
    return after(attempt).next;
}
}  // namespace

TEST_CASE("what a carrier could not do re-routes, what the called party decided stops") {
    for (int status : {403, 404, 408, 480, 488, 500, 502, 503, 504})
        CHECK(next({.status = status}) == Next::reroute);
    for (int status : {484, 486, 487, 600, 603, 604}) CHECK(next({.status = status}) == Next::stop);
    CHECK(next({.status = 505}) == Next::reroute);
    CHECK(next({.status = 599}) == Next::reroute);
    CHECK(next({.status = 400}) == Next::stop);
    CHECK(next({.status = 302}) == Next::stop);
    CHECK(next({.status = 699}) == Next::stop);
}

TEST_CASE("the Q.850 cause overrides the status") {
    CHECK(next({.status = 503, .cause = 17}) == Next::stop);
    CHECK(next({.status = 486, .cause = 34}) == Next::reroute);
    CHECK(next({.status = 404, .cause = 1}) == Next::stop);
    CHECK(next({.status = 503, .cause = 127}) == Next::reroute);
}

TEST_CASE("silence re-routes until it has rung; an answered call never does") {
    CHECK(next({}) == Next::reroute);
    CHECK(next({.rang = true}) == Next::stop);
    CHECK(next({.status = 408, .rang = true}) == Next::stop);
    CHECK(next({.status = 503, .rang = true}) == Next::reroute);
    CHECK(next({.status = 503, .answered = true}) == Next::stop);
    CHECK(next({.status = 200}) == Next::stop);
    CHECK(next({.status = 200, .cause = 34}) == Next::stop);
}

TEST_CASE("the rules are in order, each once, each with its reason") {
    for (std::size_t i = 1; i < status_rules().size(); ++i)
        CHECK(status_rules()[i - 1].status < status_rules()[i].status);
    for (std::size_t i = 1; i < cause_rules().size(); ++i)
        CHECK(cause_rules()[i - 1].cause < cause_rules()[i].cause);
    for (const auto& rule : status_rules()) CHECK_FALSE(rule.why.empty());
    for (const auto& rule : cause_rules()) CHECK_FALSE(rule.why.empty());
}
