using NodaTime;
using Xentree.Data.LearningTime;
using Xentree.Data.Quests;
using Xentree.Data.Streaks;
using Xentree.Data.Xp;
using Xentree.Domain;
using Xentree.Domain.Days;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Quests;
using Xentree.Domain.Streaks;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>
/// One recorded input and all that follows from it: XP, days, quests, boosters, levels, tokens, the chain. It is worked out in memory
/// from a <see cref="LearnerWindow"/> and then saved at once.
/// </summary>
internal sealed class LearningChange
{
    private readonly LearnerWindow _window;
    private readonly LearningRules _rules;
    private readonly TimeProvider _time;
    private readonly byte[] _drawKey;
    private readonly Dictionary<LocalDate, DayRow> _days;
    private readonly Dictionary<LocalDate, QuestEvent> _questEvents = [];
    private readonly List<Input> _moreInputs = [];

    public LearningChange(LearnerWindow window, LearningRules rules, TimeProvider time, byte[] drawKey, Instant now)
    {
        (_window, _rules, _time, _drawKey, Now) = (window, rules, time, drawKey, now);
        _days = window.Snapshot.Days.ToDictionary(day => day.Date);
        Zones = window.Snapshot.Zones;
        Learner = window.Snapshot.Learner;
        Quests = [.. window.Quests];
    }

    /// <summary>The present of the business clock.</summary>
    public Instant Now { get; }

    /// <summary>The learner's row, as it will be saved.</summary>
    public LearnerRow Learner { get; }

    /// <summary>The zones, a change that this is included.</summary>
    public ZoneHistory Zones { get; private set; }

    /// <summary>The quests of recent days, drawn ones included.</summary>
    public List<DailyQuestRow> Quests { get; }

    public List<XpLedgerRow> XpRows { get; } = [];

    public List<TokenLedgerRow> TokenRows { get; } = [];

    public List<BoosterRow> BoosterRows { get; } = [];

    public List<DailyQuestRow> DrawnQuests { get; } = [];

    public HashSet<DailyQuestRow> ChangedQuests { get; } = [];

    public HashSet<DayRow> ChangedDays { get; } = [];

    public List<SignalRow> SignalRows { get; } = [];

    public List<BelatedTimeRow> BelatedRows { get; } = [];

    public List<SaverPurchaseRow> PurchaseRows { get; } = [];

    public List<ZoneChangeRow> ZoneRows { get; } = [];

    /// <summary>The signals of a conversation, in the order of recording.</summary>
    public IEnumerable<SignalRow> SignalsOf(Guid conversationId) =>
        _window.Signals.Concat(SignalRows).Where(signal => signal.ConversationId == conversationId);

    /// <summary>The chain at the present, with what was recorded so far.</summary>
    public Chain Chain() => Snapshot().FoldAt(Now, _rules.Streaks);

    /// <summary>The number of the next input.</summary>
    public long NextOrder() => ++Learner.Inputs;

    /// <summary>Records a signal of a learning session and gives the segments that are due by it (X2, X3, X8).</summary>
    public void Record(SignalRow signal)
    {
        var before = Learned(_window.Signals);
        SignalRows.Add(signal);
        var all = _window.Signals.Concat(SignalRows).ToList();
        var belated = _window.Belated.ToList();

        if (signal.IsBelated)
        {
            var added = Union(all, withBelated: true).Total - Union(_window.Signals, withBelated: true).Total;
            if (added > Duration.Zero)
            {
                belated.Add(new BelatedTime(Now, added));
                BelatedRows.Add(new BelatedTimeRow { Id = _time.NewId(), UserId = Learner.UserId, ReceivedAt = Now, Ticks = added.BclCompatibleTicks });
                AddLearned(Zones.DateOf(Now), new LearnedTime(added, Duration.Zero, Duration.Zero));
            }
        }

        foreach (var (date, count) in SessionsByDay(all, signal.ConversationId))
        {
            var more = count - SessionsByDay(_window.Signals, signal.ConversationId).GetValueOrDefault(date);
            if (more != 0) Day(date).Sessions += more;
            if (more > 0) Count(date, activities: more);
        }

        var after = Learned(all);
        foreach (var date in before.Keys.Union(after.Keys)) AddLearned(date, after.GetValueOrDefault(date) - before.GetValueOrDefault(date));

        var from = SegmentsFrom();
        var fold = SegmentFold.Of(from, Union(all, withBelated: false), TimeUnion.Empty, belated, DayAt, _rules.Xp);
        var had = new SegmentRows(Learner.SegmentRows, _days.Where(day => day.Value.Segments > 0).ToDictionary(day => day.Key, day => day.Value.Segments));
        foreach (var row in fold.Due(had, Now))
        {
            Award(XpSource.Conversations, row.SourceId, _rules.Xp.SegmentXp, row.At, row.Day, row.MakesDayActive, signal.Order);
            Day(row.Day).Segments++;
            Learner.SegmentRows++;
        }

        KeepSegments(from, fold);
    }

    /// <summary>Gives XP for something that happened, once for a source and an id (X1, X6).</summary>
    public void Award(XpSource source, string sourceId, long baseXp, Instant at, LocalDate date, bool makesActive, long order)
    {
        var award = XpAward.Of(source, sourceId, baseXp, at, date, _window.Boosters);
        XpRows.Add(new XpLedgerRow
        {
            Id = _time.NewId(),
            UserId = Learner.UserId,
            Source = source,
            SourceId = sourceId,
            Base = award.Base,
            Multiplier = award.Multiplier,
            Amount = award.Amount,
            At = at,
            Date = date,
            ReceivedAt = Now,
            MakesActive = makesActive,
        });

        var day = Day(date);
        day.Xp += award.Amount;
        if (source == XpSource.Xel) day.QuizXp += award.Amount;
        if (makesActive && award.Amount > 0 && (day.ActiveAt is not { } active || at < active)) (day.ActiveAt, day.ActiveOrder) = (at, order);

        var levels = Level.Reached(Learner.TotalXp, Learner.TotalXp + award.Amount).ToList();
        Learner.TotalXp += award.Amount;
        foreach (var level in levels) GiveTokens(TokenReason.Level, level.ToString(System.Globalization.CultureInfo.InvariantCulture), _rules.Xp.LevelUpTokens);
        Happened(date, e => e with { BaseXp = e.BaseXp + award.Base });
    }

    /// <summary>Counts what the learner did on a day.</summary>
    public void Count(LocalDate date, int activities = 0, int turns = 0, int xelTasks = 0)
    {
        var day = Day(date);
        day.Activities += activities;
        day.Turns += turns;
        day.XelTasks += xelTasks;
        Happened(date, e => e with { Turns = e.Turns + turns, XelTasks = e.XelTasks + xelTasks });
    }

    /// <summary>Records that a saver was bought (S8).</summary>
    public void Buy(StreakRules rules)
    {
        var row = new SaverPurchaseRow { Id = _time.NewId(), UserId = Learner.UserId, At = Now, Order = NextOrder() };
        PurchaseRows.Add(row);
        _moreInputs.Add(new SaverPurchase(row.At, row.Order));
        Learner.Tokens -= rules.SaverCost;
        TokenRows.Add(TokenRow(TokenReason.Saver, row.Id.ToString(), -rules.SaverCost));
    }

    /// <summary>Records that another zone came into force (D5).</summary>
    public void Move(string zone)
    {
        var row = new ZoneChangeRow { Id = _time.NewId(), UserId = Learner.UserId, At = Now, Zone = zone, Order = NextOrder() };
        ZoneRows.Add(row);
        _moreInputs.Add(new ZoneChange(row.At, zone, row.Order));
        Zones = Zones.With(new ZoneEntry(row.At, zone));
    }

    /// <summary>Draws the quests of a day unless they were drawn before (Q1, Q2).</summary>
    public void Draw(LocalDate date)
    {
        if (Quests.Exists(quest => quest.Date == date)) return;

        var days = _days.Values.Select(day => new QuestDay(
            day.Date, Seconds(day), day.Xp, day.Turns, day.XelTasks, WholeSeconds.Floor(Duration.FromTicks(day.LiveTicks))));
        // Neither live sessions nor the course are there yet, so no quest can ask for them.
        var drawn = QuestDraw.Of(_rules.Catalogue, _drawKey, Learner.UserId, date, days, new QuestReach(LiveSeconds: 0, XelTasks: 0), _rules.Quests);
        for (var i = 0; i < drawn.Count; i++)
        {
            var row = new DailyQuestRow
            {
                Id = _time.NewId(),
                UserId = Learner.UserId,
                Date = date,
                QuestId = drawn[i].Id,
                CatalogueVersion = _rules.Catalogue.Version,
                Category = drawn[i].Category,
                Ordinal = i,
                Title = drawn[i].Title,
                Description = drawn[i].Description,
                Target = drawn[i].TargetValue,
                RewardMultiplier = drawn[i].RewardMultiplier,
                RewardDuration = drawn[i].RewardDuration,
            };
            Quests.Add(row);
            DrawnQuests.Add(row);
        }
    }

    /// <summary>Closes the quests of days that are over.</summary>
    public void CloseQuests()
    {
        var today = Zones.DateOf(Now);
        foreach (var quest in Quests.Where(quest => quest.Date < today && !quest.IsClosed))
        {
            quest.IsClosed = true;
            ChangedQuests.Add(quest);
        }
    }

    /// <summary>Moves the quests, then settles the chain: after this nothing changes any more but the saving.</summary>
    public void Settle(bool isSandbox)
    {
        foreach (var happened in _questEvents.Values)
        {
            Draw(happened.Day);
            foreach (var quest in Quests.Where(quest => quest.Date == happened.Day)) Advance(quest, happened);
        }

        var snapshot = Snapshot();
        var chain = snapshot.FoldAt(Now, _rules.Streaks);
        Learner.LongestStreak = snapshot.LongestStreak(chain);
        KeepChain(snapshot);
        Learner.SettleAt = !isSandbox && (chain.CurrentStreak > 0 || Quests.Exists(quest => quest.Date == chain.Today)) ? chain.ResetsAt : null;
    }

    private void Advance(DailyQuestRow row, QuestEvent happened)
    {
        var before = row.ToQuest();
        var (after, reward) = before.After(happened, _rules.Quests);
        if (after.Progress == before.Progress) return;

        row.Progress = after.Progress;
        ChangedQuests.Add(row);
        if (reward is null) return;

        row.CompletedAt = Now;
        GiveTokens(TokenReason.Quest, row.Id.ToString(), reward.Tokens);
        BoosterRows.Add(new BoosterRow
        {
            Id = _time.NewId(),
            UserId = Learner.UserId,
            Multiplier = reward.Booster.Multiplier,
            StartsAt = reward.Booster.StartsAt,
            EndsAt = reward.Booster.EndsAt,
        });
    }

    private void GiveTokens(TokenReason reason, string sourceId, long amount)
    {
        Learner.Tokens = new TokenBalance(Learner.Tokens).Plus(amount).Tokens;
        TokenRows.Add(TokenRow(reason, sourceId, amount));
    }

    private TokenLedgerRow TokenRow(TokenReason reason, string sourceId, long amount) =>
        new() { Id = _time.NewId(), UserId = Learner.UserId, Reason = reason, SourceId = sourceId, Amount = amount, At = Now };

    private void AddLearned(LocalDate date, LearnedTime more)
    {
        if (more == default) return;

        var day = Day(date);
        var before = Seconds(day);
        day.ConversationTicks += more.Conversations.BclCompatibleTicks;
        day.XelTicks += more.Xel.BclCompatibleTicks;
        day.LiveTicks += more.Live.BclCompatibleTicks;
        var gained = Math.Max(0, Seconds(day) - before);
        Happened(date, e => e with { LearningSeconds = e.LearningSeconds + gained });
    }

    private void Happened(LocalDate date, Func<QuestEvent, QuestEvent> add) =>
        _questEvents[date] = add(_questEvents.GetValueOrDefault(date) ?? new QuestEvent(date, Now));

    private DayRow Day(LocalDate date)
    {
        if (!_days.TryGetValue(date, out var day)) _days[date] = day = new DayRow { UserId = Learner.UserId, Date = date };
        ChangedDays.Add(day);
        return day;
    }

    private LearnerSnapshot Snapshot() => _window.Snapshot.With(
        [.. _moreInputs, .. ChangedDays.Where(day => day.ActiveAt is not null).Select(day => new Activity(day.ActiveAt!.Value, day.Date, day.ActiveOrder!.Value))],
        [.. _days.Values.OrderBy(day => day.Date)],
        Zones);

    private LocalDaySpan DayAt(Instant at)
    {
        var zone = Domain.Days.Zones.Get(Zones.At(at));
        var until = LocalDays.EndOf(zone, at);
        return new LocalDaySpan(LocalDays.DateOf(zone, at), Zones.NextChangeAfter(at) is { } change && change < until ? change : until);
    }

    private IReadOnlyDictionary<LocalDate, LearnedTime> Learned(IEnumerable<SignalRow> signals) =>
        LearnedTime.ByDay(Union(signals, withBelated: false).From(SegmentsFrom().At), TimeUnion.Empty, TimeUnion.Empty, DayAt);

    private TimeUnion Union(IEnumerable<SignalRow> signals, bool withBelated) => signals
        .Where(signal => withBelated || !signal.IsBelated)
        .GroupBy(signal => signal.ConversationId)
        .SelectMany(conversation => LearningSession.Of(conversation.Select(row => row.ToSignal()), _rules.Xp))
        .Aggregate(TimeUnion.Empty, (union, session) => union.And(session.Counted));

    private Dictionary<LocalDate, int> SessionsByDay(IEnumerable<SignalRow> signals, Guid conversationId) => LearningSession
        .Of(signals.Where(signal => signal.ConversationId == conversationId && !signal.IsBelated).Select(row => row.ToSignal()), _rules.Xp)
        .CountBy(session => Zones.DateOf(session.StartedAt))
        .ToDictionary();

    private SegmentCheckpoint SegmentsFrom() => Learner.SegmentCheckpoint is { } json
        ? System.Text.Json.JsonSerializer.Deserialize<SegmentCheckpoint>(json)!
        : SegmentCheckpoint.Beginning;

    private static long Seconds(DayRow day) =>
        WholeSeconds.Floor(Duration.FromTicks(day.ConversationTicks) + Duration.FromTicks(day.XelTicks) + Duration.FromTicks(day.LiveTicks));

    // A checkpoint is moved on when the window has grown by days, so that most writes leave it alone. An hour of room is for the
    // clocks of replicas, which differ by less.
    private static readonly Duration WindowGrowth = Duration.FromDays(3);
    private static readonly Duration ClockRoom = Duration.FromHours(1);

    private void KeepSegments(SegmentCheckpoint from, SegmentFold fold)
    {
        var at = SegmentFold.Reach(Now, _rules.Xp) - ClockRoom;
        if (from.At != SegmentCheckpoint.Beginning.At && at - from.At < WindowGrowth) return;
        if (from.At == SegmentCheckpoint.Beginning.At && at - Learner.RegisteredAt < WindowGrowth) return;

        Learner.SegmentCheckpoint = System.Text.Json.JsonSerializer.Serialize(fold.CheckpointAt(at));
        Learner.SignalsFrom = at - Duration.FromSeconds(_rules.Xp.SessionEndSeconds);
    }

    private void KeepChain(LearnerSnapshot snapshot)
    {
        var at = _rules.Streaks.At(Now).CheckpointHorizon(Now) - ClockRoom;
        if (at - snapshot.BeginsAt < WindowGrowth) return;

        var checkpoint = snapshot.CheckpointAt(at, _rules.Streaks);
        Learner.ChainCheckpoint = System.Text.Json.JsonSerializer.Serialize(checkpoint);
        Learner.ChainFrom = LearnerQueries.FirstDateOf(checkpoint);
    }
}
