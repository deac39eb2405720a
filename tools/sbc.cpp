// What an SBC sees of SIP and RTP, and what it says of it, read from captures.
#include "tool_table.h"

namespace trunkbox::tools {

const cli::Tool& sbc_tool() {
    static const cli::Tool tool{
        .name = "sbc",
        .section = "Captures",
        .summary = "judge the packets of a capture; its calls, their pictures, their media",
        .description = {"Reads captures of SIP and RTP: pcap and pcapng, also packed by gzip or zstd, of any link layer "
                        "and tunnel that trunks are captured on. Several captures are read one after the other as one; "
                        "'-' is standard input. The clock is the capture's own."},
        .commands = {sbc_filter_command(), sbc_judge_command(), sbc_calls_command(), sbc_ladder_command(), sbc_streams_command(),
                     sbc_rules_command(), sbc_policy_command()},
        .see_also = {"trunkbox-call(1)", "trunkbox-demo(1)", "pcap-filter(7)"}};
    return tool;
}

}  // namespace trunkbox::tools
