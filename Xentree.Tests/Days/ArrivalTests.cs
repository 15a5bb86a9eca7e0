using NodaTime;
using Xentree.Domain.Days;
using Xentree.Domain.Streaks;
using Xentree.Tests.Streaks;

namespace Xentree.Tests.Days;

/// <summary>Rule D6: late events, and clocks that run ahead.</summary>
public sealed class ArrivalTests
{
    private static readonly Instant Registered = Time.At("2026-02-01T00:00:00Z");
    private static readonly Instant Now = Time.At("2026-03-10T12:00:00Z");

    [Fact]
    public void D6_an_event_counts_for_when_it_happened_up_to_and_including_72_hours_back()
    {
        Assert.Equal(new Arrival.Counts(Now), Of(Now));
        Assert.Equal(new Arrival.Counts(Now - Duration.FromHours(72)), Of(Now - Duration.FromHours(72)));
        Assert.Equal(new Arrival.XpOnly(Now), Of(Now - Duration.FromHours(72) - Duration.FromMilliseconds(1)));
    }

    [Fact]
    public void D6_an_event_up_to_and_including_five_minutes_ahead_is_taken_as_now()
    {
        Assert.Equal(new Arrival.Counts(Now), Of(Now + Duration.FromMilliseconds(1)));
        Assert.Equal(new Arrival.Counts(Now), Of(Now + Duration.FromMinutes(5)));
        Assert.Equal(new Arrival.TooFarAhead(), Of(Now + Duration.FromMinutes(5) + Duration.FromMilliseconds(1)));
    }

    [Fact]
    public void D6_an_event_before_registration_is_refused_however_old()
    {
        var registered = Now - Duration.FromHours(1);

        Assert.Equal(new Arrival.Counts(registered), Arrival.Of(registered, Now, registered, StreakRules.Default));
        Assert.Equal(new Arrival.BeforeRegistration(), Arrival.Of(registered - Duration.Epsilon, Now, registered, StreakRules.Default));
        Assert.Equal(new Arrival.BeforeRegistration(), Of(Registered - Duration.FromDays(9)));
    }

    private static Arrival Of(Instant occurredAt) => Arrival.Of(occurredAt, Now, Registered, StreakRules.Default);
}
