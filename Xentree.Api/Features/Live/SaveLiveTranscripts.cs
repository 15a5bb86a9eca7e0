using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Live;
using Xentree.Data.Search;
using Xentree.Domain;

namespace Xentree.Api.Features.Live;

/// <summary>A transcript that a client recorded itself.</summary>
public sealed record SaveLiveTranscriptsRequest : IValidatableObject, IExample<SaveLiveTranscriptsRequest>
{
    /// <summary>The most turns.</summary>
    public const int MaxTurns = 5_000;

    /// <summary>The session, where it was one of yours.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>When the session started.</summary>
    public required Instant SessionStartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required Instant SessionEndedAt { get; init; }

    /// <summary>The turns, in their order.</summary>
    [MaxLength(MaxTurns, ErrorMessage = "must have at most 5,000 turns")]
    public required IReadOnlyList<TranscriptTurn> Transcripts { get; init; }

    /// <inheritdoc/>
    public static SaveLiveTranscriptsRequest Example { get; } = new()
    {
        SessionStartedAt = Instant.FromUtc(2026, 3, 12, 17, 0),
        SessionEndedAt = Instant.FromUtc(2026, 3, 12, 17, 4),
        Transcripts = LiveTranscriptResponse.Example.Transcripts,
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SessionEndedAt < SessionStartedAt) yield return new ValidationResult("must not be before session_started_at", [nameof(SessionEndedAt)]);
    }
}

internal static class SaveLiveTranscripts
{
    /// <summary>The greatest body.</summary>
    public const int MaxBodyBytes = 16 * 1024 * 1024;

    public static async Task<Results<Created<LiveTranscriptResponse>, Failure>> HandleAsync(
        SaveLiveTranscriptsRequest request, Caller caller, XentreeDbContext context, BusinessClock clock, TimeProvider time, CancellationToken cancellation)
    {
        if (request.SessionId is { } sessionId && !await context.LiveSessionsOf(caller.Owner).AnyAsync(s => s.Id == sessionId, cancellation)) return Failures.NotFound;

        var transcript = new LiveTranscript
        {
            Id = time.NewId(),
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            SessionId = request.SessionId,
            IsOurs = false,
            SessionStartedAt = request.SessionStartedAt,
            SessionEndedAt = request.SessionEndedAt,
            TurnCount = request.Transcripts.Count,
            CreatedAt = clock.Now,
        };
        var turns = request.Transcripts.Select((turn, i) => new LiveTurn
        {
            Id = time.NewId(),
            TranscriptId = transcript.Id,
            Ordinal = i + 1,
            Role = turn.Role,
            Text = turn.Text,
            Timestamp = turn.Timestamp,
        }).ToList();
        await context.InTransactionAsync(async cancel =>
        {
            context.LiveTranscripts.Add(transcript);
            context.LiveTurns.AddRange(turns);
            await context.SaveChangesAsync(cancel);
            await context.IndexAsync(SearchSource.LiveTurns, [.. turns.Select(turn => turn.Id)], cancel);
            return true;
        }, cancellation);
        return TypedResults.Created($"/api/live/transcripts/{transcript.Id}", LiveTranscriptResponse.Of(Summary(transcript), request.Transcripts));
    }

    private static readonly Func<LiveTranscript, LiveTranscriptSummary> Summary = LiveTranscriptSummary.Of.Compile();
}
