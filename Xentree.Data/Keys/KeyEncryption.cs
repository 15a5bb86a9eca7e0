using System.Security.Cryptography;
using System.Text;

namespace Xentree.Data.Keys;

/// <summary>The key-encryption keys, from configuration (section <c>Encryption</c>).</summary>
public sealed class EncryptionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Encryption";

    /// <summary>What to say where <see cref="IsUsable"/> does not hold.</summary>
    public const string Problem =
        "Encryption:Key is missing or shorter than 32 characters: give it a long random text (environment variable Encryption__Key, or user secrets) and keep it, because it encrypts the keys in the database.";

    private const int MinKeyLength = 32;

    /// <summary>The key in force: any text of at least 32 characters. From user secrets, the environment or a vault, never from a file in git.</summary>
    public string Key { get; init; } = "";

    /// <summary>Whether there is a key that is worth the name.</summary>
    public bool IsUsable => Key.Length >= MinKeyLength;

    /// <summary>Keys that were in force before: they still decrypt. Drop them once <c>rotate-keys</c> has run.</summary>
    public string[] PreviousKeys { get; init; } = [];
}

/// <summary>
/// Encrypts small secrets with AES-256-GCM under a key-encryption key, which HKDF-SHA256 derives from the configured text.
/// Every ciphertext names its key, so that keys can be changed while the system runs.
/// </summary>
public sealed class KeyEncryption
{
    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagSize = AesGcm.TagByteSizes.MaxSize;

    private readonly Dictionary<string, byte[]> _keys = [];

    /// <summary>Derives the keys of <paramref name="options"/>.</summary>
    public KeyEncryption(EncryptionOptions options)
    {
        CurrentKeyId = Add(options.Key);
        foreach (var previous in options.PreviousKeys) Add(previous);
    }

    /// <summary>The id of the key that <see cref="Encrypt"/> uses.</summary>
    public string CurrentKeyId { get; }

    /// <summary>Encrypts under the current key; <paramref name="purpose"/> is authenticated, so that a row cannot be moved to another use.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, string purpose)
    {
        var sealed_ = new byte[NonceSize + plaintext.Length + TagSize];
        var nonce = sealed_.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_keys[CurrentKeyId], TagSize);
        aes.Encrypt(nonce, plaintext, sealed_.AsSpan(NonceSize, plaintext.Length), sealed_.AsSpan(NonceSize + plaintext.Length), Encoding.UTF8.GetBytes(purpose));
        return sealed_;
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> made.</summary>
    /// <exception cref="CryptographicException">The key is not configured, or the text was tampered with.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext, string keyId, string purpose)
    {
        if (!_keys.TryGetValue(keyId, out var key))
            throw new CryptographicException(
                $"A secret in the database is encrypted under the key {keyId}, which is not configured. Put the old text into Encryption:PreviousKeys.");

        var plaintext = new byte[ciphertext.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(ciphertext[..NonceSize], ciphertext[NonceSize..^TagSize], ciphertext[^TagSize..], plaintext, Encoding.UTF8.GetBytes(purpose));
        return plaintext;
    }

    private string Add(string text)
    {
        var material = Encoding.UTF8.GetBytes(text);
        var id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 4, info: "xentree key id"u8.ToArray()));
        _keys[id] = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 32, info: "xentree key encryption"u8.ToArray());
        return id;
    }
}
