using NodaTime;
using Xentree.Domain.Days;
using Xentree.Domain.Streaks;
using Xentree.Tests.Streaks;

namespace Xentree.Tests.Days;

/// <summary>Rules D5 and D7: which zone was in force, and whether another may be.</summary>
public sealed class ZoneHistoryTests
{
    private static readonly Instant Start = Time.At("2026-03-01T12:00:00Z");

    [Fact]
    public void D6_the_zone_of_an_instant_is_the_one_then_in_force()
    {
        var history = new ZoneHistory("Europe/London", [Entry(24, "Asia/Tokyo"), Entry(48, "America/New_York")]);

        Assert.Equal("Europe/London", history.At(Start - Duration.FromDays(400)));
        Assert.Equal("Europe/London", history.At(After(24) - Duration.Epsilon));
        Assert.Equal("Asia/Tokyo", history.At(After(24)));
        Assert.Equal("America/New_York", history.At(After(4_800)));
        Assert.Equal(Time.March(1), history.DateOf(Time.At("2026-03-01T23:30:00Z")));
        Assert.Equal(Time.March(3), history.DateOf(Time.At("2026-03-02T15:00:00Z")));
    }

    [Fact]
    public void D5_three_changes_in_168_hours_and_the_next_may_be_tried_again_when_the_first_is_that_old()
    {
        var history = new ZoneHistory("Europe/London", [Entry(0, "Asia/Tokyo"), Entry(10, "UTC"), Entry(20, "Asia/Tokyo")]);

        Assert.Equal(new ZoneRequest.TooMany(After(168)), Ask(history, "UTC", After(20)));
        Assert.Equal(new ZoneRequest.TooMany(After(168)), Ask(history, "UTC", After(168) - Duration.Epsilon));
        Assert.Equal(new ZoneRequest.Change(), Ask(history, "UTC", After(168)));
    }

    [Fact]
    public void D5_the_third_change_is_not_too_many() => Assert.Equal(
        new ZoneRequest.Change(),
        Ask(new ZoneHistory("Europe/London", [Entry(0, "Asia/Tokyo"), Entry(0, "UTC")]), "Asia/Tokyo", After(0)));

    [Fact]
    public void D5_the_window_rolls()
    {
        var history = new ZoneHistory(
            "Europe/London", [Entry(0, "Asia/Tokyo"), Entry(10, "UTC"), Entry(20, "Asia/Tokyo"), Entry(168, "UTC")]);

        Assert.Equal(new ZoneRequest.TooMany(After(178)), Ask(history, "Asia/Tokyo", After(169)));
    }

    [Fact]
    public void D5_an_alias_of_the_zone_in_force_is_no_change()
    {
        var history = new ZoneHistory("UTC", [Entry(0, "Asia/Kolkata"), Entry(1, "UTC"), Entry(2, "Asia/Kolkata")]);

        Assert.Equal(new ZoneRequest.SameZone(), Ask(history, "Asia/Calcutta", After(3)));
        Assert.Equal(new ZoneRequest.SameZone(), Ask(history, "Asia/Kolkata", After(3)));
    }

    [Theory]
    [InlineData("+05:00")]
    [InlineData("EST5EDT4")]
    [InlineData("")]
    [InlineData(null)]
    public void D7_no_zone_is_no_zone_even_at_the_limit(string? zone)
    {
        var history = new ZoneHistory("Europe/London", [Entry(0, "Asia/Tokyo"), Entry(10, "UTC"), Entry(20, "Asia/Tokyo")]);

        Assert.Equal(new ZoneRequest.NoZone(), Ask(history, zone, After(21)));
    }

    private static ZoneRequest Ask(ZoneHistory history, string? zone, Instant now) => history.Ask(zone, now, StreakRules.Default);

    private static Instant After(int hours) => Start + Duration.FromHours(hours);

    private static ZoneEntry Entry(int hours, string zone) => new(After(hours), zone);
}
