using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Xentree.Data.Keys;

/// <summary>A key of the installation (for signing, for hashing, of Data Protection), encrypted under the key-encryption key.</summary>
public sealed class ProtectedKey
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is for; see <see cref="KeyPurpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The id of the key-encryption key that it is encrypted under.</summary>
    public required string EncryptionKeyId { get; set; }

    /// <summary>Nonce, ciphertext and tag of AES-256-GCM.</summary>
    public required byte[] Ciphertext { get; set; }

    /// <summary>When it was made.</summary>
    public required Instant CreatedAt { get; init; }
}

/// <summary>What a <see cref="ProtectedKey"/> is for.</summary>
public static class KeyPurpose
{
    /// <summary>Signs access tokens.</summary>
    public const string AccessToken = "access-token";

    /// <summary>Derives the secrets of refresh tokens (rule O3).</summary>
    public const string RefreshToken = "refresh-token";

    /// <summary>Draws the daily quests (rule Q1).</summary>
    public const string QuestDraw = "quest-draw";

    /// <summary>An element of the Data Protection key ring; there are several.</summary>
    public const string DataProtection = "data-protection";
}

internal sealed class ProtectedKeyConfiguration : IEntityTypeConfiguration<ProtectedKey>
{
    public void Configure(EntityTypeBuilder<ProtectedKey> key)
    {
        key.ToTable("protected_keys");
        key.HasIndex(k => new { k.Purpose, k.Id });
        // Two replicas that start at once on an empty database agree on one key.
        key.HasIndex(k => k.Purpose).IsUnique().HasFilter($"purpose <> '{KeyPurpose.DataProtection}'").HasDatabaseName("ux_protected_keys_single");
    }
}
