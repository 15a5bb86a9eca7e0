using System.Net;
using System.Net.Sockets;

namespace Xentree.Api.Auth;

/// <summary>The address that a request came from.</summary>
internal static class ClientAddress
{
    private const int SubscriberPrefixBytes = 8;

    /// <summary>The address; an IPv4 address that came mapped into IPv6 is the IPv4 address.</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>What limits count by: the IPv4 address, or the /64 that an IPv6 subscriber is given.</summary>
    public static string LimitKey(HttpContext context)
    {
        var address = Of(context);
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, SubscriberPrefixBytes)) + "/64"
            : address.ToString();
    }

    /// <summary>Whether the address is one of <paramref name="allowed"/> (addresses and CIDR ranges).</summary>
    public static bool IsAllowed(IPAddress address, IEnumerable<string> allowed) =>
        allowed.Any(entry => IPNetwork.TryParse(entry, out var network)
            ? network.Contains(address)
            : IPAddress.TryParse(entry, out var single) && single.Equals(address));
}
