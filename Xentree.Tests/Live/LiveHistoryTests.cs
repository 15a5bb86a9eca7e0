using CsCheck;
using NodaTime;
using Xentree.Domain.Live;
using Xentree.Tests.Xp;

namespace Xentree.Tests.Live;

/// <summary>
/// Rules L1 to L5 over generated histories of starts, heartbeats, frames, ends and reads around a month's end, held against a
/// model that lets the clock tick second by second and takes each second from its month's quota.
/// </summary>
public sealed class LiveHistoryTests
{
    internal const int MonthEnd = 600;
    internal static readonly Instant Begin = LiveQuota.StartOf(new YearMonth(2026, 4)) - Duration.FromSeconds(MonthEnd);
    private static readonly LiveRules Rules = LiveRules.Default;

    internal enum Act
    {
        Start,
        Heartbeat,
        Frame,
        End,
        Settle,
    }

    internal static readonly Gen<(int Gap, Act Act)[]> Acts = Gen.Select(
        Gen.Frequency((3, Gen.Int[0, 20]), (3, Gen.Int[21, 44]), (2, Gen.Int[45, 46]), (1, Gen.Int[47, 200])),
        Gen.Frequency(
            (2, Gen.Const(Act.Start)),
            (6, Gen.Const(Act.Heartbeat)),
            (3, Gen.Const(Act.Frame)),
            (1, Gen.Const(Act.End)),
            (1, Gen.Const(Act.Settle)))).Array[1, 60];

    [Fact]
    public void L4_each_answer_is_what_the_ticking_clock_gives_and_used_seconds_never_pass_the_quota() =>
        Gen.Select(Acts, Gen.Int[1, 700]).Hold(history =>
        {
            var (acts, quota) = history;
            var (ours, naive, second) = (new Account(quota), new Ticking(quota), 0);
            foreach (var (gap, act) in acts)
            {
                second += gap;
                naive.TickTo(second);
                Assert.Equal(naive.Do(act), ours.Do(act, At(second)));
                Assert.Equal(
                    naive.Sessions.Select(session => (session.Status, session.Charged)),
                    ours.Sessions.Select(session => (session.Status, session.ChargedSeconds)));
                foreach (var month in (YearMonth[])[new(2026, 3), new(2026, 4)])
                {
                    Assert.Equal(naive.Sessions.Sum(session => session.ChargedIn(month.Month == 4)), ours.Used(month));
                    Assert.InRange(ours.Used(month), 0, quota);
                }
            }
        }, few: 3_000);

    [Fact]
    public void L3_it_does_not_matter_who_settles_or_when_or_how_often() =>
        Gen.Select(Acts, Gen.Int[1, 700], Gen.Int[0, 50].Array[60]).Hold(history =>
        {
            var (acts, quota, reads) = history;
            var (once, often, second) = (new Account(quota), new Account(quota), 0);
            for (var index = 0; index < acts.Length; index++)
            {
                var (gap, act) = acts[index];
                if (act == Act.Settle) continue;
                for (var read = reads[index]; read < gap && reads[index] > 0; read += reads[index]) often.Do(Act.Settle, At(second + read));
                second += gap;
                Assert.Equal(once.Do(act, At(second)), often.Do(act, At(second)));
                Assert.Equal(once.Sessions, often.Sessions);
            }
        }, few: 3_000);

    [Fact]
    public void L2_ten_starts_at_once_are_one_session()
    {
        var account = new Account(1_800);

        Assert.Equal(1, Enumerable.Range(0, 10).Count(_ => account.Do(Act.Start, At(0))));
        Assert.Single(account.Sessions);
    }

    [Fact]
    public void L3_used_seconds_never_fall() =>
        Gen.Select(Acts, Gen.Int[1, 700], Gen.Int[0, 999]).Hold(history =>
        {
            var (acts, quota, part) = history;
            var (account, second, used) = (new Account(quota), 0, 0L);
            foreach (var (gap, act) in acts)
            {
                second += gap;
                account.Do(act, At(second) + Duration.FromMilliseconds(part * second % 1_000));
                var now = account.Used(new(2026, 3)) + account.Used(new(2026, 4));
                Assert.InRange(now, used, 2 * quota);
                Assert.InRange(account.Used(new(2026, 3)), 0, quota);
                Assert.InRange(account.Used(new(2026, 4)), 0, quota);
                used = now;
            }
        });

    private static Instant At(int second) => Begin + Duration.FromSeconds(second);

    /// <summary>What a request does: settle, then act. It is true when the act was accepted.</summary>
    private sealed class Account(long quota)
    {
        public List<LiveSession> Sessions { get; } = [];

        public long Used(YearMonth month) => Sessions.Sum(session => session.ChargedIn(month));

        public bool Do(Act act, Instant now)
        {
            if (Sessions.Count > 0) Sessions[^1] = Sessions[^1].SettledAt(now, quota, Rules);
            if (act == Act.Settle) return true;
            if (act == Act.Start)
            {
                if (Sessions is [.., { Finish: null }]) return false;
                var month = LiveQuota.MonthOf(now);
                if (LiveSession.Start(now, new LiveQuota(month, quota, Used(month))) is not { } started) return false;
                Sessions.Add(started);
                return true;
            }

            if (Sessions is not [.., { Finish: null } active]) return false;
            Sessions[^1] = act switch
            {
                Act.Heartbeat => active.Heartbeat(now, quota, Rules),
                Act.Frame => active.Frame(now, quota, Rules),
                _ => active.End(now, quota, Rules),
            };
            return true;
        }
    }

    internal sealed class Ticking(long quota)
    {
        private int _now;

        public List<Session> Sessions { get; } = [];

        public void TickTo(int second)
        {
            while (_now < second)
            {
                if (Sessions is [.., { Status: LiveStatus.Active } session])
                {
                    session.Talked.Add(_now);
                    _now++;
                    Settle(session);
                }
                else
                {
                    _now++;
                }
            }
        }

        public bool Do(Act act)
        {
            if (act == Act.Settle) return true;
            var active = Sessions is [.., { Status: LiveStatus.Active } session] ? session : null;
            if (act == Act.Start)
            {
                if (active is not null || Used(_now >= MonthEnd) >= quota) return false;
                Sessions.Add(new Session { RenewedAt = _now });
                return true;
            }

            if (active is null) return false;
            active.RenewedAt = _now;
            if (act == Act.End) active.Status = LiveStatus.Ended;
            return true;
        }

        // A lease that ended a second ago ended before a quota that ends now; one that ends now gives way to it.
        private void Settle(Session session)
        {
            if (_now > session.RenewedAt + Rules.LeaseSeconds)
            {
                session.Status = LiveStatus.Expired;
                return;
            }

            var april = _now >= MonthEnd;
            var talked = session.Talked.Count(second => (second >= MonthEnd) == april);
            var before = Sessions.Where(other => other != session).Sum(other => other.ChargedIn(april));
            if (before + talked < quota) return;
            // No quota for the second that would be talked next: over, and all that was talked counts.
            session.RenewedAt = _now;
            session.Status = LiveStatus.Ended;
        }

        private long Used(bool april) => Sessions.Sum(session => session.ChargedIn(april));

        public sealed class Session
        {
            public List<int> Talked { get; } = [];

            public int RenewedAt { get; set; }

            public LiveStatus Status { get; set; } = LiveStatus.Active;

            public long Charged => Talked.Count(second => second < RenewedAt);

            public long ChargedIn(bool april) => Talked.Count(second => second < RenewedAt && (second >= MonthEnd) == april);
        }
    }
}
