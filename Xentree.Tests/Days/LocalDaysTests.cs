using NodaTime;
using Xentree.Domain.Days;
using Xentree.Tests.Streaks;

namespace Xentree.Tests.Days;

/// <summary>Rules D1, D2 and D7: dates of instants, first instants of dates, and the zones they are asked of.</summary>
public sealed class LocalDaysTests
{
    [Theory]
    [InlineData("2026-03-08T04:59:59Z", "2026-03-07")]
    [InlineData("2026-03-08T05:00:00Z", "2026-03-08")]
    [InlineData("2026-03-09T03:59:59Z", "2026-03-08")]
    [InlineData("2026-03-09T04:00:00Z", "2026-03-09")]
    [InlineData("2026-11-02T04:59:59Z", "2026-11-01")]
    [InlineData("2026-11-02T05:00:00Z", "2026-11-02")]
    public void D1_New_York_changes_its_clocks_and_not_its_days(string instant, string date) =>
        Assert.Equal(Time.Date(date), LocalDays.DateOf(Zones.Get("America/New_York"), Time.At(instant)));

    [Theory]
    [InlineData("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z")]
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-03-10", "2026-03-09T18:15:00Z")]
    [InlineData("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z")]
    public void D2_a_day_starts_at_its_first_instant_midnight_or_not(string zone, string date, string first)
    {
        Assert.Equal(Time.At(first), LocalDays.FirstInstant(Zones.Get(zone), Time.Date(date)));
        Assert.Equal(Time.Date(date), LocalDays.DateOf(Zones.Get(zone), Time.At(first)));
        Assert.True(LocalDays.DateOf(Zones.Get(zone), Time.At(first) - Duration.Epsilon) < Time.Date(date));
    }

    [Theory]
    [InlineData("America/New_York", "2026-03-08", 23)]
    [InlineData("America/New_York", "2026-11-01", 25)]
    [InlineData("Australia/Lord_Howe", "2026-10-04", 23.5)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 24.5)]
    [InlineData("America/Santiago", "2026-09-06", 23)]
    [InlineData("America/Santiago", "2026-04-04", 25)]
    [InlineData("Asia/Beirut", "2026-03-29", 23)]
    [InlineData("Asia/Tokyo", "2026-03-08", 24)]
    [InlineData("Pacific/Apia", "2011-12-30", 0)]
    public void D2_a_day_is_one_day_however_long(string zone, string date, double hours) =>
        Assert.Equal(hours, LocalDays.Day(Zones.Get(zone), Time.Date(date)).Duration.TotalHours);

    [Fact]
    public void D2_a_clock_set_back_past_midnight_brings_no_day_back()
    {
        var zone = Zones.Get("America/St_Johns");
        var midnight = Time.At("2010-11-07T02:30:00Z");

        Assert.Equal(midnight, LocalDays.FirstInstant(zone, Time.Date("2010-11-07")));
        for (var at = midnight; at < midnight + Duration.FromHours(24); at += Duration.FromSeconds(30))
            Assert.Equal(Time.Date("2010-11-07"), LocalDays.DateOf(zone, at));
    }

    [Fact]
    public void D4_a_zone_may_lack_a_date()
    {
        Assert.True(LocalDays.Lacks(Zones.Get("Pacific/Apia"), Time.Date("2011-12-30")));
        Assert.False(LocalDays.Lacks(Zones.Get("Pacific/Apia"), Time.Date("2011-12-29")));
        Assert.False(LocalDays.Lacks(Zones.Get("Pacific/Honolulu"), Time.Date("2011-12-30")));
    }

    [Theory]
    [InlineData("+05:00")]
    [InlineData("UTC+05:00")]
    [InlineData("EST5EDT4")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    [InlineData("america/new_york")]
    [InlineData("Europe/Lond")]
    [InlineData("Factory")]
    [InlineData("localtime")]
    [InlineData("../UTC")]
    public void D7_a_zone_that_is_no_IANA_id_is_refused(string? id)
    {
        Assert.False(Zones.IsKnown(id));
        Assert.Throws<ArgumentException>(() => Zones.Get(id!));
    }

    [Theory]
    [InlineData("UTC", "Etc/UTC")]
    [InlineData("Etc/GMT+5", "Etc/GMT+5")]
    [InlineData("Asia/Calcutta", "Asia/Kolkata")]
    [InlineData("US/Pacific", "America/Los_Angeles")]
    [InlineData("America/Argentina/ComodRivadavia", "America/Argentina/Catamarca")]
    public void D7_aliases_are_IANA_ids_and_name_the_same_zone(string id, string canonical)
    {
        Assert.True(Zones.IsKnown(id));
        Assert.True(Zones.Same(id, canonical));
        Assert.Equal(canonical, Zones.Canonical(id));
    }

    [Fact]
    public void The_database_is_the_bundled_one_and_says_its_release() => Assert.Matches("^20[2-9][0-9][a-z]$", Zones.DatabaseVersion);
}
