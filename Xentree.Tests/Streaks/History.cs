using CsCheck;
using NodaTime;
using Xentree.Domain.Days;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>A generated life: what happened to a user, and when the server got to know of it.</summary>
internal sealed record History(
    Instant RegisteredAt,
    string Zone,
    IReadOnlyList<(Input Input, Instant ReceivedAt)> Received,
    IReadOnlyList<Outage> Outages,
    IReadOnlyList<Outage> DeclaredLater,
    IReadOnlyList<Instant> Questions)
{
    private static readonly string[] NastyZones =
    [
        // The first four lie on both sides of the date line, up to two dates apart: half of all changes go there.
        "Pacific/Kiritimati", "Pacific/Honolulu", "Pacific/Niue", "Pacific/Apia",
        "America/New_York", "Europe/London", "Asia/Tokyo", "Asia/Kathmandu", "America/Santiago", "Asia/Beirut",
        "Australia/Lord_Howe", "UTC",
    ];

    // Clocks go forward and back in these weeks, and Apia loses its date.
    private static readonly Instant[] Eras =
    [
        Time.At("2026-02-25T00:00:00Z"), Time.At("2026-03-20T00:00:00Z"), Time.At("2026-08-28T00:00:00Z"),
        Time.At("2026-10-20T00:00:00Z"), Time.At("2011-12-20T00:00:00Z"), Time.At("2024-02-20T00:00:00Z"),
    ];

    private static readonly Gen<int> Moment = Gen.Int[0, (40 * 96) - 1];

    private static readonly Gen<(int Moment, int Kind, int Late)> AnActivity =
        Gen.Select(Moment, Gen.Int[0, 19], Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[0, 72 * 4])));

    private static readonly Gen<(int Moment, int Zone, int Snap)> AChange =
        Gen.Select(
            Moment,
            Gen.Frequency((1, Gen.Int[0, NastyZones.Length - 1]), (1, Gen.Int[0, 3])),
            Gen.Int[0, 3 * NastyZones.Length]);

    private static readonly Gen<(int Moment, int Quarters)> AnOutage = Gen.Select(Moment, Gen.Int[1, 200]);

    /// <summary>Any life; at most three changes of zone in 168 h when <paramref name="limited"/>.</summary>
    public static Gen<History> Any(bool limited = false) =>
        Gen.Select(
            Gen.Select(Gen.Int[0, Eras.Length - 1], Gen.Int[0, NastyZones.Length - 1], Gen.Int[0, 95], Gen.Int[2, 40]),
            AnActivity.Array[0, 100],
            AChange.Array[0, 8],
            Moment.Array[0, 4],
            AnOutage.Array[0, 2],
            AnOutage.Array[0, 2],
            Gen.Select(Moment, Gen.Int[0, 3]).Array[3, 5],
            (life, activities, changes, purchases, outages, later, questions) =>
                Make(life, activities, changes, purchases, outages, later, questions, limited));

    /// <summary>What the server knew at an instant.</summary>
    public IReadOnlyList<Input> KnownAt(Instant now) => [.. Received.Where(item => item.ReceivedAt <= now).Select(item => item.Input)];

    public Checkpoint Genesis => Checkpoint.Genesis(RegisteredAt, Zone);

    public Chain Fold(Instant to, IReadOnlyList<Input>? inputs = null) =>
        Streak.Fold(Genesis, inputs ?? KnownAt(to), new Outages(Outages), StreakRulebook.Default, to);

    /// <summary>A chain in words, without its breaks: a fold tells only those since its checkpoint.</summary>
    public string Told(Chain chain) => Story.Of(chain with { Breaks = [] }, RegisteredAt);

    public override string ToString() =>
        $"""
        registered {RegisteredAt} in {Zone}
        {string.Join('\n', Received.Select(item => $"{item.Input} received {item.ReceivedAt}"))}
        outages {string.Join(", ", Outages)}, later {string.Join(", ", DeclaredLater)}
        questions {string.Join(", ", Questions)}
        """;

    private static History Make(
        (int Era, int Zone, int Quarter, int Days) life,
        (int Moment, int Kind, int Late)[] activities,
        (int Moment, int Zone, int Snap)[] changes,
        int[] purchases,
        (int Moment, int Quarters)[] outages,
        (int Moment, int Quarters)[] later,
        (int Moment, int Kind)[] questions,
        bool limited)
    {
        var zone = NastyZones[life.Zone];
        var registeredAt = Eras[life.Era] + Duration.FromMinutes(15 * life.Quarter);
        Instant At(int moment) => registeredAt + Duration.FromMinutes(15 * (moment % (life.Days * 96)));

        var zones = new ZoneHistory(zone, []);
        var entries = new List<ZoneEntry>();
        foreach (var (moment, index, snap) in changes.OrderBy(change => change.Moment % (life.Days * 96)))
        {
            // Many changes at the very midnight of some zone: the boundary is where mistakes are.
            var at = At(moment);
            if (snap < NastyZones.Length) at = LocalDays.EndOf(Zones.Get(NastyZones[snap]), at);
            if (entries.Count > 0 && at < entries[^1].From) at = entries[^1].From;

            var request = zones.Ask(NastyZones[index], at, StreakRules.Default);
            if (request is ZoneRequest.SameZone || (limited && request is not ZoneRequest.Change)) continue;
            entries.Add(new ZoneEntry(at, NastyZones[index]));
            zones = new ZoneHistory(zone, entries);
        }

        var received = new List<(Instant ReceivedAt, Func<long, Input> Input)>();
        received.AddRange(entries.Select(entry => (entry.From, (Func<long, Input>)(order => new ZoneChange(entry.From, entry.Zone, order)))));
        received.AddRange(purchases.Select(moment => (At(moment), (Func<long, Input>)(order => new SaverPurchase(At(moment), order)))));

        foreach (var (moment, kind, late) in activities)
        {
            var at = At(moment);
            var date = zones.DateOf(at);

            if (kind == 0)
            {
                // A minute of learning that ends at midnight is dated midnight and counts for the day before.
                at = LocalDays.FirstInstant(Zones.Get(zones.At(at)), date);
                date = zones.DateOf(at - Duration.FromSeconds(1));
            }

            if (at >= registeredAt)
                received.Add((at + Duration.FromMinutes(15 * late), order => new Activity(at, date, order)));
        }

        var known = new List<(Input Input, Instant ReceivedAt)>();
        foreach (var (receivedAt, make) in received.OrderBy(item => item.ReceivedAt))
        {
            var input = make(known.Count);
            if (input is SaverPurchase)
            {
                var chain = Streak.Fold(
                    Checkpoint.Genesis(registeredAt, zone),
                    [.. known.Select(item => item.Input)],
                    new Outages(outages.Select(Outage)),
                    StreakRulebook.Default,
                    receivedAt);
                if (SaverShop.Offer(chain, tokens: 1_000, StreakRules.Default) != SaverOffer.Accepted) continue;
            }

            known.Add((input, receivedAt));
        }

        return new History(
            registeredAt,
            zone,
            known,
            [.. outages.Select(Outage)],
            [.. later.Select(Outage)],
            [.. questions.Select(Question).Order()]);

        Outage Outage((int Moment, int Quarters) outage) => new(At(outage.Moment), At(outage.Moment) + Duration.FromMinutes(15 * outage.Quarters));

        // Some at the instant of an input.
        Instant Question((int Moment, int Kind) question) =>
            question.Kind <= 1 && known.Count > 0 ? known[question.Moment % known.Count].ReceivedAt : At(question.Moment);
    }
}
