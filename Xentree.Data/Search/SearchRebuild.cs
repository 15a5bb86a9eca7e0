using NodaTime;

namespace Xentree.Data.Search;

/// <summary>A rebuild of the search index: how far it has come. It goes on from here whoever continues it.</summary>
public sealed class SearchRebuild
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>When its first rows were indexed.</summary>
    public Instant? StartedAt { get; set; }

    /// <summary>When its last rows were indexed.</summary>
    public Instant? FinishedAt { get; set; }

    /// <summary>How many sources it has done.</summary>
    public int Sources { get; set; }

    /// <summary>The last row that it has done of the source at which it is.</summary>
    public Guid After { get; set; }

    /// <summary>How many rows it has done.</summary>
    public long Done { get; set; }

    /// <summary>How many rows there were when it began.</summary>
    public long Total { get; set; }
}
