using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Live;

namespace Xentree.Api.Features.Live;

/// <summary>A transcript, without its turns.</summary>
public sealed record LiveTranscriptSummary : IExample<LiveTranscriptSummary>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The session; null where none was named.</summary>
    public required Guid? SessionId { get; init; }

    /// <summary>When the session started.</summary>
    public required Instant SessionStartedAt { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public required Instant? SessionEndedAt { get; init; }

    /// <summary>How many turns it has.</summary>
    public required int TurnCount { get; init; }

    /// <summary>When it was stored first.</summary>
    public required Instant CreatedAt { get; init; }

    /// <inheritdoc/>
    public static LiveTranscriptSummary Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2f01"),
        SessionId = LiveSessionResponse.Example.SessionId,
        SessionStartedAt = Instant.FromUtc(2026, 3, 12, 17, 0),
        SessionEndedAt = Instant.FromUtc(2026, 3, 12, 17, 4),
        TurnCount = 2,
        CreatedAt = Instant.FromUtc(2026, 3, 12, 17, 0, 9),
    };

    internal static Expression<Func<LiveTranscript, LiveTranscriptSummary>> Of { get; } = transcript => new LiveTranscriptSummary
    {
        Id = transcript.Id,
        SessionId = transcript.SessionId,
        SessionStartedAt = transcript.SessionStartedAt,
        SessionEndedAt = transcript.SessionEndedAt,
        TurnCount = transcript.TurnCount,
        CreatedAt = transcript.CreatedAt,
    };
}

internal static class ListLiveTranscripts
{
    public static async Task<Page<LiveTranscriptSummary>> HandleAsync(Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var rows = await context.LiveTranscriptsOf(caller.Owner)
            .Where(t => page.After == null || t.Id < page.After)
            .OrderByDescending(t => t.Id).Take(page.Limit + 1).Select(LiveTranscriptSummary.Of).ToListAsync(cancellation);
        return new Page<LiveTranscriptSummary>(page, rows, t => t.Id);
    }
}
