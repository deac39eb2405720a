#!/usr/bin/perl
# Writes a capture to standard output: pcap of raw IP packets (link type 101), without checksums of UDP. Its argument
# says what is in it:
#   call     rings, is answered, both talk, the caller presses 4 and 2, three packets are lost and one comes late, the
#            called party hangs up
#   scan     the same with a scanner's OPTIONS
#   mute     a refused call with a name and a retransmission, a cancelled one, and one whose caller hears nothing
#   rtp      the called party's audio of the first one alone
#   g722     a second of audio in G.722, without SIP
use strict;
use warnings;

my ($phone, $gateway) = ('192.0.2.1', '198.51.100.1');
my @packets;

sub udp {
    my ($at, $from, $from_port, $to, $to_port, $payload) = @_;
    my $length = 8 + length $payload;
    my $udp = pack('n4', $from_port, $to_port, $length, 0) . $payload;
    my $ip = pack('CCnnnCCn', 0x45, 0, 20 + $length, 0, 0x4000, 64, 17, 0) . pack('C8', split /\./, "$from.$to");
    my $sum = 0;
    $sum += $_ for unpack 'n*', $ip;
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum > 0xffff;
    substr($ip, 10, 2) = pack 'n', ~$sum & 0xffff;
    push @packets, [$at, $ip . $udp];
}

# sip AT, WHO SENDS ('>' the phone, '<' the gateway), START LINE, fields, SDP port
sub sip {
    my ($at, $way, $start, $call, $cseq, %more) = @_;
    my $from = $more{from} // '<sip:+33199000001@example.com>';
    my ($from_tag, $to_tag) = (';tag=a', $more{tag} ? ";tag=$more{tag}" : '');
    my $to = '<sip:+442079460123@example.com>';
    ($from, $from_tag, $to, $to_tag) = ($to, ';tag=b', $from, ';tag=a') if $more{back};
    my $sdp = '';
    if ($more{rtp}) {
        my $ip = $way eq '>' ? $phone : $gateway;
        $sdp = "v=0\r\no=- 1 1 IN IP4 $ip\r\ns=-\r\nc=IN IP4 $ip\r\nt=0 0\r\nm=audio $more{rtp} RTP/AVP 8 101\r\n"
            . "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n";
    }
    my $contact = $way eq '>' ? $phone : $gateway;
    my $agent = $more{agent} ? "User-Agent: $more{agent}\r\n" : '';
    my $type = $sdp ? "Content-Type: application/sdp\r\n" : '';
    my $message = "$start\r\nVia: SIP/2.0/UDP $phone;branch=z9hG4bK" . ($cseq =~ tr/ //dr) . "$call\r\n"
        . "From: $from$from_tag\r\nTo: $to$to_tag\r\nCall-ID: $call\@example.com\r\nCSeq: $cseq\r\n"
        . "Max-Forwards: 70\r\nContact: <sip:$contact>\r\n$agent${type}Content-Length: " . length($sdp) . "\r\n\r\n$sdp";
    $way eq '>' ? udp($at, $phone, 5060, $gateway, 5060, $message) : udp($at, $gateway, 5060, $phone, 5060, $message);
}

sub invite() { 'INVITE sip:+442079460123@example.com SIP/2.0' }

# rtp AT, WAY, NUMBER, TYPE, PAYLOAD, TIMESTAMP
sub rtp {
    my ($at, $way, $number, $type, $payload, $stamp) = @_;
    my $packet = pack('CCnNN', 0x80, $type, 100 + $number, $stamp // $number * 160, $way eq '>' ? 0xa : 0xb) . $payload;
    $way eq '>' ? udp($at, $phone, 40000, $gateway, 50000, $packet) : udp($at, $gateway, 50000, $phone, 40000, $packet);
}

# Two seconds of the gateway's audio: three packets are lost, one comes 30 ms late.
sub audio {
    my ($at) = @_;
    for my $i (0 .. 99) {
        next if $i >= 40 && $i < 43;
        rtp($at + $i * 0.02 + ($i == 60 ? 0.03 : 0), '<', $i, 8, "\xd5" x 160);
    }
}

# Two seconds of the phone's, with two keys of 100 ms.
sub talk_with_keys {
    my ($at) = @_;
    my %key = (20 => 4, 50 => 2);
    my ($event, $began) = (0, -10);
    for my $i (0 .. 99) {
        ($event, $began) = ($key{$i}, $i) if exists $key{$i};
        my $n = $i - $began;
        if ($n < 7) {
            my $end = $n >= 4;
            my $units = ($end ? 5 : $n + 1) * 160;
            rtp($at + $i * 0.02, '>', $i, 101 | ($n ? 0 : 0x80), pack('CCn', $event, 10 | ($end ? 0x80 : 0), $units), $began * 160);
        } else {
            rtp($at + $i * 0.02, '>', $i, 8, "\xd5" x 160);
        }
    }
}

my %scenes;
%scenes = (
    call => sub {
        sip(0, '>', invite, 'c1', '1 INVITE', from => '"Alice" <sip:+33199000001@example.com>', rtp => 40000);
        sip(0.002, '<', 'SIP/2.0 100 Trying', 'c1', '1 INVITE');
        sip(0.3, '<', 'SIP/2.0 180 Ringing', 'c1', '1 INVITE', tag => 'b');
        sip(0.9, '<', 'SIP/2.0 200 OK', 'c1', '1 INVITE', tag => 'b', rtp => 50000);
        sip(0.91, '>', 'ACK sip:198.51.100.1 SIP/2.0', 'c1', '1 ACK', tag => 'b');
        audio(0.92);
        talk_with_keys(0.93);
        sip(3, '<', 'BYE sip:192.0.2.1 SIP/2.0', 'c1', '1 BYE', back => 1);
        sip(3.01, '>', 'SIP/2.0 200 OK', 'c1', '1 BYE', back => 1);
    },
    scan => sub {
        $scenes{call}->();
        sip(0.5, '>', 'OPTIONS sip:100@198.51.100.1 SIP/2.0', 'c9', '1 OPTIONS', agent => 'friendly-scanner');
    },
    mute => sub {
        sip(0, '>', invite, 'c2', '1 INVITE', rtp => 40000);
        sip(0.5, '>', invite, 'c2', '1 INVITE', rtp => 40000);
        sip(0.6, '<', 'SIP/2.0 486 Busy Here', 'c2', '1 INVITE', tag => 'b');
        sip(0.61, '>', 'ACK sip:198.51.100.1 SIP/2.0', 'c2', '1 ACK', tag => 'b');
        sip(1, '>', invite, 'c3', '1 INVITE', rtp => 40000);
        sip(1.2, '<', 'SIP/2.0 180 Ringing', 'c3', '1 INVITE', tag => 'b');
        sip(5, '>', 'CANCEL sip:+442079460123@example.com SIP/2.0', 'c3', '1 CANCEL');
        sip(5.01, '<', 'SIP/2.0 487 Request Terminated', 'c3', '1 INVITE', tag => 'b');
        sip(10, '>', invite, 'c4', '1 INVITE', rtp => 40000);
        sip(10.1, '<', 'SIP/2.0 200 OK', 'c4', '1 INVITE', tag => 'b', rtp => 50000);
        talk_with_keys(10.2);
        sip(13, '>', 'BYE sip:198.51.100.1 SIP/2.0', 'c4', '2 BYE', tag => 'b');
    },
    rtp => sub { audio(0) },
    g722 => sub { rtp($_ * 0.02, '>', $_, 9, join '', map { chr($_ * 37 % 256) } 1 .. 160) for 0 .. 49 },
);
my $scene = $scenes{$ARGV[0] // ''} or die "usage: capture.pl call|scan|mute|rtp|g722\n";
$scene->();

binmode STDOUT;
print pack 'VvvVVVV', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101;
for my $packet (sort { $a->[0] <=> $b->[0] } @packets) {
    my $micros = int($packet->[0] * 1e6 + 0.5);
    my $length = length $packet->[1];
    print pack('VVVV', 1_700_000_000 + int($micros / 1_000_000), $micros % 1_000_000, $length, $length), $packet->[1];
}
