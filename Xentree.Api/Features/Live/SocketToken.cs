using System.Security.Cryptography;
using System.Text;
using Xentree.Api.Auth;
using Xentree.Data.Live;

namespace Xentree.Api.Features.Live;

/// <summary>The text of a socket token: 32 random bytes. Only its hash is stored.</summary>
internal static class SocketToken
{
    private const int Length = 43;

    /// <summary>A new token, which rests on the log-in or the key of who asks for it.</summary>
    public static (string Text, LiveTicket Ticket) Create(Caller caller)
    {
        var text = Base64Url.Encode(RandomNumberGenerator.GetBytes(32));
        return (text, new LiveTicket(Hash(text), caller.SessionId, caller.Key?.Id));
    }

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    public static bool IsWellFormed(string text) => text.Length == Length && text.AsSpan().IndexOfAnyExcept(Base64Url.Alphabet) < 0;
}
