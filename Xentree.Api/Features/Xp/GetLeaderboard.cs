using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using Xentree.Api.Auth;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.Paging;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Data.Xp;
using Xentree.Domain.Pulse;
using Xentree.Domain.Xp;

namespace Xentree.Api.Features.Xp;

/// <summary>A week's ranking inside an organization.</summary>
public sealed record LeaderboardResponse : IExample<LeaderboardResponse>
{
    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The Sunday.</summary>
    public required LocalDate WeekStart { get; init; }

    /// <summary>The Saturday.</summary>
    public required LocalDate WeekEnd { get; init; }

    /// <summary>Whether the ranking is final: written down when the week was over for everybody who took part.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>How many members take part.</summary>
    public required long ParticipantCount { get; init; }

    /// <summary>My place, also where it is below those that are listed; its rank is null when I take no part.</summary>
    public required LeaderboardEntry Me { get; init; }

    /// <summary>The first of the ranking, the most XP first.</summary>
    public required IReadOnlyList<LeaderboardEntry> Entries { get; init; }

    /// <inheritdoc/>
    public static LeaderboardResponse Example { get; } = new()
    {
        OrganizationId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b21"),
        WeekStart = new LocalDate(2026, 3, 8),
        WeekEnd = new LocalDate(2026, 3, 14),
        IsClosed = false,
        ParticipantCount = 2,
        Me = LeaderboardEntry.Example,
        Entries =
        [
            LeaderboardEntry.Example,
            new() { Rank = 2, UserId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b12"), Username = "ben", FullName = null, ProfilePictureUrl = null, Xp = 180, Level = 3 },
        ],
    };
}

/// <summary>A member's place in the ranking.</summary>
public sealed record LeaderboardEntry : IExample<LeaderboardEntry>
{
    /// <summary>The place, from 1. Equal XP shares a place, and the next is as much further down (1, 2, 2, 4). Null for who takes no part.</summary>
    public required long? Rank { get; init; }

    /// <summary>The member.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The member's unique name.</summary>
    public required string Username { get; init; }

    /// <summary>The name to show.</summary>
    public required string? FullName { get; init; }

    /// <summary>Where the picture is.</summary>
    public required string? ProfilePictureUrl { get; init; }

    /// <summary>XP of the week.</summary>
    public required long Xp { get; init; }

    /// <summary>The level, from 1.</summary>
    public required long Level { get; init; }

    /// <inheritdoc/>
    public static LeaderboardEntry Example { get; } = new()
    {
        Rank = 1,
        UserId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b11"),
        Username = "ana.kovac",
        FullName = "Ana Kovač",
        ProfilePictureUrl = null,
        Xp = 250,
        Level = 5,
    };
}

internal static class GetLeaderboard
{
    public const int DefaultLimit = 20;

    public static async Task<Results<Tagged<LeaderboardResponse>, Failure>> HandleAsync(
        [Description("The organization; the caller must be a member.")] Guid organization_id,
        HttpRequest request,
        Caller caller,
        LearnerReads learners,
        XentreeDbContext context,
        BusinessClock clock,
        PictureAddress pictures,
        CancellationToken cancellation,
        [FromQuery(Name = "week_start"), Description("The Sunday of an earlier week, `YYYY-MM-DD`; this week when absent.")] string? weekStart = null)
    {
        var limit = PageRequest.ReadLimit(request.Query, DefaultLimit, PageRequest.MaxLimit);
        // A key sees its own organization only.
        if (caller.OrganizationId is { } only && only != organization_id) return Failures.NotFound;

        // The same seven dates for everybody, each day counted in the zone in which it was lived.
        var (_, chain) = await learners.ReadAsync(caller.UserId, clock.Now, days: 1, cancellation);
        var start = WeeklyActivity.StartOf(chain.Today);
        if (weekStart is not null)
        {
            if (LocalDatePattern.Iso.Parse(weekStart) is not { Success: true, Value: var asked } || WeeklyActivity.StartOf(asked) != asked || asked > start)
                return Failures.InvalidDateRange("week_start must be the Sunday of this week or of an earlier one, such as 2026-03-08.");
            start = asked;
        }

        var end = WeeklyActivity.EndOf(start);
        var isClosed = weekStart is not null && await context.Organizations.AnyAsync(o => o.Id == organization_id && o.LeaderboardClosed >= start, cancellation);
        var standings = isClosed
            ? await context.ClosedRankingAsync(organization_id, caller.UserId, start, limit, cancellation)
            : await context.RankAsync(organization_id, caller.UserId, start, end, limit, cancellation);
        // To who is no member an organization does not exist.
        if (standings.Find(s => s.UserId == caller.UserId) is not { } me) return Failures.NotFound;

        return new Tagged<LeaderboardResponse>(new LeaderboardResponse
        {
            OrganizationId = organization_id,
            WeekStart = start,
            WeekEnd = end,
            IsClosed = isClosed,
            ParticipantCount = me.Participants,
            Me = Entry(me),
            Entries = [.. standings.Where(s => s.Ordinal <= limit).Select(Entry)],
        });

        LeaderboardEntry Entry(Standing standing) => new()
        {
            Rank = standing.Rank,
            UserId = standing.UserId,
            Username = standing.Username,
            FullName = standing.FullName,
            ProfilePictureUrl = pictures.Of(standing.PictureBlob),
            Xp = standing.Xp,
            Level = Level.Of(standing.TotalXp).Number,
        };
    }
}
