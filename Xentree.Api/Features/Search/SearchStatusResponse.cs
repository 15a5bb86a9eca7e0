using NodaTime;
using Xentree.Data.Search;

namespace Xentree.Api.Features.Search;

/// <summary>What the search index holds.</summary>
public sealed record SearchStatusResponse : IExample<SearchStatusResponse>
{
    /// <summary>How many texts are indexed: messages, titles of conversations, notes and what else can be found.</summary>
    public required long Indexed { get; init; }

    /// <summary>How many texts are stored and not indexed; in health, 0.</summary>
    public required long Missing { get; init; }

    /// <summary>For how many seconds the oldest of those has waited; 0 when there is none.</summary>
    public required long LagSeconds { get; init; }

    /// <summary>The texts of each type.</summary>
    public required IReadOnlyList<SearchTypeStatus> Types { get; init; }

    /// <summary>The rebuild that is under way, else the last one; null when there was none.</summary>
    public required SearchReindex? Reindex { get; init; }

    /// <inheritdoc/>
    public static SearchStatusResponse Example { get; } = new()
    {
        Indexed = 12_844,
        Missing = 0,
        LagSeconds = 0,
        Types = [new(SearchType.Conversation, 12_403, 0), new(SearchType.Note, 441, 0), new(SearchType.Transcript, 0, 0), new(SearchType.Document, 0, 0)],
        Reindex = SearchReindex.Example,
    };
}

/// <summary>The texts of a type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Indexed">How many are indexed.</param>
/// <param name="Missing">How many are stored and not indexed.</param>
public sealed record SearchTypeStatus(SearchType Type, long Indexed, long Missing);

/// <summary>A rebuild of the search index.</summary>
public sealed record SearchReindex : IExample<SearchReindex>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>How far it is.</summary>
    public required SearchReindexState Status { get; init; }

    /// <summary>How much of it is done, 0 to 100.</summary>
    public required int Progress { get; init; }

    /// <summary>How many texts are done.</summary>
    public required long Done { get; init; }

    /// <summary>How many there were when it began.</summary>
    public required long Total { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>When it began.</summary>
    public required Instant? StartedAt { get; init; }

    /// <summary>When it was done.</summary>
    public required Instant? FinishedAt { get; init; }

    /// <inheritdoc/>
    public static SearchReindex Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2f01"),
        Status = SearchReindexState.Running,
        Progress = 31,
        Done = 4_000,
        Total = 12_844,
        RequestedAt = Instant.FromUtc(2026, 3, 1, 9, 0),
        StartedAt = Instant.FromUtc(2026, 3, 1, 9, 0, 1),
        FinishedAt = null,
    };

    internal static SearchReindex Of(SearchRebuild rebuild) => new()
    {
        Id = rebuild.Id,
        Status = rebuild.FinishedAt is not null ? SearchReindexState.Finished : rebuild.StartedAt is not null ? SearchReindexState.Running : SearchReindexState.Queued,
        // What was written meanwhile is done too, and is not in the total; the last percent is the end.
        Progress = rebuild.FinishedAt is not null ? 100 : rebuild.Total == 0 ? 0 : (int)Math.Min(99, rebuild.Done * 100 / rebuild.Total),
        Done = rebuild.Done,
        Total = rebuild.Total,
        RequestedAt = rebuild.RequestedAt,
        StartedAt = rebuild.StartedAt,
        FinishedAt = rebuild.FinishedAt,
    };
}

/// <summary>How far a rebuild is.</summary>
public enum SearchReindexState
{
    /// <summary>It waits for a worker.</summary>
    Queued,

    /// <summary>It is under way.</summary>
    Running,

    /// <summary>It is done.</summary>
    Finished,
}
