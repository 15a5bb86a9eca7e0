using System.Buffers;

namespace Xentree.Api.Http;

/// <summary>Base64 for addresses (RFC 4648, section 5), without padding.</summary>
internal static class Base64Url
{
    /// <summary>Its 64 characters.</summary>
    public static SearchValues<char> Alphabet { get; } = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    /// <summary>The bytes of <paramref name="text"/>; null where it is no base64.</summary>
    public static byte[]? TryDecode(string text)
    {
        try
        {
            return System.Buffers.Text.Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
