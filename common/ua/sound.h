// What a tool's options say about sound, put into an Audio::Config; and what was heard, put into a file.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ua/audio.h"

namespace trunkbox::ua {

struct Sound {
    std::vector<std::string> codecs;  // "PCMA", "PCMU", in order of preference
    std::string play;                 // sound file; empty: none
    double tone = 440;                // Hz, when nothing is played
    bool silence = false;
    bool echo = false;
    bool loop = false;    // play again and again
    bool record = false;  // keep what is heard
};

// Fills codecs, source and what is kept. Errors: Fault::usage for a codec that is not spoken, Fault::system and
// Fault::input for the file.
[[nodiscard]] Result<void> prepare(Audio::Config& config, const Sound& sound);

// Writes what was heard as a WAV file. Error: Fault::system.
[[nodiscard]] Result<void> save_heard(const Audio& audio, const std::string& path);

// Only 0-9 * # A-D (RFC 4733 section 3.2). Error: Fault::usage, with the character.
[[nodiscard]] Result<void> check_digits(std::string_view digits);

// "X-Test: 1": a header that may be added to a request. Error: Fault::usage for what is no header, or one that the
// call itself sets.
[[nodiscard]] Result<std::pair<std::string, std::string>> parse_header(std::string_view text);

}  // namespace trunkbox::ua
