using NodaTime;
using Xentree.Domain.Live;

namespace Xentree.Tests.Live;

/// <summary>Rules L1 to L5, by their figures.</summary>
public sealed class LiveTests
{
    private const long Free = 1_800;
    private static readonly LiveRules Rules = LiveRules.Default;
    private static readonly YearMonth March = new(2026, 3);
    private static readonly YearMonth April = new(2026, 4);

    [Fact]
    public void L1_seconds_a_month_by_plan() =>
        Assert.Equal((1_800, 18_000, 72_000), (Rules.FreeSeconds, Rules.PlusSeconds, Rules.ProSeconds));

    [Fact]
    public void L1_the_month_is_in_UTC_and_nothing_is_carried_over()
    {
        Assert.Equal(March, LiveQuota.MonthOf(Utc(3, 31, 23, 59, 59)));
        Assert.Equal(April, LiveQuota.MonthOf(Utc(4, 1, 0, 0, 0)));
        var quota = new LiveQuota(March, Free, 300);
        Assert.Equal((Utc(3, 1, 0, 0, 0), Utc(4, 1, 0, 0, 0), 1_500), (quota.PeriodStart, quota.PeriodEnd, quota.RemainingSeconds));
    }

    [Fact]
    public void L1_a_session_across_the_month_s_end_is_charged_to_both_by_seconds()
    {
        var session = Beats(Begin(Utc(3, 31, 23, 59, 0)), 15, 8).End(Utc(4, 1, 0, 1, 10), Free, Rules);

        Assert.Equal((130, 60, 70), (session.ChargedSeconds, session.ChargedIn(March), session.ChargedIn(April)));
        Assert.Equal((0, 0), (session.ChargedIn(new(2026, 2)), session.ChargedIn(new(2026, 5))));
    }

    [Fact]
    public void L2_a_start_needs_at_least_a_second()
    {
        Assert.NotNull(Begin(Utc(3, 10, 10, 0, 0), used: Free - 1));
        Assert.Null(LiveSession.Start(Utc(3, 10, 10, 0, 0), new LiveQuota(March, Free, Free)));
        Assert.Null(LiveSession.Start(Utc(3, 10, 10, 0, 0), new LiveQuota(March, Free, Free + 100)));
        Assert.Throws<ArgumentException>(() => LiveSession.Start(Utc(4, 1, 0, 0, 0), new LiveQuota(March, Free, 0)));
    }

    [Fact]
    public void L2_it_expires_at_the_end_of_what_was_left_or_with_the_next_month_s_quota()
    {
        Assert.Equal(Utc(3, 10, 10, 30, 0), Begin(Utc(3, 10, 10, 0, 0)).ExpiresAt(Free));
        Assert.Equal(Utc(3, 10, 10, 1, 0), Begin(Utc(3, 10, 10, 0, 0), used: Free - 60).ExpiresAt(Free));
        Assert.Equal(Utc(3, 31, 23, 59, 59), Begin(Utc(3, 31, 23, 29, 59)).ExpiresAt(Free));
        // Not before the month's end: April's quota goes on.
        Assert.Equal(Utc(4, 1, 0, 30, 0), Begin(Utc(3, 31, 23, 30, 0)).ExpiresAt(Free));
        Assert.Equal(Utc(4, 1, 0, 30, 0), Begin(Utc(3, 31, 23, 59, 0)).ExpiresAt(Free));
    }

    [Fact]
    public void L2_it_is_recomputed_in_each_answer() =>
        Assert.Equal(Utc(3, 10, 15, 0, 0), Begin(Utc(3, 10, 10, 0, 0)).ExpiresAt(Rules.PlusSeconds));

    [Fact]
    public void L3_a_heartbeat_at_45_s_after_the_last_is_accepted_and_a_later_one_is_not()
    {
        Assert.Equal((15, 45), (Rules.HeartbeatSeconds, Rules.LeaseSeconds));
        var session = Begin(Utc(3, 10, 10, 0, 0));

        Assert.Equal(LiveStatus.Active, session.Heartbeat(Utc(3, 10, 10, 0, 45), Free, Rules).Status);
        Assert.Equal(45, session.Heartbeat(Utc(3, 10, 10, 0, 45), Free, Rules).ChargedSeconds);
        Assert.Equal(LiveStatus.Expired, session.Heartbeat(Utc(3, 10, 10, 0, 45) + Duration.Epsilon, Free, Rules).Status);
        Assert.Equal(0, session.Heartbeat(Utc(3, 10, 10, 0, 46), Free, Rules).ChargedSeconds);
    }

    [Fact]
    public void L3_started_at_10_last_heartbeat_at_10_03_expired_after_10_03_45_charged_180_s()
    {
        var session = Beats(Begin(Utc(3, 10, 10, 0, 0)), 15, 12);
        Assert.Equal(Utc(3, 10, 10, 3, 0), session.HeartbeatAt);

        Assert.Equal(LiveStatus.Active, session.SettledAt(Utc(3, 10, 10, 3, 45), Free, Rules).Status);
        var expired = session.SettledAt(Utc(3, 10, 10, 3, 46), Free, Rules);
        Assert.Equal((LiveStatus.Expired, 180, Utc(3, 10, 10, 3, 0)), (expired.Status, expired.ChargedSeconds, expired.ChargedTo));
        // By the worker or by the next request, whichever is first, and however late.
        Assert.Equal(expired, session.SettledAt(Utc(3, 20, 0, 0, 0), Free, Rules));
        Assert.Equal(expired, session.Heartbeat(Utc(3, 10, 10, 5, 0), Free, Rules));
        Assert.Equal(expired, session.End(Utc(3, 10, 10, 5, 0), Free, Rules));
    }

    [Fact]
    public void L3_a_frame_that_the_server_handled_renews_the_lease_too()
    {
        var session = Begin(Utc(3, 10, 10, 0, 0)).Frame(Utc(3, 10, 10, 0, 40), Free, Rules);

        Assert.Equal((LiveStatus.Active, 40), (session.SettledAt(Utc(3, 10, 10, 1, 25), Free, Rules).Status, session.ChargedSeconds));
        Assert.Equal((LiveStatus.Expired, 40), (session.SettledAt(Utc(3, 10, 10, 1, 26), Free, Rules).Status, session.ChargedSeconds));
        Assert.Equal(Utc(3, 10, 10, 0, 0), session.HeartbeatAt);
    }

    [Fact]
    public void L3_a_heartbeat_on_a_finished_session_changes_nothing()
    {
        var ended = Begin(Utc(3, 10, 10, 0, 0)).End(Utc(3, 10, 10, 0, 30), Free, Rules);

        Assert.Equal(ended, ended.Heartbeat(Utc(3, 10, 10, 0, 31), Free, Rules));
        Assert.Equal(ended, ended.Frame(Utc(3, 10, 10, 0, 31), Free, Rules));
    }

    [Fact]
    public void L3_at_the_end_of_quota_it_is_ended_with_all_of_it_charged()
    {
        // 100 s left, the last heartbeat at 60: the quota ends at 100, before the lease at 105.
        var session = Beats(Begin(Utc(3, 10, 10, 0, 0), used: Free - 100), 30, 2);

        Assert.Equal((LiveStatus.Active, 60), (session.SettledAt(Utc(3, 10, 10, 1, 39), Free, Rules).Status, session.ChargedSeconds));
        var ended = session.SettledAt(Utc(3, 10, 10, 1, 40), Free, Rules);
        Assert.Equal((LiveStatus.Ended, 100, Utc(3, 10, 10, 1, 40)), (ended.Status, ended.ChargedSeconds, ended.ChargedTo));
        Assert.Equal(ended, session.SettledAt(Utc(3, 11, 0, 0, 0), Free, Rules));
    }

    [Fact]
    public void L3_whichever_of_quota_s_and_lease_s_end_comes_first()
    {
        // 100 s left, the last heartbeat at 54: the lease ends at 99. At 55 both end at 100, and that is the quota's end.
        var session = Begin(Utc(3, 10, 10, 0, 0), used: Free - 100).Heartbeat(Utc(3, 10, 10, 0, 30), Free, Rules);
        var lease = session.Heartbeat(Utc(3, 10, 10, 0, 54), Free, Rules).SettledAt(Utc(3, 10, 10, 2, 0), Free, Rules);
        var quota = session.Heartbeat(Utc(3, 10, 10, 0, 55), Free, Rules).SettledAt(Utc(3, 10, 10, 2, 0), Free, Rules);

        Assert.Equal((LiveStatus.Expired, 54), (lease.Status, lease.ChargedSeconds));
        Assert.Equal((LiveStatus.Ended, 100), (quota.Status, quota.ChargedSeconds));
    }

    [Fact]
    public void L3_seconds_are_the_floor_of_the_total_and_a_later_month_gets_the_total_less_the_earlier_month_s_floor()
    {
        // 0.6 s of March and 0.6 s of April: 1.2 s in all, none of it March's, one April's.
        var session = Begin(Utc(4, 1, 0, 0, 0) - Duration.FromMilliseconds(600))
            .End(Utc(4, 1, 0, 0, 0) + Duration.FromMilliseconds(600), Free, Rules);

        Assert.Equal((1, 0, 1), (session.ChargedSeconds, session.ChargedIn(March), session.ChargedIn(April)));
    }

    [Fact]
    public void L3_a_finished_session_s_times_stand_still()
    {
        var ended = Beats(Begin(Utc(3, 10, 10, 0, 0)), 15, 2).End(Utc(3, 10, 10, 0, 40), Free, Rules);

        Assert.Equal((Utc(3, 10, 10, 0, 40), Utc(3, 10, 10, 0, 30)), (ended.ChargedTo, ended.HeartbeatAt));
        Assert.Equal(Utc(3, 10, 10, 30, 0), ended.ExpiresAt(Free));
        Assert.Equal(Utc(3, 10, 10, 30, 0), ended.ExpiresAt(Rules.ProSeconds));
    }

    [Fact]
    public void L3_a_change_of_plan_changes_the_quota_at_once_and_seconds_used_stay()
    {
        var session = Beats(Begin(Utc(3, 10, 10, 0, 0), used: 1_700), 15, 6);

        // To plus at 90 s: it goes on beyond the free plan's 100 s.
        Assert.Equal(LiveStatus.Active, session.Heartbeat(Utc(3, 10, 10, 1, 45), Rules.PlusSeconds, Rules).Status);
        // To a plan that is used up already: over, and what was talked is charged.
        var ended = session.SettledAt(Utc(3, 10, 10, 1, 31), 1_000, Rules);
        Assert.Equal((LiveStatus.Ended, 90), (ended.Status, ended.ChargedSeconds));
        Assert.Equal(0, new LiveQuota(March, 1_000, 1_790).RemainingSeconds);
    }

    [Fact]
    public void L5_ending_twice_or_after_expiry_gives_the_same_and_charges_once()
    {
        var ended = Begin(Utc(3, 10, 10, 0, 0)).End(Utc(3, 10, 10, 0, 30), Free, Rules);

        Assert.Equal((LiveStatus.Ended, 30), (ended.Status, ended.ChargedSeconds));
        Assert.Equal(ended, ended.End(Utc(3, 10, 10, 0, 44), Free, Rules));
        Assert.Equal(ended, ended.SettledAt(Utc(3, 11, 0, 0, 0), Free, Rules));
    }

    [Fact]
    public void L5_start_talk_drop_is_not_free()
    {
        var session = Begin(Utc(3, 10, 10, 0, 0)).Frame(Utc(3, 10, 10, 0, 5), Free, Rules).Frame(Utc(3, 10, 10, 0, 14), Free, Rules);

        Assert.Equal(14, session.SettledAt(Utc(3, 10, 11, 0, 0), Free, Rules).ChargedSeconds);
        // An end that overtakes the frame's record charges no less than the frame.
        Assert.Equal(14, session.End(Utc(3, 10, 10, 0, 13), Free, Rules).ChargedSeconds);
    }

    [Fact]
    public void Rules_that_contradict_themselves_are_refused()
    {
        Assert.Same(Rules, Rules.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Rules with { LeaseSeconds = 10 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Rules with { PlusSeconds = 1 }).Validate());
    }

    private static LiveSession Begin(Instant at, long used = 0) => LiveSession.Start(at, new LiveQuota(LiveQuota.MonthOf(at), Free, used))!;

    private static LiveSession Beats(LiveSession session, int seconds, int count)
    {
        for (var beat = 0; beat < count; beat++)
            session = session.Heartbeat(session.HeartbeatAt + Duration.FromSeconds(seconds), Free, Rules);
        return session;
    }

    private static Instant Utc(int month, int day, int hour, int minute, int second) =>
        Instant.FromUtc(2026, month, day, hour, minute, second);
}
