// The call machines as users of a simulated network: a caller who dials once and a called party who takes,
// rings, refuses or lets ring as the dice fall. Both plan to hang up, so that every call has an end.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sip/call.h"
#include "support/simulated_network.h"

namespace trunkbox::test {

class CallUser : public User {
  public:
    void tick(Time now, Station& station) override {
        station_ = &station;
        agenda_.run(now);
        if (auto next = call_deadline(); next && *next <= now) event(now, sip::call::Tick{});
    }
    [[nodiscard]] std::optional<Time> deadline() const override {
        auto planned = agenda_.next();
        auto call = call_deadline();
        return planned && call ? std::min(planned, call) : planned ? planned : call;
    }

    std::vector<sip::call::Outcome> outcomes;  // one for each Ended

  protected:
    explicit CallUser(Dice& dice) : dice_(dice) {}

    void event(Time now, const sip::call::Event& event) {
        if (call_) take(now, sip::call::on(std::move(*call_), event, now));
    }
    void take(Time now, sip::call::Step step) {
        call_ = std::move(step.state);
        for (auto& action : step.actions) act(now, action);
    }
    void hear(Time now, Station& station, const sip::TransactionLayer::Output& output) override {
        station_ = &station;
        using Layer = sip::TransactionLayer;
        if (const auto* response = std::get_if<Layer::Response>(&output)) hear_response(now, *response);
        if (const auto* request = std::get_if<Layer::Request>(&output)) hear_request(now, *request);
        if (const auto* failed = std::get_if<Layer::Failed>(&output))
            event(now, sip::call::NoResponse{purposes_.at(failed->id), failed->why});
        if (std::holds_alternative<Layer::Cancelled>(output)) event(now, sip::call::Cancelled{});
    }
    // An INVITE outside every call.
    virtual void invited(Time now, const sip::TransactionLayer::Request& request) { refuse(now, request); }
    void refuse(Time now, const sip::TransactionLayer::Request& request) {
        if (request.id == 0) return;
        auto response = sip::Message::response_to(*request.message, 481);
        station_->layer.respond(now, request.id, response, station_->out);
    }

    Dice& dice_;
    Agenda agenda_;
    Station* station_ = nullptr;
    net::Endpoint peer_;
    std::optional<sip::call::State> call_;

  private:
    [[nodiscard]] std::optional<Time> call_deadline() const {
        return call_ ? sip::call::deadline(*call_) : std::nullopt;
    }
    void hear_response(Time now, const sip::TransactionLayer::Response& response) {
        if (response.id != 0)
            return event(now, sip::call::Response{purposes_.at(response.id), response.message});
        bool of_invite = response.message->value(sip::HeaderName::cseq).ends_with("INVITE");
        if (call_ && of_invite && sip::call::owns(*call_, *response.message))
            event(now, sip::call::Response{sip::call::Purpose::invite, response.message});
    }
    void hear_request(Time now, const sip::TransactionLayer::Request& request) {
        if (call_ && sip::call::owns(*call_, *request.message))
            return event(now, sip::call::Request{request.id, request.message});
        if (request.message->method() == "INVITE") return invited(now, request);
        refuse(now, request);
    }
    void act(Time now, const sip::call::Action& action) {
        auto& layer = station_->layer;
        auto& out = station_->out;
        if (const auto* send = std::get_if<sip::call::Send>(&action)) {
            auto id = layer.request(now, send->message, peer_, out);
            purposes_[id] = send->purpose;
            if (send->purpose == sip::call::Purpose::invite) invite_ = id;
        }
        if (const auto* ack = std::get_if<sip::call::SendAck>(&action))
            layer.send_ack(ack->message, peer_, out);
        if (const auto* answer = std::get_if<sip::call::Respond>(&action))
            layer.respond(now, answer->id, answer->message, out);
        if (std::holds_alternative<sip::call::CancelInvite>(action)) layer.cancel(now, invite_, out);
        if (const auto* ended = std::get_if<sip::call::Ended>(&action)) outcomes.push_back(ended->outcome);
    }

    std::map<sip::TransactionId, sip::call::Purpose> purposes_;
    sip::TransactionId invite_ = 0;
};

class Caller : public CallUser {
  public:
    Caller(Dice& dice, std::string uri) : CallUser(dice), uri_(std::move(uri)) {}

    void dial(Station& station, net::Endpoint peer, Time now, std::string call_id) {
        station_ = &station;
        peer_ = peer;
        auto contact = "<sip:a@" + station.at.text() + ">";
        take(now, sip::call::dial({.uri = uri_,
                                   .from = contact,
                                   .to = "<" + uri_ + ">",
                                   .contact = contact,
                                   .call_id = std::move(call_id),
                                   .routes = {},
                                   .headers = {},
                                   .offer = "v=0\r\n",
                                   .login = {}},
                                  dice_.seed(), now));
        agenda_.at(now + dice_.between(0s, 120s), [this](Time then) { event(then, sip::call::HangUp{}); });
    }

  private:
    std::string uri_;
};

class Called : public CallUser {
  public:
    explicit Called(Dice& dice) : CallUser(dice) {}
    std::size_t invitations = 0;

  private:
    void invited(Time now, const sip::TransactionLayer::Request& request) override {
        ++invitations;
        peer_ = request.from;
        auto contact = "<sip:b@" + station_->at.text() + ">";
        take(now, sip::call::invited({.contact = contact, .headers = {}}, request.id, *request.message,
                                     dice_.seed(), now));
        if (dice_.happens(0.6))
            agenda_.at(now + dice_.between(0s, 3s), [this](Time then) { event(then, sip::call::Ring{}); });
        bool takes = dice_.happens(0.75);
        auto answers_at = now + dice_.between(0s, 70s);
        agenda_.at(answers_at, [this, takes](Time then) {
            if (takes) return event(then, sip::call::Accept{"v=0\r\n"});
            event(then, sip::call::Reject{486});
        });
        agenda_.at(answers_at + dice_.between(0s, 60s),
                   [this](Time then) { event(then, sip::call::HangUp{}); });
    }
};

}  // namespace trunkbox::test
