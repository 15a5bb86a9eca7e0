using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.LearningTime;
using Xentree.Data.Live;
using Xentree.Data.Streaks;
using Xentree.Data.Xp;
using Xentree.Domain.Days;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Streaks;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>
/// Derives all that is kept of a learner again, from the inputs and the ledgers alone, and compares it with what is stored (the second
/// law, P4). The ledgers themselves are truth: what was awarded stays.
/// </summary>
public sealed class Rebuild(XentreeDbContext context, LearningRules rules)
{
    /// <summary>Compares, and puts right what differs when asked to; what differed, or null where there is no such learner.</summary>
    /// <param name="userId">The learner.</param>
    /// <param name="repair">Whether to write what was derived.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<Difference>?> RunAsync(Guid userId, bool repair, CancellationToken cancellation) =>
        await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancel =>
        {
            context.ChangeTracker.Clear();
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            // The write path waits meanwhile: all is of one moment.
            var learner = await context.Learners.FromSql($"select * from learners where user_id = {userId} for update").SingleOrDefaultAsync(cancel);
            if (learner is null) return null;

            var inputs = await ReadAsync(learner, cancel);
            var stored = await context.LearningDays.Where(day => day.UserId == userId).ToDictionaryAsync(day => day.Date, cancel);
            var differences = new List<Difference>();
            CompareDays(stored, DaysOf(inputs), differences);
            CompareLearner(inputs, differences);
            if (repair && differences.Count > 0)
            {
                await context.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
            }

            return (IReadOnlyList<Difference>)differences;
        }, cancellation);

    private async Task<Inputs> ReadAsync(LearnerRow learner, CancellationToken cancellation)
    {
        var userId = learner.UserId;
        var zones = await context.ZoneChanges.AsNoTracking().Where(c => c.UserId == userId).OrderBy(c => c.At).ThenBy(c => c.Order).ToListAsync(cancellation);
        return new Inputs(
            learner,
            await context.Users.AnyAsync(u => u.Id == userId && u.SandboxNow != null, cancellation),
            new ZoneHistory(learner.RegisteredZone, zones.Select(c => new ZoneEntry(c.At, c.Zone))),
            await context.SessionSignals.AsNoTracking().Where(s => s.UserId == userId).OrderBy(s => s.Order).ToListAsync(cancellation),
            await context.BelatedTimes.AsNoTracking().Where(b => b.UserId == userId).ToListAsync(cancellation),
            await context.LiveSessions.AsNoTracking().Where(v => v.UserId == userId).ToListAsync(cancellation),
            await context.XpLedger.AsNoTracking().Where(x => x.UserId == userId).OrderBy(x => x.Order).ToListAsync(cancellation),
            await context.TokenLedger.Where(t => t.UserId == userId).SumAsync(t => t.Amount, cancellation),
            zones,
            await context.SaverPurchases.AsNoTracking().Where(p => p.UserId == userId).ToListAsync(cancellation),
            await context.Outages.AsNoTracking().ToListAsync(cancellation));
    }

    private Dictionary<LocalDate, DayRow> DaysOf(Inputs inputs)
    {
        var days = new Dictionary<LocalDate, DayRow>();
        foreach (var row in inputs.Ledger)
        {
            var day = Day(row.Date);
            day.Xp += row.Amount;
            if (row.Source == XpSource.Xel) day.QuizXp += row.Amount;
            if (row.Source == XpSource.Conversations) day.Segments++;
            if (row is { MakesActive: true, Amount: > 0 } && (day.ActiveAt is not { } at || row.At < at)) (day.ActiveAt, day.ActiveOrder) = (row.At, row.Order);
        }

        foreach (var signal in inputs.Signals.Where(signal => signal.IsAnswer))
        {
            Day(signal.Date).Turns++;
            Day(signal.Date).Activities++;
        }

        foreach (var (date, sessions) in inputs.Signals.GroupBy(signal => signal.ConversationId).SelectMany(one => LearningHistory.SessionsByDay(one, rules.Xp)))
        {
            Day(date).Sessions += sessions;
            Day(date).Activities += sessions;
        }

        foreach (var session in inputs.Live)
        {
            Day(session.Date).Sessions++;
            Day(session.Date).Activities++;
        }

        foreach (var (date, time) in LearnedTime.ByDay(inputs.Conversations(rules), TimeUnion.Empty, inputs.LiveTime, at => LearningHistory.DayAt(inputs.Zones, at)))
        {
            Day(date).ConversationTicks += time.Conversations.BclCompatibleTicks;
            Day(date).LiveTicks += time.Live.BclCompatibleTicks;
        }

        foreach (var row in inputs.Belated) Day(row.Date).ConversationTicks += (row.EndsAt - row.StartsAt).BclCompatibleTicks;
        return days;

        DayRow Day(LocalDate date) =>
            days.TryGetValue(date, out var day) ? day : days[date] = new DayRow { UserId = inputs.Learner.UserId, Date = date };
    }

    private void CompareDays(Dictionary<LocalDate, DayRow> stored, Dictionary<LocalDate, DayRow> derived, List<Difference> differences)
    {
        foreach (var date in stored.Keys.Union(derived.Keys).Order())
        {
            var right = derived.GetValueOrDefault(date) ?? new DayRow { UserId = stored[date].UserId, Date = date };
            if (!stored.TryGetValue(date, out var row)) context.LearningDays.Add(row = new DayRow { UserId = right.UserId, Date = date });

            var name = date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
            row.Xp = Put($"{name} xp", row.Xp, right.Xp);
            row.QuizXp = Put($"{name} quiz_xp", row.QuizXp, right.QuizXp);
            row.Segments = Put($"{name} segments", row.Segments, right.Segments);
            row.Turns = Put($"{name} turns", row.Turns, right.Turns);
            row.Sessions = Put($"{name} sessions", row.Sessions, right.Sessions);
            row.Activities = Put($"{name} activities", row.Activities, right.Activities);
            row.ConversationTicks = Put($"{name} conversation_ticks", row.ConversationTicks, right.ConversationTicks);
            row.LiveTicks = Put($"{name} live_ticks", row.LiveTicks, right.LiveTicks);
            row.ActiveAt = Put($"{name} active_at", row.ActiveAt, right.ActiveAt);
            row.ActiveOrder = Put($"{name} active_order", row.ActiveOrder, right.ActiveOrder);
        }

        T Put<T>(string what, T was, T right) => Differs(differences, what, was, right);
    }

    private void CompareLearner(Inputs inputs, List<Difference> differences)
    {
        var learner = inputs.Learner;
        learner.TotalXp = Differs(differences, "total_xp", learner.TotalXp, inputs.Ledger.Sum(row => row.Amount));
        learner.Tokens = Differs(differences, "tokens", learner.Tokens, inputs.Tokens);
        learner.SegmentRows = Differs(differences, "segment_rows", learner.SegmentRows, inputs.Ledger.Count(row => row.Source == XpSource.Conversations));
        learner.Inputs = Differs(differences, "inputs", learner.Inputs, inputs.LastOrder);

        var longest = LongestOf(inputs);
        // When an outage was declared, by a sandbox user's clock, nobody knows.
        if (inputs.IsSandbox && inputs.Outages.Count > 0) longest = Math.Max(longest, learner.LongestStreak);
        learner.LongestStreak = Differs(differences, "longest_streak", learner.LongestStreak, longest);

        CompareChain(inputs, differences);
        CompareSegments(inputs, differences);
    }

    /// <summary>The most that any fold showed when an input was received, in the order of recording.</summary>
    private int LongestOf(Inputs inputs)
    {
        var received = inputs.Ledger.Where(row => row is { MakesActive: true, Amount: > 0 })
            .Select(row => (row.Order, row.ReceivedAt, Input: (Input)new Activity(row.At, row.Date, row.Order)))
            .Concat(inputs.Purchases.Select(row => (row.Order, ReceivedAt: row.At, Input: (Input)new SaverPurchase(row.At, row.Order))))
            .Concat(inputs.ZoneRows.Select(row => (row.Order, ReceivedAt: row.At, Input: (Input)new ZoneChange(row.At, row.Zone, row.Order))))
            .OrderBy(one => one.Order).ToList();

        var (longest, known, active) = (0, new List<Input>(), new HashSet<LocalDate>());
        var first = Checkpoint.Genesis(inputs.Learner.RegisteredAt, inputs.Learner.RegisteredZone);
        foreach (var recorded in received.GroupBy(one => one.Order))
        {
            var before = known.Count;
            var outages = inputs.OutagesAt(recorded.First().ReceivedAt);
            if (inputs.Outages.Count > 0) Show(recorded.First().ReceivedAt, outages);
            foreach (var (_, _, input) in recorded)
            {
                // Of the activities of a date only one that is earlier than those before it changes anything.
                if (input is Activity activity && !active.Add(activity.Date) && known.Exists(one => one is Activity other && other.Date == activity.Date && other.At <= activity.At)) continue;
                known.Add(input);
            }

            if (known.Count > before) Show(recorded.Max(one => one.ReceivedAt), outages);
        }

        return longest;

        void Show(Instant at, Outages outages) => longest = Math.Max(longest, Streak.Fold(first, [.. known.Order(Input.InOrder)], outages, rules.Streaks, at).Peak);
    }

    private void CompareChain(Inputs inputs, List<Difference> differences)
    {
        if (inputs.Learner.ChainCheckpoint is not { } json) return;

        var outages = inputs.OutagesAt(Instant.MaxValue);
        var checkpoint = JsonSerializer.Deserialize<Checkpoint>(json)!;
        // One that an outage has overtaken is not used, so nothing depends on it.
        if (!checkpoint.Holds(outages)) return;

        var first = Checkpoint.Genesis(inputs.Learner.RegisteredAt, inputs.Learner.RegisteredZone);
        var right = Streak.CheckpointAt(first, inputs.OfChain(), outages, rules.Streaks, Instant.FromDateTimeOffset(checkpoint.At));
        if (Said(checkpoint) == Said(right)) return;

        differences.Add(new Difference("chain_checkpoint", Said(checkpoint), Said(right)));
        (inputs.Learner.ChainCheckpoint, inputs.Learner.ChainFrom) = (null, null);

        static string Said(Checkpoint one) => JsonSerializer.Serialize(one);
    }

    private void CompareSegments(Inputs inputs, List<Difference> differences)
    {
        if (inputs.Learner.SegmentCheckpoint is not { } json) return;

        var checkpoint = JsonSerializer.Deserialize<SegmentCheckpoint>(json)!;
        var fold = SegmentFold.Of(
            SegmentCheckpoint.Beginning, inputs.Conversations(rules), inputs.LiveTime, inputs.Belated.Select(row => row.ToBelatedTime()),
            at => LearningHistory.DayAt(inputs.Zones, at), rules.Xp);
        var (was, right) = (JsonSerializer.Serialize(checkpoint), JsonSerializer.Serialize(fold.CheckpointAt(checkpoint.At)));
        if (was == right) return;

        differences.Add(new Difference("segment_checkpoint", was, right));
        (inputs.Learner.SegmentCheckpoint, inputs.Learner.SignalsFrom) = (null, null);
    }

    private static T Differs<T>(List<Difference> differences, string what, T stored, T derived)
    {
        if (!EqualityComparer<T>.Default.Equals(stored, derived))
            differences.Add(new Difference(what, Convert.ToString(stored, CultureInfo.InvariantCulture) ?? "", Convert.ToString(derived, CultureInfo.InvariantCulture) ?? ""));
        return derived;
    }

    private sealed record Inputs(
        LearnerRow Learner,
        bool IsSandbox,
        ZoneHistory Zones,
        List<SignalRow> Signals,
        List<BelatedTimeRow> Belated,
        List<LiveSessionRow> Live,
        List<XpLedgerRow> Ledger,
        long Tokens,
        List<ZoneChangeRow> ZoneRows,
        List<SaverPurchaseRow> Purchases,
        List<OutageRow> Outages)
    {
        public long LastOrder => Signals.Select(row => row.Order).Concat(ZoneRows.Select(row => row.Order)).Concat(Purchases.Select(row => row.Order))
            .Concat(Live.Select(row => row.Order)).DefaultIfEmpty().Max();

        public TimeUnion LiveTime => TimeUnion.Of(Live.Select(row => new RecordedLive(row.Id, row.StartedAt, row.RecordedSeconds).Interval));

        public TimeUnion Conversations(LearningRules rules) => LearningHistory.CountedOf(Signals, rules.Xp).Less(LearningHistory.ClaimedBy(Belated));

        public Outages OutagesAt(Instant at) => new(Outages
            .Where(row => row.WithdrawnAt is not { } withdrawn || (!IsSandbox && at < withdrawn))
            .Where(row => IsSandbox || row.DeclaredAt <= at)
            .Select(row => new Outage(row.StartsAt, row.EndsAt)));

        public List<Input> OfChain() =>
        [
            .. Ledger.Where(row => row is { MakesActive: true, Amount: > 0 }).GroupBy(row => row.Date).Select(day => day.OrderBy(row => row.At).ThenBy(row => row.Order).First())
                .Select(row => (Input)new Activity(row.At, row.Date, row.Order))
                .Concat(Purchases.Select(row => (Input)new SaverPurchase(row.At, row.Order)))
                .Concat(ZoneRows.Select(row => (Input)new ZoneChange(row.At, row.Zone, row.Order)))
                .Order(Input.InOrder),
        ];
    }
}

/// <summary>Something that is not as the inputs and the ledgers say.</summary>
/// <param name="What">Which number.</param>
/// <param name="Stored">What is stored.</param>
/// <param name="Derived">What follows from the inputs.</param>
public sealed record Difference(string What, string Stored, string Derived);
