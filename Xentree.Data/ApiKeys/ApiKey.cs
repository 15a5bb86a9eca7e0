using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Organizations;

namespace Xentree.Data.ApiKeys;

/// <summary>A server's credential: it belongs to one organization and acts for the member who created it.</summary>
public sealed class ApiKey
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The organization it belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The member for whom it acts.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; init; }

    /// <summary>The first 12 characters of the key, by which a person recognises it.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the key. The key has 512 random bits, so a slow hash would add nothing.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>What it may do.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>Where it may be used from: addresses or CIDR ranges; empty for anywhere.</summary>
    public required string[] AllowedIps { get; init; }

    /// <summary>When it stops working.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public Instant? LastUsedAt { get; set; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys");
        key.HasIndex(k => k.Hash).IsUnique();
        key.HasIndex(k => new { k.OrganizationId, k.CreatedBy });
        key.HasOne<Organization>().WithMany().HasForeignKey(k => k.OrganizationId);
        // A key acts for a member: when the membership goes, so does the key (rule O1).
        key.HasOne<Member>().WithMany().HasForeignKey(k => new { k.OrganizationId, k.CreatedBy });
    }
}
