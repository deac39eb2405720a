// The ladder diagram of calls in a capture.
#include <algorithm>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "captures.h"
#include "output/ladder.h"
#include "output/ladder_svg.h"
#include "sip/message_view.h"
#include "tool_table.h"
#include "trace/bands.h"
#include "trace/calls.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

Result<void> read_names(const Arguments& arguments, trace::LadderOptions& options) {
    for (const auto& entry : arguments.many("name")) {
        auto [address, name] = split_once(entry, '=');
        auto endpoint = net::Endpoint::parse(address);
        if (!name || name->empty() || !endpoint || endpoint->port == 0)
            return failure(Fault::usage, "option '--name'", fmt::format("'{}' names no address", printable(entry)),
                           "write e.g. '192.0.2.1:5060=PBX'");
        options.names[*endpoint] = *name;
        if (std::ranges::find(options.order, *name) == options.order.end()) options.order.emplace_back(*name);
    }
    return {};
}

// The messages and the media of the calls that were asked for.
struct Story {
    std::vector<trace::Message> messages{};
    std::uint64_t left_out = 0;
    bool partial = false;
};

Result<Story> read_story(Env& env, const Arguments& arguments, trace::LadderOptions& options) {
    const auto most = static_cast<std::size_t>(arguments.integer("most"));
    Story story;
    trace::Calls calls;
    std::vector<trace::Stream> streams;
    auto keep = [&](std::vector<trace::Call> closed) {
        for (trace::Call& call : closed)
            if (options.call_ids.empty() || options.call_ids.contains(call.call_id))
                for (trace::Stream& stream : call.streams) streams.push_back(std::move(stream));
    };
    auto captures = Captures::read(env, arguments, [&](const net::Datagram& datagram) {
        calls.receive(datagram);
        if (auto closed = calls.take(); !closed.empty()) keep(std::move(closed));
        (void)calls.take_streams();
        if (calls.streams().is_media(datagram.bytes)) return;
        auto view = sip::MessageView::read(datagram.bytes);
        if (view.kind() == sip::MessageView::Kind::not_sip) return;
        if (!options.call_ids.empty() && !options.call_ids.contains(view.value(sip::HeaderName::call_id))) return;
        if (story.messages.size() < most)
            story.messages.push_back({datagram.time, datagram.from, datagram.to, std::string(datagram.bytes)});
        else
            ++story.left_out;
    });
    if (!captures) return tl::unexpected(captures.error());
    keep(calls.finish());
    options.bands = trace::bands(streams);
    story.partial = captures->partial();
    return story;
}

Result<void> write_svg(Env& env, const std::string& path, const trace::Ladder& ladder) {
    auto drawn = output::svg(ladder);
    if (path == "-") {
        env.out << drawn;
        return output::flush(env.out, "standard output");
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << drawn;
    return output::flush(file, path);
}

output::Record record(const trace::Ladder& ladder) {
    output::Value::Array stations, arrows;
    for (const auto& station : ladder.participants) {
        output::Value::Array addresses;
        for (const auto& address : station.addresses) addresses.push_back(address.text());
        stations.push_back(output::Record{{"name", station.name}, {"addresses", std::move(addresses)}});
    }
    for (const auto& arrow : ladder.arrows) {
        bool media = arrow.kind == trace::Arrow::Kind::media;
        arrows.push_back(
            output::Record{{"time", rfc3339(arrow.time)},
                           {"from", ladder.participants[arrow.from].name},
                           {"to", ladder.participants[arrow.to].name},
                           {"head", arrow.head},
                           {"tail", arrow.tail},
                           {"note", arrow.note},
                           {"call_id", arrow.call_id.empty() ? output::Value{} : output::Value{arrow.call_id}},
                           {"retransmission", arrow.retransmission},
                           {"until", media ? output::Value{rfc3339(arrow.end)} : output::Value{}}});
    }
    return {{"stations", std::move(stations)}, {"arrows", std::move(arrows)}};
}

Exit run_ladder(Env& env, const Arguments& arguments) {
    trace::LadderOptions options;
    if (auto names = read_names(arguments, options); !names) return cli::fail(env, names.error());
    for (auto& call_id : arguments.many("call-id")) options.call_ids.insert(std::move(call_id));
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto story = read_story(env, arguments, options);
    if (!story) return cli::fail(env, story.error());
    if (story->messages.empty())
        cli::note(env, options.call_ids.empty() ? "the capture holds no SIP"
                                                : "no message has this Call-ID; 'trunkbox sbc calls' lists them");
    auto ladder = trace::ladder(story->messages, options);
    Result<void> printed;
    if (arguments.given("svg")) printed = write_svg(env, arguments.text("svg"), ladder);
    else
        printed = printer->print(record(ladder), output::text(ladder, {.width = static_cast<std::size_t>(env.width),
                                                                       .ascii = arguments.flag("ascii"),
                                                                       .color = arguments.color(env)}));
    if (printed && !arguments.given("svg")) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    if (story->left_out > 0)
        cli::note(env,
                  fmt::format("{} messages were left out; name Call-IDs, or draw more with '--most'", story->left_out));
    if (story->partial || story->left_out > 0) return Exit::inconclusive;
    return story->messages.empty() ? Exit::no : Exit::ok;
}

}  // namespace

cli::Tool sbc_ladder_command() {
    using cli::Type;
    return {
        .name = "ladder",
        .summary = "draw who sent what to whom, with the media between",
        .description =
            {"Draws all SIP of the capture, or the calls whose Call-IDs are given: several legs of one call stand in "
             "one "
             "picture. A message that is sent again is marked, RTP and digits are bands. A message that was captured "
             "at both of its ends is drawn once.",
             "Text is as wide as the terminal; SVG is for documents and browsers, and loads nothing."},
        .positionals = {{.name = "captures",
                         .metavar = "CAPTURE",
                         .help = "pcap or pcapng file, also packed by gzip or zstd; '-' is standard input",
                         .type = Type::file},
                        {.name = "call-id", .metavar = "CALL-ID", .help = "draw this call", .min = 0, .max = 0}},
        .options = {{.name = "svg",
                     .type = Type::file,
                     .help = "write SVG there, '-' is standard output; prints nothing else"},
                    {.name = "name",
                     .type = Type::text,
                     .metavar = "ADDRESS=NAME",
                     .help = "call an address so; names stand from left to right in this order",
                     .repeatable = true,
                     .example = "192.0.2.1:5060=PBX"},
                    {.name = "most",
                     .type = Type::integer,
                     .help = "messages that are drawn at most",
                     .fallback = "1000",
                     .min = 1,
                     .max = 1'000'000},
                    {.name = "ascii", .help = "draw with ASCII characters alone"},
                    bpf_option()},
        .common = {.formats = {output::Format::text, output::Format::json}, .output = true, .color = true},
        .exits = {{Exit::ok, "it was drawn"},
                  {Exit::no, "the capture holds no such message"},
                  {Exit::input, "it is no capture"},
                  {Exit::inconclusive, "the capture could be read in part only, or there were too many messages"}},
        .examples = {{.says = "The demonstration as a picture for a browser.",
                      .commands = {"trunkbox demo --quiet --pcap demo.pcap",
                                   "trunkbox sbc ladder demo.pcap --svg demo.svg", "head -c 5 demo.svg; echo"},
                      .prints = {"<?xml"}}},
        .run = run_ladder};
}

}  // namespace trunkbox::tools
