#include "provider/demo.h"

#include <algorithm>

#include <fmt/format.h>

#include "output/value.h"
#include "provider/demo_stage.h"

namespace trunkbox::provider {

using output::Record;

namespace {

constexpr std::string_view called_number = "+442079460123";
constexpr std::string_view sent_digits = "1234#";
constexpr Duration patience = 5s;  // for one thing to happen; far more than it takes

// Each scene fills in what it saw; `ok` only when all of it was seen.
struct Scene {
    std::string name;
    std::string proves;
    void (*play)(DemoStage&, DemoStep&);
};

void trunk_registers(DemoStage& stage, DemoStep& step) {
    std::optional<sip::registration::Outcome> outcome;
    auto setup = stage.trunk.registration(sip::registration::Mode::once, stage.pbx->uri("acme"));
    if (!setup) return;
    ua::Registrant registrant(*stage.pbx, std::move(*setup), stage.provider->listen(),
                              {.ended = [&](const auto& o) { outcome = o; }});
    stage.wait([&] { return outcome.has_value(); }, patience);
    if (!outcome) return;
    step.detail = ua::record(*outcome);
    step.ok = outcome->registered && stage.find("registered", "acme") != nullptr;
    step.evidence = outcome->registered ? fmt::format("{} {}, for {} s", outcome->status, outcome->reason, outcome->expires)
                                        : ua::describe(*outcome);
}

void number_has_user(DemoStage& stage, DemoStep& step) {
    auto resolution = centrex::resolve(stage.provider->directory(),
                                       {.number = *numbering::E164::parse(demo_number), .at = stage.loop.now()});
    step.ok = resolution.legs.size() == 1 && resolution.legs[0].user == "alice" && resolution.legs[0].phone == demo_desk;
    step.evidence = fmt::format("{}: {}", demo_number, centrex::name(resolution.outcome));
    for (const auto& leg : resolution.legs) step.evidence += fmt::format(" {} at {}", leg.user, leg.phone);
}

std::optional<ua::CallReport> call_out(DemoStage& stage) {
    std::optional<ua::CallReport> report;
    ua::CallPlan plan;
    plan.setup = stage.trunk.caller(*stage.trunk.target(called_number), "sip:" + std::string(demo_number) + "@provider.example.com");
    plan.setup.contact = "<" + stage.pbx->uri("acme") + ">";
    plan.first_hop = stage.provider->listen();
    plan.duration = 1500ms;
    plan.digits = sent_digits;
    plan.audio = {.local = stage.pbx->local().ip,
                  .source = media::Tone{.frequencies = {440}},
                  .seed = stage.pbx->seed(),
                  .recorder = &*stage.recorder};
    auto caller = ua::Caller::place(*stage.pbx, std::move(plan), [&](const auto& r) { report = r; });
    if (!caller) return std::nullopt;
    stage.wait([&] { return report.has_value(); }, patience);
    // The stations behind hear of the end a moment later.
    stage.wait([&] { return !stage.taken["south"].empty() && stage.provider->live() == 0; }, patience);
    return report;
}

// The outbound call is made once; this and the next two scenes look at it from three sides.
void call_is_routed(DemoStage& stage, DemoStep& step) {
    stage.outbound_messages.first = stage.recorder->messages().size();
    stage.outbound = call_out(stage);
    stage.outbound_messages.last = stage.recorder->messages().size();
    const auto* routed = stage.find("routed", called_number);
    const auto* called = stage.find("call", "acme calls");
    step.ok = stage.outbound && routed != nullptr && called != nullptr &&
              routed->text.find("by north, then south") != std::string::npos;
    step.evidence = routed != nullptr ? routed->text : "no route was chosen";
    if (routed != nullptr) step.detail = routed->detail;
}

void call_is_rerouted(DemoStage& stage, DemoStep& step) {
    const auto* rerouted = stage.find("rerouted", "north answered 503");
    const auto& south = stage.taken["south"];
    step.ok = rerouted != nullptr && south.size() == 1 && south[0].outcome.answered;
    step.evidence = rerouted != nullptr ? rerouted->text : "nothing was re-routed";
    if (rerouted != nullptr) step.detail = rerouted->detail;
}

void voice_and_digits(DemoStage& stage, DemoStep& step) {
    const auto& south = stage.taken["south"];
    if (!stage.outbound || south.empty()) return;
    const auto& ours = *stage.outbound;
    const auto& theirs = south.front();
    bool heard = ours.audio.level > media::heard_threshold_dbm0 && theirs.audio.level > media::heard_threshold_dbm0;
    step.ok = ours.outcome.answered && ours.audio.directions() == "both" && theirs.audio.directions() == "both" &&
              heard && theirs.audio.digits == sent_digits;
    step.evidence = fmt::format("{}: {} packets there, {} back; digits {} arrived as {}", ours.audio.codec,
                                theirs.audio.received.packets, ours.audio.received.packets, sent_digits,
                                theirs.audio.digits.empty() ? "nothing" : theirs.audio.digits);
    step.detail = ua::record(ours);
}

void call_in(DemoStage& stage, DemoStep& step, std::string_view desk) {
    auto& phone = stage.phone(std::string(desk));
    auto before = phone.calls.size();
    std::optional<ua::CallReport> report;
    auto placed = stage.provider->carrier("south")->call_in(std::string(called_number), std::string(demo_number), 700ms,
                                                            {}, [&](const auto& r) { report = r; });
    if (!placed) return;
    stage.wait([&] { return report.has_value(); }, patience);
    stage.wait([&] { return phone.calls.size() > before && stage.provider->live() == 0; }, patience);
    const auto* delivered = stage.find("delivered", desk);
    bool talked = report && report->outcome.answered && report->audio.directions() == "both";
    step.ok = talked && delivered != nullptr && phone.calls.size() == before + 1 &&
              phone.calls.back().audio.directions() == "both";
    step.evidence = delivered != nullptr ? delivered->text : fmt::format("{} did not ring at {}", demo_number, desk);
    if (report && !report->outcome.answered) step.evidence += "; " + ua::describe(report->outcome);
    if (delivered != nullptr) step.detail = delivered->detail;
}

void desk_rings(DemoStage& stage, DemoStep& step) { call_in(stage, step, demo_desk); }

void number_follows(DemoStage& stage, DemoStep& step) {
    auto logged_in = stage.provider->directory().log_in(
        {.phone = {"acme", std::string(demo_other_desk)}, .user = "alice", .since = stage.loop.now()});
    if (!logged_in) {
        step.evidence = logged_in.error().text();
        return;
    }
    call_in(stage, step, demo_other_desk);
}

std::string invite_from(const DemoStage& stage, std::string_view content_length, std::string_view user_agent,
                        std::string_view method) {
    auto us = stage.pbx->local().text();
    return fmt::format(
        "{} sip:+442079460123@{} SIP/2.0\r\nVia: SIP/2.0/UDP {};branch=z9hG4bKdemo{}\r\nMax-Forwards: 70\r\n"
        "From: <sip:acme@{}>;tag=demo\r\nTo: <sip:+442079460123@{}>\r\nCall-ID: {}-demo@{}\r\nCSeq: 1 {}\r\n"
        "Contact: <sip:acme@{}>\r\nUser-Agent: {}\r\nContent-Length: {}\r\n\r\n",
        method, stage.provider->listen().text(), us, method, us, us, method, us, method, us, user_agent, content_length);
}

void edge_refuses(DemoStage& stage, DemoStep& step, const std::string& bytes, std::string_view rule) {
    stage.pbx->send_raw(stage.provider->listen(), bytes);
    auto by_rule = fmt::format("by rule {}", rule);
    stage.wait([&] { return stage.find("refused", by_rule) != nullptr; }, patience);
    const auto* refused = stage.find("refused", by_rule);
    step.ok = refused != nullptr && stage.find("call", "calls") == nullptr;
    step.evidence = refused != nullptr ? refused->text : "it was not refused";
    if (refused != nullptr) step.detail = refused->detail;
}

void malformed_is_refused(DemoStage& stage, DemoStep& step) {
    edge_refuses(stage, step, invite_from(stage, "-999", "demo", "INVITE"), "P-012");
}

void scanner_is_dropped(DemoStage& stage, DemoStep& step) {
    edge_refuses(stage, step, invite_from(stage, "0", "friendly-scanner", "OPTIONS"), "A-401");
}

const std::vector<Scene>& scenes() {
    static const std::vector<Scene> all{
        {"trunk-registers", "the PBX is challenged, answers with its digest, and its trunk is registered", trunk_registers},
        {"number-has-a-user", "a number belongs to a person of the Centrex, and rings where that person is",
         number_has_user},
        {"call-is-routed", "the edge lets an honest call pass, and the proxy ranks the carriers by exact cost",
         call_is_routed},
        {"call-is-rerouted", "the cheapest carrier answers 503, and the next one takes the call", call_is_rerouted},
        {"voice-and-digits", "voice flows both ways through two SBCs, and the digits arrive", voice_and_digits},
        {"desk-rings", "a call from the world rings at the user's own desk", desk_rings},
        {"number-follows", "the user logs in at another phone, and the same number rings there", number_follows},
        {"malformed-is-refused", "an INVITE with a broken length is answered 400 at the edge, and goes no further",
         malformed_is_refused},
        {"scanner-is-dropped", "a scanner's probe gets no answer at all", scanner_is_dropped},
    };
    return all;
}

trace::Ladder outbound_ladder(const DemoStage& stage) {
    std::vector<ua::CallReport> reports;
    auto names = stage.names;
    auto add = [&](const ua::CallReport& report, std::string_view station) {
        reports.push_back(report);
        names.emplace_back(report.audio.local, station);
    };
    if (stage.outbound) add(*stage.outbound, "pbx");
    if (auto south = stage.taken.find("south"); south != stage.taken.end() && !south->second.empty())
        add(south->second.front(), "carrier-south");
    return ua::picture(*stage.recorder, reports, names, stage.outbound_messages);
}

}  // namespace

bool DemoStory::ok() const {
    return !steps.empty() && std::ranges::all_of(steps, [](const auto& step) { return step.ok; });
}

Result<DemoStory> run_demo(const std::string& pcap, const std::function<void(const DemoStep&)>& told) {
    auto opened = DemoStage::open(pcap);
    if (!opened) return tl::unexpected(opened.error());
    auto& stage = **opened;
    DemoStory story;
    for (const auto& scene : scenes()) {
        DemoStep step{.name = scene.name, .proves = scene.proves};
        // The three looks at one call share what happened.
        if (scene.play != call_is_rerouted && scene.play != voice_and_digits) stage.mark();
        auto begin = stage.loop.now();
        scene.play(stage, step);
        step.took = stage.loop.now() - begin;
        if (told) told(step);
        story.steps.push_back(std::move(step));
    }
    story.ladder = outbound_ladder(stage);
    stage.provider->hang_up();
    if (auto closed = stage.recorder->close(); !closed) return tl::unexpected(closed.error());
    return story;
}

}  // namespace trunkbox::provider
