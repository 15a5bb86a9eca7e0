using System.Globalization;
using System.Text.Json;
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

    public LearningChange(LearnerWindow window, LearningRules rules, TimeProvider time, byte[] drawKey)
    {
        (_window, _rules, _time, _drawKey) = (window, rules, time, drawKey);
        _days = window.Snapshot.Days.ToDictionary(day => day.Date);
        Zones = window.Snapshot.Zones;
        Learner = window.Snapshot.Learner;
        Quests = [.. window.Quests];
    }

    /// <summary>The present of the business clock.</summary>
    public Instant Now => _window.Now;

    /// <summary>The learner's row, as it will be saved.</summary>
    public LearnerRow Learner { get; }

    /// <summary>Whether the conversation is there that the event is of.</summary>
    public bool HasConversation => _window.HasConversation;

    /// <summary>Of which time the caller wants to know what conversations gave; it is asked for while the change is saved.</summary>
    public (Instant After, Instant UpTo)? AskedXp { get; set; }

    /// <summary>What they gave, this change included.</summary>
    public long XpOfAsked { get; set; }

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

    /// <summary>What was recorded of a live session, and the number of the input that told.</summary>
    public (RecordedLive Live, long Order)? LiveRow { get; private set; }

    public List<BelatedTimeRow> BelatedRows { get; } = [];

    public List<SaverPurchaseRow> PurchaseRows { get; } = [];

    public List<ZoneChangeRow> ZoneRows { get; } = [];

    public List<DomainEventRow> Events { get; } = [];

    /// <summary>The row of the input that this records, if it records one.</summary>
    public Guid? InputId => SignalRows.Select(row => row.Id).Concat(PurchaseRows.Select(row => row.Id)).Concat(ZoneRows.Select(row => row.Id))
        .Cast<Guid?>().FirstOrDefault();

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
        var (counted, claims, live) = (CountedOf(_window.Signals), Claims(), LiveTime());
        var (sessions, learned) = (SessionsByDay(_window.Signals, signal.ConversationId), Learned(counted.Less(claims), live));
        SignalRows.Add(signal);
        List<SignalRow> all = [.. _window.Signals, .. SignalRows];
        var countedNow = CountedOf(all);
        if (signal.IsBelated) Claim(BelatedTime.Claim(Now, counted, countedNow, live, _rules.Xp));

        foreach (var (date, count) in SessionsByDay(all, signal.ConversationId))
        {
            Begun(date, count - sessions.GetValueOrDefault(date));
            sessions.Remove(date);
        }

        // A late signal that joins two sessions may leave a day without one.
        foreach (var (date, count) in sessions) Begun(date, -count);

        var conversations = countedNow.Less(Claims());
        foreach (var (date, change) in LearnedTime.Changes(learned, Learned(conversations, live))) AddLearned(date, change);
        GiveSegments(conversations, live, signal.Order);
    }

    /// <summary>Records that a live session began; its local day and the number of the input.</summary>
    public (LocalDate Date, long Order) BeginLive()
    {
        var date = Zones.DateOf(Now);
        Begun(date, 1);
        return (date, NextOrder());
    }

    /// <summary>
    /// Records what a live session is charged by now: XP for every minute that it completes, each dated when it did (X5), and its seconds,
    /// which live owns from now on (X8).
    /// </summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="seconds">What it is charged, from its start on.</param>
    public void RecordLive(Guid sessionId, long seconds)
    {
        var before = _window.Live.Single(live => live.Id == sessionId);
        if (seconds <= before.Seconds) return;

        var order = NextOrder();
        var conversations = CountedOf(_window.Signals).Less(Claims());
        var learned = Learned(conversations, LiveTime());
        LiveRow = (before with { Seconds = seconds }, order);
        var live = LiveTime();
        foreach (var (date, change) in LearnedTime.Changes(learned, Learned(conversations, live))) AddLearned(date, change);
        foreach (var minute in LiveMinutes.Completed(before.StartedAt, before.Seconds, seconds))
        {
            Award(
                XpSource.Live, $"{sessionId}/{minute.Ordinal.ToString(CultureInfo.InvariantCulture)}", _rules.Xp.LiveMinuteXp, minute.CompletedAt,
                Zones.DateOf(minute.CompletedAt), makesActive: true, order);
        }

        GiveSegments(conversations, live, order);
    }

    private void GiveSegments(TimeUnion conversations, TimeUnion live, long order)
    {
        var from = _window.Snapshot.SegmentsFrom;
        var fold = SegmentFold.Of(from, conversations, live, _window.Belated.Concat(BelatedRows).Select(row => row.ToBelatedTime()), DayAt, _rules.Xp);
        var had = new SegmentRows(Learner.SegmentRows, _days.Where(day => day.Value.Segments > 0).ToDictionary(day => day.Key, day => day.Value.Segments));
        foreach (var row in fold.Due(had, Now))
        {
            Award(XpSource.Conversations, row.SourceId, _rules.Xp.SegmentXp, row.At, row.Day, row.MakesDayActive, order);
            Day(row.Day).Segments++;
            Learner.SegmentRows++;
        }

        Checkpoints.MoveSegments(_window.Snapshot, fold, Now, _rules);
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
            Order = order,
        });

        var day = Day(date);
        day.Xp += award.Amount;
        if (source == XpSource.Xel) day.QuizXp += award.Amount;
        if (makesActive && award.Amount > 0 && (day.ActiveAt is not { } active || at < active)) (day.ActiveAt, day.ActiveOrder) = (at, order);

        var levels = Level.Reached(Learner.TotalXp, Learner.TotalXp + award.Amount).ToList();
        Learner.TotalXp += award.Amount;
        foreach (var level in levels) GiveTokens(TokenReason.Level, level.ToString(CultureInfo.InvariantCulture), _rules.Xp.LevelUpTokens);
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
        Learner.Tokens = new TokenBalance(Learner.Tokens).Less(rules.SaverCost)!.Value.Tokens;
        TokenRows.Add(TokenRow(TokenReason.Saver, row.Id.ToString(), -rules.SaverCost));
    }

    /// <summary>Records that another zone came into force (D5).</summary>
    public void Move(string zone)
    {
        // Where the clock of another server is ahead, the change before it may lie in this one's future.
        var at = Zones.LastChange is { } last ? Instant.Max(last, Now) : Now;
        var row = new ZoneChangeRow { Id = _time.NewId(), UserId = Learner.UserId, At = at, Zone = zone, Order = NextOrder() };
        ZoneRows.Add(row);
        _moreInputs.Add(new ZoneChange(row.At, zone, row.Order));
        Zones = Zones.With(new ZoneEntry(row.At, zone));
    }

    /// <summary>Draws the quests of a day unless they were drawn before (Q1, Q2).</summary>
    public void Draw(LocalDate date)
    {
        if (Quests.Exists(quest => quest.Date == date)) return;

        var days = _days.Values.Select(day => new QuestDay(
            day.Date, Seconds(day), day.Xp, day.Turns, day.XelTasks, LiveSeconds(day)));
        // The course is not there yet, so no quest can ask for it.
        var drawn = QuestDraw.Of(_rules.Catalogue, _drawKey, Learner.UserId, date, days, new QuestReach(_window.LiveSeconds, XelTasks: 0), _rules.Quests);
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
                // With the digits that the database keeps, so that the answer to the draw and later ones are the same to the letter.
                RewardMultiplier = drawn[i].RewardMultiplier + 0.00m,
                RewardDuration = drawn[i].RewardDuration,
            };
            Quests.Add(row);
            DrawnQuests.Add(row);
        }
    }

    /// <summary>
    /// Moves the quests and closes those of days that are over, then settles the chain: after this nothing changes any more but the
    /// saving. Alone, it changes no answer.
    /// </summary>
    public void Settle()
    {
        foreach (var happened in _questEvents.Values)
        {
            Draw(happened.Day);
            foreach (var quest in Quests.Where(quest => quest.Date == happened.Day)) Advance(quest, happened);
        }

        var snapshot = Snapshot();
        var chain = snapshot.FoldAt(Now, _rules.Streaks);
        CloseQuests(chain.Today);
        // What a read showed just before this input stays shown: an outage may have made a longer streak that the input shortens.
        Learner.LongestStreak = Math.Max(snapshot.LongestStreak(chain), _window.Snapshot.FoldAt(Now, _rules.Streaks).Peak);
        Announce(snapshot, chain);
        Checkpoints.MoveChain(snapshot, Now, _rules);
        Learner.SettleAt = !_window.IsSandbox && (chain.CurrentStreak > 0 || Quests.Exists(quest => !quest.IsClosed)) ? chain.ResetsAt : null;
    }

    private void CloseQuests(LocalDate today)
    {
        foreach (var quest in Quests.Where(quest => quest.Date < today && !quest.IsClosed))
        {
            quest.IsClosed = true;
            ChangedQuests.Add(quest);
        }
    }

    private void Announce(LearnerSnapshot snapshot, Chain chain)
    {
        var before = Learner.Announced is { } json ? JsonSerializer.Deserialize<Trail>(json)! : snapshot.FirstTrail;
        foreach (var happening in Happening.Between(before, chain))
        {
            var (type, payload, at) = Announcement.Of(happening, Now);
            Events.Add(new DomainEventRow
            {
                // A millisecond apart, so that their ids are in their order.
                Id = Guid.CreateVersion7(_time.GetUtcNow().AddMilliseconds(Events.Count)),
                UserId = Learner.UserId,
                Type = type,
                Payload = payload,
                OccurredAt = at,
                RecordedAt = _time.Now,
            });
        }

        Learner.Announced = JsonSerializer.Serialize(chain.Trail);
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
        var (before, live) = (Seconds(day), LiveSeconds(day));
        day.ConversationTicks += more.Conversations.BclCompatibleTicks;
        day.XelTicks += more.Xel.BclCompatibleTicks;
        day.LiveTicks += more.Live.BclCompatibleTicks;
        var (gained, talked) = (Math.Max(0, Seconds(day) - before), LiveSeconds(day) - live);
        Happened(date, e => e with { LearningSeconds = e.LearningSeconds + gained, LiveSeconds = e.LiveSeconds + talked });
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

    private LocalDaySpan DayAt(Instant at) => LearningHistory.DayAt(Zones, at);

    private IReadOnlyDictionary<LocalDate, LearnedTime> Learned(TimeUnion conversations, TimeUnion live)
    {
        var from = _window.Snapshot.SegmentsFrom.At;
        return LearnedTime.ByDay(conversations.From(from), TimeUnion.Empty, live.From(from), DayAt);
    }

    private TimeUnion LiveTime() => TimeUnion.Of(_window.Live.Select(live => (LiveRow is { } row && row.Live.Id == live.Id ? row.Live : live).Interval));

    private TimeUnion CountedOf(IEnumerable<SignalRow> signals) => LearningHistory.CountedOf(signals, _rules.Xp);

    private Dictionary<LocalDate, int> SessionsByDay(IEnumerable<SignalRow> signals, Guid conversationId) =>
        LearningHistory.SessionsByDay(signals.Where(signal => signal.ConversationId == conversationId), _rules.Xp);

    private TimeUnion Claims() => LearningHistory.ClaimedBy(_window.Belated.Concat(BelatedRows));

    private void Claim(TimeUnion seconds)
    {
        if (seconds.Total == Duration.Zero) return;

        var date = Zones.DateOf(Now);
        foreach (var part in seconds.Parts)
        {
            BelatedRows.Add(new BelatedTimeRow
            {
                Id = _time.NewId(),
                UserId = Learner.UserId,
                ReceivedAt = Now,
                Date = date,
                StartsAt = part.Start,
                EndsAt = part.End,
            });
        }

        AddLearned(date, new LearnedTime(seconds.Total, Duration.Zero, Duration.Zero));
    }

    private void Begun(LocalDate date, int sessions)
    {
        if (sessions == 0) return;

        Day(date).Sessions += sessions;
        Count(date, activities: sessions);
    }

    private static long Seconds(DayRow day) =>
        WholeSeconds.Floor(Duration.FromTicks(day.ConversationTicks) + Duration.FromTicks(day.XelTicks) + Duration.FromTicks(day.LiveTicks));

    private static long LiveSeconds(DayRow day) => WholeSeconds.Floor(Duration.FromTicks(day.LiveTicks));
}
