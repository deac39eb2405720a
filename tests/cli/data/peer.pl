# perl peer.pl --ready-file FILE HOW: a UDP peer that behaves badly. FILE holds its port.
#   silent       never says anything
#   garbage      answers with bytes that are no SIP
#   broken       answers 200 with headers that cannot be read
#   strange      answers 200 to somebody else's request
#   no-bye       takes a call without audio, and answers nothing after that
#   late         rings, takes the call when it is cancelled, and prints the method of each request
use strict;
use warnings;
use IO::Socket::INET;

my ($option, $ready, $how) = @ARGV;
my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0) or die "socket: $!\n";
open(my $file, '>', "$ready.new") or die "$ready: $!\n";
print $file $socket->sockport, "\n";
close($file);
rename("$ready.new", $ready) or die "$ready: $!\n";

# The header lines of a request that its response repeats.
sub copied {
    my ($request) = @_;
    return join '', map { "$_\r\n" } grep { /^(Via|From|To|Call-ID|CSeq):/i } split /\r\n/, $request;
}

my $invite;
$| = 1;
while (defined $socket->recv(my $request, 65535)) {
    my $headers = copied($request);
    if ($how eq 'garbage') {
        $socket->send("\x00\xff\x00SIP/9.9 two hundred\r\n\r\n");
    } elsif ($how eq 'broken') {
        $headers =~ s/^CSeq:.*$/CSeq: many INVITE\r/m;
        $socket->send("SIP/2.0 200 OK\r\n${headers}no colon here\r\nContent-Length: -7\r\n\r\n");
    } elsif ($how eq 'strange') {
        $headers =~ s/branch=[^;\r]*/branch=z9hG4bK-not-yours/;
        $headers =~ s/^Call-ID:.*$/Call-ID: not-yours\r/m;
        $socket->send("SIP/2.0 200 OK\r\n${headers}Content-Length: 0\r\n\r\n");
    } elsif ($how eq 'late') {
        my ($method) = $request =~ /^([A-Z]+)/;
        print "$method\n";
        $headers =~ s/^(To:[^;\r]*>)\r/$1;tag=1\r/m;
        $invite = $headers if $method eq 'INVITE';
        my $contact = 'Contact: <sip:' . $socket->sockhost . ':' . $socket->sockport . ">\r\nContent-Length: 0\r\n\r\n";
        $socket->send("SIP/2.0 180 Ringing\r\n$headers$contact") if $method eq 'INVITE';
        $socket->send("SIP/2.0 200 OK\r\n${headers}Content-Length: 0\r\n\r\n") if $method eq 'CANCEL' || $method eq 'BYE';
        $socket->send("SIP/2.0 200 OK\r\n$invite$contact") if $method eq 'CANCEL';
    } elsif ($how eq 'no-bye' && $request =~ /^INVITE/) {
        $headers =~ s/^(To:[^\r]*)/$1;tag=1/m;
        $socket->send("SIP/2.0 200 OK\r\n${headers}Contact: <sip:" . $socket->sockhost . ':' . $socket->sockport .
                      ">\r\nContent-Length: 0\r\n\r\n");
    }
}
