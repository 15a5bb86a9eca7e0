using Microsoft.EntityFrameworkCore;
using Xentree.Data.Accounts;
using Xentree.Data.ApiKeys;
using Xentree.Data.Blobs;
using Xentree.Data.Idempotency;
using Xentree.Data.Keys;
using Xentree.Data.Organizations;

namespace Xentree.Data;

/// <summary>
/// The database. It is pooled: it carries no state of a request, so whose rows a query may see is always said in the query.
/// </summary>
public sealed class XentreeDbContext(DbContextOptions<XentreeDbContext> options) : DbContext(options)
{
    /// <summary>Accounts.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>Signed-in sessions.</summary>
    public DbSet<SignInSession> SignInSessions => Set<SignInSession>();

    /// <summary>Refresh tokens, of every generation.</summary>
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    /// <summary>Organizations.</summary>
    public DbSet<Organization> Organizations => Set<Organization>();

    /// <summary>Who belongs to which organization.</summary>
    public DbSet<Member> Members => Set<Member>();

    /// <summary>API keys.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <summary>Blobs that no row refers to.</summary>
    public DbSet<UnusedBlob> UnusedBlobs => Set<UnusedBlob>();

    /// <summary>The installation's own keys, encrypted.</summary>
    public DbSet<ProtectedKey> ProtectedKeys => Set<ProtectedKey>();

    /// <summary>Answers to idempotency keys.</summary>
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(XentreeDbContext).Assembly);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // Enumerations are stored by name, so that their order may change.
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
}
