using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;

namespace Xentree.Tests.LearningTime;

/// <summary>Rule X2: signals, sessions, and the time that counts.</summary>
public sealed class SessionTests
{
    private static readonly Instant Ten = Instant.FromUtc(2026, 3, 10, 10, 0);
    private readonly List<SessionSignal> _recorded = [];

    [Fact]
    public void X2_a_gap_of_at_most_60_s_counts_whole_and_of_a_longer_one_its_first_60_s()
    {
        Tell(SignalKind.Start, 0);
        Tell(SignalKind.Activity, 45);
        Tell(SignalKind.Activity, 105);
        Tell(SignalKind.Activity, 166);
        Tell(SignalKind.Activity, 1_000);

        Assert.Equal([(0, 165), (166, 226)], Counted());
    }

    [Fact]
    public void X2_after_the_last_signal_nothing_counts_until_the_next()
    {
        Tell(SignalKind.Start, 0);
        Assert.Empty(Counted());

        Tell(SignalKind.Activity, 30);
        Assert.Equal([(0, 30)], Counted());
    }

    [Fact]
    public void X2_a_session_that_ends_as_it_starts_has_no_learning_time()
    {
        Tell(SignalKind.Start, 0);
        Tell(SignalKind.End, 0);

        Assert.Empty(Counted());
        Assert.True(Sessions().Single().WasEnded);
    }

    [Fact]
    public void X2_30_minutes_between_two_signals_end_the_session()
    {
        Tell(SignalKind.Start, 0);
        Assert.True(Sessions().Single().IsOpenAt(At(1_799)));
        Assert.Null(Sessions().Single().EndedAt(At(1_799)));
        Assert.False(Sessions().Single().IsOpenAt(At(1_800)));
        Assert.Equal(At(0), Sessions().Single().EndedAt(At(1_800)));

        Tell(SignalKind.Start, 1_800);
        Assert.Equal(2, Sessions().Count);
        Assert.Empty(Counted());

        Tell(SignalKind.Activity, 3_599);
        Assert.Equal(2, Sessions().Count);
        Assert.Equal([(1_800, 1_860)], Counted());
    }

    [Fact]
    public void X2_they_end_it_by_when_they_happened_and_never_by_when_they_arrived()
    {
        Tell(SignalKind.Start, 0);
        Tell(SignalKind.Start, 2_400);
        Assert.Equal(2, Sessions().Count);
        var first = Sessions()[0].Id;

        Tell(SignalKind.Activity, 1_200);

        Assert.Equal([(0, 60), (1_200, 1_260)], Counted());
        Assert.Equal(first, Assert.Single(Sessions()).Id);
    }

    [Fact]
    public void X2_late_signals_count_as_if_they_had_arrived_in_order()
    {
        int[] seconds = [0, 50, 130, 140, 600, 640];
        foreach (var second in (int[])[0, 640, 140, 50, 600, 130]) Tell(second == 0 ? SignalKind.Start : SignalKind.ChatTurn, second);

        var signals = seconds.Select(second => new SessionSignal(Guid.Empty, SignalKind.Activity, At(second)));
        var inOrder = LearningSession.Of(signals, XpRules.Default);
        Assert.Equal(inOrder.Single().Counted.Parts, Sessions().Single().Counted.Parts);
        Assert.Equal([(0, 110), (130, 200), (600, 640)], Counted());
    }

    [Fact]
    public void X2_a_chat_turn_that_happened_before_its_start_arrived_begins_the_session_and_its_id_stays()
    {
        Tell(SignalKind.Start, 100);
        var id = Sessions().Single().Id;

        Tell(SignalKind.ChatTurn, 60);

        Assert.Equal((id, At(60)), (Sessions().Single().Id, Sessions().Single().StartedAt));
    }

    [Fact]
    public void X2_an_end_closes_the_session_and_the_next_start_opens_another()
    {
        Tell(SignalKind.Start, 0);
        Tell(SignalKind.End, 50);
        Tell(SignalKind.Start, 55);
        Tell(SignalKind.Activity, 75);

        Assert.Equal(2, Sessions().Count);
        Assert.Equal([(0, 50), (55, 75)], Counted());
        Assert.Equal(At(50), Sessions()[0].EndedAt(At(50)));
        Assert.True(Sessions()[0].WasEnded);
    }

    [Fact]
    public void X2_an_end_that_arrives_late_before_a_later_signal_is_an_activity()
    {
        Tell(SignalKind.Start, 0);
        Tell(SignalKind.Activity, 90);
        Assert.Equal(SignalKind.Activity, Tell(SignalKind.End, 80));

        Assert.Equal([(0, 60), (80, 90)], Counted());
        Assert.True(Sessions().Single().IsOpenAt(At(91)));
    }

    [Fact]
    public void X2_activity_or_end_without_an_open_session_is_refused_and_a_stored_chat_turn_opens_one()
    {
        Assert.Null(Tell(SignalKind.Activity, 0));
        Assert.Null(Tell(SignalKind.End, 0));

        Assert.Equal(SignalKind.ChatTurn, Tell(SignalKind.ChatTurn, 0));
        Assert.Equal(SignalKind.Activity, Tell(SignalKind.Activity, 10));
        Assert.Equal(SignalKind.End, Tell(SignalKind.End, 20));

        Assert.Null(Tell(SignalKind.Activity, 21));
        Assert.Null(Tell(SignalKind.End, 21));
        Assert.Equal(SignalKind.Activity, Tell(SignalKind.Activity, 15));
        Assert.Equal(SignalKind.ChatTurn, Tell(SignalKind.ChatTurn, 21));
        Assert.Null(Tell(SignalKind.Activity, 21 + 1_800));
        Assert.Equal(SignalKind.Activity, Tell(SignalKind.Activity, 21 + 1_799));
    }

    [Fact]
    public void X2_a_start_on_an_open_session_is_an_activity()
    {
        Tell(SignalKind.Start, 0);
        Tell(SignalKind.Start, 40);

        Assert.Equal([(0, 40)], Counted());
        Assert.Single(Sessions());
    }

    private SignalKind? Tell(SignalKind kind, int second)
    {
        var accepted = LearningSession.Accept(_recorded, kind, At(second), XpRules.Default);
        var id = new Guid(_recorded.Count + 1, 0, 0, new byte[8]);
        if (accepted is { } recorded) _recorded.Add(new SessionSignal(id, recorded, At(second)));
        return accepted;
    }

    private IReadOnlyList<LearningSession> Sessions() => LearningSession.Of(_recorded, XpRules.Default);

    private IEnumerable<(int Start, int End)> Counted() =>
        Sessions().SelectMany(session => session.Counted.Parts).Select(part => (Second(part.Start), Second(part.End)));

    private static Instant At(int second) => Ten + Duration.FromSeconds(second);

    private static int Second(Instant instant) => (int)(instant - Ten).TotalSeconds;
}
