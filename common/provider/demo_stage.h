// Private to the demo: the provider and everybody who uses it, on one loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "provider/provider.h"
#include "sofia/startup.h"
#include "ua/answerer.h"
#include "ua/caller.h"
#include "ua/picture.h"
#include "ua/registrant.h"
#include "ua/trunk.h"
#include "wire/recorder.h"

namespace trunkbox::provider {

// A desk phone: answers, says a tone, and remembers its calls.
struct DeskPhone {
    std::unique_ptr<ua::Agent> agent;
    std::unique_ptr<ua::Answerer> answerer;
    std::vector<ua::CallReport> calls;
};

struct DemoStage {
    [[nodiscard]] static Result<std::unique_ptr<DemoStage>> open(const std::string& pcap);

    // Until it holds; false after `limit`.
    bool wait(const std::function<bool()>& condition, Duration limit);
    [[nodiscard]] const Event* find(std::string_view kind, std::string_view text) const;  // since the last mark
    void mark() { first_event = events.size(); }
    [[nodiscard]] DeskPhone& phone(const std::string& name) { return phones.at(name); }

    sofia::Library library;
    sofia::Loop loop{library};
    std::optional<wire::Recorder> recorder;
    std::map<std::string, DeskPhone> phones;
    std::unique_ptr<Provider> provider;
    std::unique_ptr<ua::Agent> pbx;
    ua::Trunk trunk;
    std::vector<Event> events;
    std::size_t first_event = 0;
    std::map<std::string, std::vector<ua::CallReport>> taken;  // by carrier
    std::optional<ua::CallReport> outbound;                    // the call to the world, from the PBX
    ua::Span outbound_messages;
    std::vector<std::pair<net::Endpoint, std::string>> names;

  private:
    DemoStage() = default;
    [[nodiscard]] Result<void> open_phone(const std::string& name);
    [[nodiscard]] Result<config::ProviderConfig> config();
    [[nodiscard]] Result<void> open_provider();
    [[nodiscard]] Result<void> open_pbx();
};

// What the directory says in the demo.
inline constexpr std::string_view demo_number = "+33199000001";  // alice's
inline constexpr std::string_view demo_desk = "desk-214";        // where she sits
inline constexpr std::string_view demo_other_desk = "desk-7";    // where anybody may log in

}  // namespace trunkbox::provider
