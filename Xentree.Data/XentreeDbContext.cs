using Microsoft.EntityFrameworkCore;
using Xentree.Data.Accounts;
using Xentree.Data.Ai;
using Xentree.Data.ApiKeys;
using Xentree.Data.Blobs;
using Xentree.Data.Conversations;
using Xentree.Data.Idempotency;
using Xentree.Data.Keys;
using Xentree.Data.Knowledge;
using Xentree.Data.Learning;
using Xentree.Data.LearningTime;
using Xentree.Data.Maintenance;
using Xentree.Data.Notes;
using Xentree.Data.Organizations;
using Xentree.Data.Quests;
using Xentree.Data.Search;
using Xentree.Data.Streaks;
using Xentree.Data.Xp;

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

    /// <summary>Conversations.</summary>
    public DbSet<Conversation> Conversations => Set<Conversation>();

    /// <summary>Turns of conversations.</summary>
    public DbSet<Message> Messages => Set<Message>();

    /// <summary>Notes.</summary>
    public DbSet<Note> Notes => Set<Note>();

    /// <summary>Texts that search finds.</summary>
    public DbSet<SearchEntry> SearchEntries => Set<SearchEntry>();

    /// <summary>Words that occur in them.</summary>
    public DbSet<SearchWord> SearchWords => Set<SearchWord>();

    /// <summary>Rebuilds of the search index.</summary>
    public DbSet<SearchRebuild> SearchRebuilds => Set<SearchRebuild>();
    /// <summary>Documents of the knowledge base.</summary>
    public DbSet<Document> Documents => Set<Document>();

    /// <summary>Passages of documents.</summary>
    public DbSet<DocumentChunk> DocumentChunks => Set<DocumentChunk>();

    /// <summary>Meanings of passages.</summary>
    public DbSet<DocumentVector> DocumentVectors => Set<DocumentVector>();

    /// <summary>Blobs that no row refers to.</summary>
    public DbSet<UnusedBlob> UnusedBlobs => Set<UnusedBlob>();

    /// <summary>The installation's own keys, encrypted.</summary>
    public DbSet<ProtectedKey> ProtectedKeys => Set<ProtectedKey>();

    /// <summary>Answers to idempotency keys.</summary>
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    /// <summary>Learners: balances and checkpoints.</summary>
    public DbSet<LearnerRow> Learners => Set<LearnerRow>();

    /// <summary>Daily aggregates.</summary>
    public DbSet<DayRow> LearningDays => Set<DayRow>();

    /// <summary>XP that was given.</summary>
    public DbSet<XpLedgerRow> XpLedger => Set<XpLedgerRow>();

    /// <summary>Tokens that were given or spent.</summary>
    public DbSet<TokenLedgerRow> TokenLedger => Set<TokenLedgerRow>();

    /// <summary>Rankings of weeks that are closed.</summary>
    public DbSet<StandingRow> LeaderboardStandings => Set<StandingRow>();

    /// <summary>Boosters that were earned.</summary>
    public DbSet<BoosterRow> Boosters => Set<BoosterRow>();

    /// <summary>Savers that were bought.</summary>
    public DbSet<SaverPurchaseRow> SaverPurchases => Set<SaverPurchaseRow>();

    /// <summary>Changes of zone.</summary>
    public DbSet<ZoneChangeRow> ZoneChanges => Set<ZoneChangeRow>();

    /// <summary>Outages, the withdrawn ones too.</summary>
    public DbSet<OutageRow> Outages => Set<OutageRow>();

    /// <summary>Quests that were drawn.</summary>
    public DbSet<DailyQuestRow> DailyQuests => Set<DailyQuestRow>();

    /// <summary>Signals of learning sessions.</summary>
    public DbSet<SignalRow> SessionSignals => Set<SignalRow>();

    /// <summary>Time that was told too late.</summary>
    public DbSet<BelatedTimeRow> BelatedTimes => Set<BelatedTimeRow>();

    /// <summary>What happened to learners, for those who want to be told.</summary>
    public DbSet<DomainEventRow> DomainEvents => Set<DomainEventRow>();

    /// <summary>Calls of AI providers, by user, organization, provider and day.</summary>
    public DbSet<AiUsage> AiUsage => Set<AiUsage>();

    /// <summary>Budgets of tokens, by user and day.</summary>
    public DbSet<AiBudget> AiBudgets => Set<AiBudget>();

    /// <summary>Tokens that calls under way may use.</summary>
    public DbSet<AiReservation> AiReservations => Set<AiReservation>();

    /// <summary>The last run of each background job.</summary>
    public DbSet<JobRun> JobRuns => Set<JobRun>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .HasPostgresExtension("btree_gin")
        .HasPostgresExtension("pg_trgm")
        .HasPostgresExtension("unaccent")
        .ApplyConfigurationsFromAssembly(typeof(XentreeDbContext).Assembly);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // Enumerations are stored by name, so that their order may change.
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
}
