using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Xentree.Api.Http.Idempotency;

/// <summary>An answer that is replayed.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Headers">The headers that belong to the resource.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record StoredAnswer(int Status, string? ContentType, Dictionary<string, string> Headers, byte[] Body)
{
    private static readonly string[] KeptHeaders = ["Location", "ETag", "Link"];
    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagSize = AesGcm.TagByteSizes.MaxSize;

    public static StoredAnswer Of(HttpResponse response, byte[] body) => new(
        response.StatusCode,
        response.ContentType,
        KeptHeaders.Where(name => response.Headers.ContainsKey(name)).ToDictionary(name => name, name => response.Headers[name].ToString()),
        body);

    /// <summary>401, 429 and 5xx pass; everything else would be answered the same again.</summary>
    public bool IsKept => Status is >= 200 and < 500 and not (401 or 408 or 429);

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        response.Headers[IdempotencyMiddleware.ReplayedHeader] = "true";
        await response.Body.WriteAsync(Body, cancellation);
    }

    /// <summary>Encrypts with AES-256-GCM under a key that HKDF derives from the caller and the idempotency key, which nobody else has.</summary>
    public byte[] Encrypt(string secret)
    {
        var plaintext = JsonSerializer.SerializeToUtf8Bytes(this);
        var result = new byte[NonceSize + plaintext.Length + TagSize];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceSize));
        using var aes = new AesGcm(Key(secret), TagSize);
        aes.Encrypt(result.AsSpan(0, NonceSize), plaintext, result.AsSpan(NonceSize, plaintext.Length), result.AsSpan(NonceSize + plaintext.Length));
        return result;
    }

    public static StoredAnswer Decrypt(ReadOnlySpan<byte> ciphertext, string secret)
    {
        var plaintext = new byte[ciphertext.Length - NonceSize - TagSize];
        using var aes = new AesGcm(Key(secret), TagSize);
        aes.Decrypt(ciphertext[..NonceSize], ciphertext[NonceSize..^TagSize], ciphertext[^TagSize..], plaintext);
        return JsonSerializer.Deserialize<StoredAnswer>(plaintext)!;
    }

    private static byte[] Key(string secret) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "xentree idempotent answer"u8.ToArray());
}
