using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Live;

namespace Xentree.Api.Features.Live;

/// <summary>One turn of a live session.</summary>
public sealed record TranscriptTurn : IExample<TranscriptTurn>
{
    /// <summary>Who speaks.</summary>
    public required LiveRole Role { get; init; }

    /// <summary>What is said.</summary>
    [Required, Text(1, 10_000)]
    public string Text { get; init; } = "";

    /// <summary>When.</summary>
    public required Instant Timestamp { get; init; }

    /// <inheritdoc/>
    public static TranscriptTurn Example { get; } = new() { Role = LiveRole.User, Text = "I would like some information about London.", Timestamp = Instant.FromUtc(2026, 3, 12, 17, 0, 9) };
}

/// <summary>A transcript with its turns.</summary>
public sealed record LiveTranscriptResponse : IExample<LiveTranscriptResponse>
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

    /// <summary>The turns, in their order.</summary>
    public required IReadOnlyList<TranscriptTurn> Transcripts { get; init; }

    /// <inheritdoc/>
    public static LiveTranscriptResponse Example { get; } = Of(LiveTranscriptSummary.Example, [
        TranscriptTurn.Example,
        new TranscriptTurn { Role = LiveRole.Ai, Text = "None of my rules objects to your 7 words.", Timestamp = Instant.FromUtc(2026, 3, 12, 17, 0, 10) },
    ]);

    internal static LiveTranscriptResponse Of(LiveTranscriptSummary summary, IReadOnlyList<TranscriptTurn> turns) => new()
    {
        Id = summary.Id,
        SessionId = summary.SessionId,
        SessionStartedAt = summary.SessionStartedAt,
        SessionEndedAt = summary.SessionEndedAt,
        TurnCount = turns.Count,
        CreatedAt = summary.CreatedAt,
        Transcripts = turns,
    };
}

internal static class GetLiveTranscript
{
    public static async Task<Results<Ok<LiveTranscriptResponse>, Failure>> HandleAsync(
        Guid transcriptId, Caller caller, XentreeDbContext context, CancellationToken cancellation)
    {
        if (await context.LiveTranscriptsOf(caller.Owner).Where(t => t.Id == transcriptId).Select(LiveTranscriptSummary.Of).SingleOrDefaultAsync(cancellation) is not { } summary)
            return Failures.NotFound;

        var turns = await context.LiveTurns.Where(t => t.TranscriptId == transcriptId).OrderBy(t => t.Ordinal)
            .Select(t => new TranscriptTurn { Role = t.Role, Text = t.Text, Timestamp = t.Timestamp }).ToListAsync(cancellation);
        return TypedResults.Ok(LiveTranscriptResponse.Of(summary, turns));
    }
}
