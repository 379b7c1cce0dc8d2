using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>The operators on addresses: one, a network, IPv4, IPv6, and IPv4 written as IPv6.</summary>
internal static class AddressRows
{
    private const string Ip = "acs:SourceIp";

    public static readonly DecisionRow[] All =
    [
        If("IpAddress: the address", Allow, """{"IpAddress":{"acs:SourceIp":"203.0.113.2"}}""", (Ip, "203.0.113.2")),
        If("IpAddress: another address", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"203.0.113.2"}}""", (Ip, "203.0.113.20")),
        If("IpAddress: first of a network", Allow, """{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"}}""", (Ip, "192.0.2.0")),
        If("IpAddress: last of a network", Allow, """{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"}}""", (Ip, "192.0.2.255")),
        If("IpAddress: just before a network", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"}}""", (Ip, "192.0.1.255")),
        If("IpAddress: just behind a network", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"}}""", (Ip, "192.0.3.0")),
        If("IpAddress: a prefix inside a byte", Allow, """{"IpAddress":{"acs:SourceIp":"172.16.0.0/12"}}""", (Ip, "172.31.255.255")),
        If("IpAddress: behind a prefix inside a byte", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"172.16.0.0/12"}}""", (Ip, "172.32.0.0")),
        If("IpAddress: /32 is one address", Allow, """{"IpAddress":{"acs:SourceIp":"203.0.113.2/32"}}""", (Ip, "203.0.113.2")),
        If("IpAddress: /32 is no other", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"203.0.113.2/32"}}""", (Ip, "203.0.113.3")),
        If("IpAddress: /31 is two", Allow, """{"IpAddress":{"acs:SourceIp":"203.0.113.2/31"}}""", (Ip, "203.0.113.3")),
        If("IpAddress: /0 is all of IPv4", Allow, """{"IpAddress":{"acs:SourceIp":"0.0.0.0/0"}}""", (Ip, "255.255.255.255")),
        If("IpAddress: /0 is nothing of IPv6", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"0.0.0.0/0"}}""", (Ip, "2001:db8::1")),
        If("IpAddress: second of a list", Allow, """{"IpAddress":{"acs:SourceIp":["192.0.2.0/24","203.0.113.2"]}}""", (Ip, "203.0.113.2")),
        If("IpAddress: none of a list", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":["192.0.2.0/24","203.0.113.2"]}}""", (Ip, "203.0.113.3")),
        If("NotIpAddress: outside", Allow, """{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "11.0.0.1")),
        If("NotIpAddress: inside", ImplicitDeny, """{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "10.255.255.255")),
        If("NotIpAddress: inside the second of a list", ImplicitDeny, """{"NotIpAddress":{"acs:SourceIp":["192.0.2.0/24","10.0.0.0/8"]}}""", (Ip, "10.0.0.1")),
        Unless("NotIpAddress: a denial of strangers spares the known", Allow, """{"NotIpAddress":{"acs:SourceIp":["192.0.2.0/24","203.0.113.2"]}}""", (Ip, "192.0.2.77")),
        Unless("NotIpAddress: a denial of strangers", ExplicitDeny, """{"NotIpAddress":{"acs:SourceIp":["192.0.2.0/24","203.0.113.2"]}}""", (Ip, "198.51.100.1")),
        If("IPv6: the address in another writing", Allow, """{"IpAddress":{"acs:SourceIp":"2001:DB8:0:0::1"}}""", (Ip, "2001:db8::1")),
        If("IPv6: inside a network", Allow, """{"IpAddress":{"acs:SourceIp":"2001:db8::/32"}}""", (Ip, "2001:db8:ffff::1")),
        If("IPv6: outside a network", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"2001:db8::/32"}}""", (Ip, "2001:db9::1")),
        If("IPv6: a prefix beyond 64", Allow, """{"IpAddress":{"acs:SourceIp":"2001:db8::ff00/120"}}""", (Ip, "2001:db8::ffab")),
        If("IPv6: behind a prefix beyond 64", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"2001:db8::ff00/120"}}""", (Ip, "2001:db8::fe00")),
        If("IPv6: /128 is one address", Allow, """{"IpAddress":{"acs:SourceIp":"::1/128"}}""", (Ip, "::1")),
        If("IPv6: /0 is all of IPv6", Allow, """{"IpAddress":{"acs:SourceIp":"::/0"}}""", (Ip, "fe80::1")),
        If("IPv6: /0 is nothing of IPv4", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"::/0"}}""", (Ip, "10.0.0.1")),
        If("IPv6: NotIpAddress outside", Allow, """{"NotIpAddress":{"acs:SourceIp":"2001:db8::/32"}}""", (Ip, "2001:db9::1")),
        If("IPv6: NotIpAddress inside", ImplicitDeny, """{"NotIpAddress":{"acs:SourceIp":"2001:db8::/32"}}""", (Ip, "2001:db8::1")),
        If("mapped: the request's address in an IPv4 network", Allow, """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "::ffff:10.1.2.3")),
        If("mapped: the request's address in hexadecimal", Allow, """{"IpAddress":{"acs:SourceIp":"10.1.2.3"}}""", (Ip, "::ffff:a01:203")),
        If("mapped: the policy's address", Allow, """{"IpAddress":{"acs:SourceIp":"::ffff:10.1.2.3"}}""", (Ip, "10.1.2.3")),
        If("mapped: the policy's network", Allow, """{"IpAddress":{"acs:SourceIp":"::ffff:10.0.0.0/104"}}""", (Ip, "10.1.2.3")),
        If("mapped: outside the policy's network", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"::ffff:10.0.0.0/104"}}""", (Ip, "11.1.2.3")),
        If("mapped: all of them are all of IPv4", Allow, """{"IpAddress":{"acs:SourceIp":"::ffff:0:0/96"}}""", (Ip, "198.51.100.1")),
        If("mapped: the request's address is none of IPv6", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"::/0"}}""", (Ip, "::ffff:10.1.2.3")),
        Unless("mapped: writing it so does not slip through a denial", ExplicitDeny, """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "::ffff:10.1.2.3")),
        If("mapped: an IPv4 tail without the mark is IPv6", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"10.1.2.3"}}""", (Ip, "::10.1.2.3")),
        If("no address: a name", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"0.0.0.0/0"}}""", (Ip, "localhost")),
        If("no address: a shortened one", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "10.1")),
        If("no address: an octal one", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"0.0.0.0/0"}}""", (Ip, "010.0.0.1")),
        If("no address: one with a port", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"::/0"}}""", (Ip, "[::1]:443")),
        If("no address: one with a zone", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"fe80::/10"}}""", (Ip, "fe80::1%eth0")),
        If("no address: allows nothing by NotIpAddress", ImplicitDeny, """{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "unknown")),
        Unless("no address: is denied by IpAddress", ExplicitDeny, """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", (Ip, "unknown")),
    ];
}
