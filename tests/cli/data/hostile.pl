#!/usr/bin/perl
# Sends messages with one fault each, and sound ones between them, as UDP datagrams from one socket to 127.0.0.1, port
# as the argument says. Waits for an answer of a sound OPTIONS after each, so that all have been read when it ends.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

my $port = shift or die "usage: hostile.pl PORT\n";
my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', PeerAddr => '127.0.0.1', PeerPort => $port)
    or die "no socket: $!\n";
my $own = $socket->sockport;
my $number = 0;

sub message {
    my ($method, %change) = @_;
    ++$number;
    my %field = (Via => "SIP/2.0/UDP 127.0.0.1:$own;branch=z9hG4bKh$number", 'Max-Forwards' => 70,
        From => '<sip:a@example.com>;tag=1', To => '<sip:b@example.com>', 'Call-ID' => "h$number\@127.0.0.1",
        CSeq => "1 $method", Contact => "<sip:a\@127.0.0.1:$own>", 'Content-Length' => 0, %change);
    my $line = delete $field{line} // "$method sip:b\@127.0.0.1:$port SIP/2.0";
    my $more = delete $field{more} // '';
    my @order = ('Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'User-Agent', 'Content-Length');
    return "$line\r\n" . join('', map { defined $field{$_} ? "$_: $field{$_}\r\n" : () } @order) . "$more\r\n";
}

my @bad = (
    message('INVITE', line => "INVITE  sip:b\@127.0.0.1 SIP/2.0"),
    message('OPTIONS', line => "OPTIONS sip:b\@127.0.0.1 SIP/3.0"),
    message('OPTIONS', line => 'OPTIONS mailto:b@example.com SIP/2.0'),
    message('OPTIONS', CSeq => '1 INVITE'),
    message('OPTIONS', CSeq => '99999999999 OPTIONS'),
    message('OPTIONS', 'Content-Length' => -5),
    message('OPTIONS', 'Content-Length' => 500),
    message('OPTIONS', 'Call-ID' => undef),
    message('OPTIONS', Via => undef),
    message('OPTIONS', 'Max-Forwards' => 0),
    message('OPTIONS', 'User-Agent' => 'friendly-scanner'),
    message('OPTIONS', From => '"open <sip:a@example.com>;tag=1'),
    message('OPTIONS', more => "Proxy-Require: nothingthatexists\r\n"),
    message('INVITE', Contact => undef),
    message('REGISTER', Contact => '*'),
    "SIP/2.0 999999 No\r\n\r\n",
    "\0", 'GET / HTTP/1.0', "\r\n\r\n", '',
);
for my $bad (@bad) {
    $socket->send($bad);
    $socket->send(message('OPTIONS', 'Call-ID' => "sound$number"));
    my $answered = 0;
    my $deadline = time + 20;
    while (!$answered && IO::Select->new($socket)->can_read($deadline - time)) {
        $socket->recv(my $answer, 65536) // last;
        $answered = $answer =~ /^Call-ID: sound/m;
    }
    die "no answer\n" unless $answered;
}
print scalar @bad, " sent\n";
