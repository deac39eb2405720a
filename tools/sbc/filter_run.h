// What `sbc filter` does with what the filter says: files of frames, verdicts, expectations, reports.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/tool.h"
#include "config/files.h"
#include "output/expectations.h"
#include "output/report.h"
#include "output/verdict.h"
#include "pcap/reader.h"
#include "pcap/writer.h"
#include "sbc/filter.h"

namespace trunkbox::tools {

// How a file of frames is written.
struct CaptureKind {
    std::optional<int> link_type{};
    pcap::Precision precision = pcap::Precision::microseconds;
};

// What makes the run fail.
enum class FailOn { nothing, reject, alert };

// Frames of one class, as they were captured. They are written as they are decided.
class FrameFile {
  public:
    explicit FrameFile(std::string path) : path_(std::move(path)) {}

    // The file is as the first capture.
    Result<void> open(const CaptureKind& kind) {
        if (path_.empty() || writer_) return {};
        auto writer = pcap::Writer::create(path_, {.link_type = kind.link_type, .precision = kind.precision});
        if (!writer) return tl::unexpected(writer.error());
        writer_ = std::move(*writer);
        return {};
    }
    [[nodiscard]] bool wanted() const { return writer_.has_value(); }
    void write(const net::Frame& frame) {
        if (writer_ && written_) written_ = writer_->write(frame);
    }
    Result<void> close() {
        if (!path_.empty() && !writer_) {
            // No capture had a frame: an empty file says so.
            auto writer = pcap::Writer::create(path_);
            if (!writer) return tl::unexpected(writer.error());
            return writer->close();
        }
        if (!writer_ || !written_) return written_;
        return writer_->close();
    }

  private:
    std::string path_;
    std::optional<pcap::Writer> writer_;
    Result<void> written_;
};

// Frames that are wanted in a file and not settled yet.
class Waiting {
  public:
    void keep(const net::Frame& frame) {
        auto& kept = frames_[frame.number];
        kept.bytes.assign(frame.bytes);
        kept.frame = frame;
    }
    std::optional<net::Frame> find(std::uint64_t number) {
        auto kept = frames_.find(number);
        if (kept == frames_.end()) return std::nullopt;
        auto frame = kept->second.frame;
        frame.bytes = kept->second.bytes;
        return frame;
    }
    void drop(std::uint64_t number) { frames_.erase(number); }

  private:
    struct Kept {
        net::Frame frame;
        std::string bytes;
    };
    std::map<std::uint64_t, Kept> frames_;
};

class FilterRun final : private sbc::FilterSink {
  public:
    FilterRun(const cli::Arguments& arguments, sbc::Policy policy)
        : filter_(std::move(policy), *this), accepted_(arguments.text_or_empty("accepted")),
          rejected_(arguments.text_or_empty("rejected")), verdicts_path_(arguments.text_or_empty("verdicts")) {
        auto fail_on = arguments.text_or_empty("fail-on");
        fail_on_ = fail_on == "reject" ? FailOn::reject : fail_on == "alert" ? FailOn::alert : FailOn::nothing;
        listed_ = arguments.explain() && arguments.format() == output::Format::text;
        report_.suite = "trunkbox sbc filter";
        for (const auto& path : arguments.many("captures")) report_.file += (report_.file.empty() ? "" : " ") + path;
        reports_ = arguments.format() == output::Format::junit || arguments.format() == output::Format::github;
    }

    Result<void> prepare(cli::Env& env, const cli::Arguments& arguments) {
        if (auto path = arguments.text_or_empty("expect"); !path.empty()) {
            auto text = config::read_file(path, std::size_t{1} << 30);
            if (!text) return tl::unexpected(text.error());
            auto expectations = output::Expectations::read(std::move(*text), path);
            if (!expectations) return tl::unexpected(expectations.error());
            expectations_ = std::move(*expectations);
        }
        auto printer = arguments.printer(env, output::Printer::Shape::one);
        if (!printer) return tl::unexpected(printer.error());
        printer_ = std::move(*printer);
        if (verdicts_path_.empty()) return {};
        auto verdicts = output::Printer::open(
            {.format = output::Format::jsonl, .shape = output::Printer::Shape::many, .file = verdicts_path_,
             .live = arguments.given("live")}, env.out);
        if (!verdicts) return tl::unexpected(verdicts.error());
        verdicts_ = std::move(*verdicts);
        return {};
    }

    // Of what is fed from now on; the first one counts.
    Result<void> is_of(const CaptureKind& kind) {
        if (auto opened = accepted_.open(kind); !opened) return opened;
        return rejected_.open(kind);
    }
    Result<void> feed(const net::Frame& frame) {
        filter_.feed(frame);
        return broken_;
    }
    Result<void> feed(sbc::Batch& batch) {
        filter_.feed(batch);
        return broken_;
    }

    Result<void> finish() {
        filter_.finish();
        if (expectations_) expectations_->finish();
        if (verdicts_ && broken_) broken_ = verdicts_->finish();
        for (auto* file : {&accepted_, &rejected_})
            if (auto closed = file->close(); !closed && broken_) broken_ = closed;
        return broken_;
    }

    Result<void> print() {
        if (reports_) return print_report();
        auto record = output::record(filter_.summary());
        auto text = output::text(filter_.summary());
        if (expectations_) {
            output::Value::Array differences;
            for (const auto& difference : expectations_->differences()) {
                differences.emplace_back(output::Record{{"frame", difference.frame}, {"text", difference.text}});
                text += fmt::format("\nframe {}: {}", difference.frame, difference.text);
            }
            record.set("differences", expectations_->count());
            record.set("listed", std::move(differences));
            text += fmt::format("\n{} differences from what was expected", expectations_->count());
        }
        if (auto printed = printer_->print(record, text); !printed) return printed;
        return printer_->finish();
    }

    [[nodiscard]] const sbc::Judge& judge() const { return filter_.judge(); }
    [[nodiscard]] bool failed() const {
        const auto& summary = filter_.summary();
        if (expectations_ && expectations_->count() > 0) return true;
        bool rejects = failing_ > 0 || summary.rejected > 0;
        if (fail_on_ == FailOn::alert) return rejects || summary.alerts > 0;
        return fail_on_ == FailOn::reject && rejects;
    }
    [[nodiscard]] std::uint64_t unread() const { return filter_.summary().unread; }

  private:
    void begins(const net::Frame& frame) override { current_ = &frame; }
    void ends() override {
        if (current_ != nullptr && (accepted_.wanted() || rejected_.wanted())) waiting_.keep(*current_);
        current_ = nullptr;
    }
    void judged(const net::Datagram& datagram, const sip::MessageView& message, const sbc::Verdict& verdict) override {
        bool refused = verdict.action == sbc::Action::reject || verdict.action == sbc::Action::drop;
        bool alerts = std::ranges::any_of(verdict.findings, [](const sbc::Finding& finding) {
            return finding.outcome.effect == sbc::Effect::alert;
        });
        if (refused || (alerts && fail_on_ == FailOn::alert)) complain(datagram, message, verdict);
        if (listed_ && (verdict.action != sbc::Action::accept || !verdict.findings.empty()) && broken_)
            broken_ = printer_->append(output::text(datagram, message, verdict));
        if (!verdicts_ && !expectations_) return;
        line_.clear();
        output::append_json_line(line_, datagram, message, verdict);
        if (expectations_) expectations_->compare(line_);
        if (verdicts_ && broken_) broken_ = verdicts_->print_json_line(line_);
    }

    void settled(std::uint64_t number, sbc::FrameClass frame_class) override {
        auto& file = frame_class == sbc::FrameClass::rejected ? rejected_ : accepted_;
        bool wanted = frame_class == sbc::FrameClass::rejected || frame_class == sbc::FrameClass::accepted;
        if (current_ != nullptr && current_->number == number) {
            if (wanted) file.write(*current_);
            current_ = nullptr;
            return;
        }
        if (auto frame = waiting_.find(number)) {
            if (wanted) file.write(*frame);
            waiting_.drop(number);
        }
    }

    void complain(const net::Datagram& datagram, const sip::MessageView& message, const sbc::Verdict& verdict) {
        constexpr std::size_t most_listed = 1000;
        ++failing_;
        if (!reports_ || report_.complaints.size() >= most_listed) return;
        auto frame = datagram.frames.empty() ? 0 : datagram.frames.back();
        const auto& first = verdict.findings;
        report_.complaints.push_back({.name = fmt::format("frame {} {}", frame, printable(message.start_line(), 60)),
                                      .kind = std::string(verdict.rule.empty() ? first.front().rule : verdict.rule),
                                      .text = verdict.rule.empty() ? first.front().reason : output::in_words(verdict)});
    }

    Result<void> print_report() {
        report_.checked = filter_.summary().messages;
        report_.failed = failing_;
        if (expectations_) {
            report_.failed = expectations_->count();
            report_.complaints.clear();
            for (const auto& difference : expectations_->differences())
                report_.complaints.push_back(
                    {.name = fmt::format("frame {}", difference.frame), .kind = "unexpected", .text = difference.text});
        }
        auto printed = printer_->append(printer_->format() == output::Format::junit ? output::junit(report_) : output::github(report_));
        return printed ? printer_->finish() : printed;
    }

    sbc::Filter filter_;
    FrameFile accepted_;
    FrameFile rejected_;
    std::string verdicts_path_;
    std::optional<output::Printer> printer_;
    std::optional<output::Printer> verdicts_;
    std::optional<output::Expectations> expectations_;
    std::string line_;  // of the verdict at hand
    output::Report report_;
    Waiting waiting_;
    const net::Frame* current_ = nullptr;  // until it is settled
    std::size_t failing_ = 0;
    FailOn fail_on_ = FailOn::nothing;
    bool listed_ = false;
    bool reports_ = false;
    Result<void> broken_;
};

}  // namespace trunkbox::tools
