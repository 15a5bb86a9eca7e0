using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Domain.Days;

/// <summary>Rule D6: what an event counts for, by when it happened and when it was received.</summary>
public abstract record Arrival
{
    private Arrival()
    {
    }

    /// <summary>It counts at <paramref name="At"/>, and makes that instant's local date active.</summary>
    /// <param name="At">When it happened; of an event from up to and including five minutes ahead, when it was received.</param>
    public sealed record Counts(Instant At) : Arrival;

    /// <summary>Too late to change a day: XP only, dated as received, and no day becomes active.</summary>
    /// <param name="At">When it was received.</param>
    public sealed record XpOnly(Instant At) : Arrival;

    /// <summary>400: it happened before the user registered.</summary>
    public sealed record BeforeRegistration : Arrival;

    /// <summary>400: it happened further ahead than clocks differ.</summary>
    public sealed record TooFarAhead : Arrival;

    /// <summary>Judges an event.</summary>
    /// <param name="occurredAt">When the client says that it happened.</param>
    /// <param name="receivedAt">Now, by the business clock.</param>
    /// <param name="registeredAt">When the user registered.</param>
    /// <param name="rules">The numbers in force.</param>
    public static Arrival Of(Instant occurredAt, Instant receivedAt, Instant registeredAt, StreakRules rules)
    {
        if (occurredAt < registeredAt) return new BeforeRegistration();
        if (occurredAt > receivedAt + rules.ClockTolerance) return new TooFarAhead();
        if (occurredAt > receivedAt) return new Counts(receivedAt);

        return occurredAt < receivedAt - rules.LateWindow ? new XpOnly(receivedAt) : new Counts(occurredAt);
    }
}
