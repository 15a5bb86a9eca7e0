using Npgsql;

namespace Xentree.Tests.Days;

/// <summary>Outages bridge days for everybody, so these have a database of their own.</summary>
public sealed class OutageApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task D11_an_outage_of_the_past_mends_what_it_broke()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnOnAsync(1, 2, 3, 5, 6, 7, 8, 9, 10, 11);
        pupil.At("2026-03-12T12:00");
        await pupil.HoldsAsync(current: 7, savers: 1);

        await DeclareAsync("2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z");

        await pupil.HoldsAsync(current: 10, savers: 1);
        Assert.Equal(10, (await pupil.StreakAsync()).Longest);
        Assert.Equal("bridged", await pupil.ReasonsAsync("2026-03-04"));
        var movement = (await pupil.User.GetAsync("/api/xp/streak-status?explain=true"))["explanation"].GetProperty("savers").EnumerateArray().Single();
        Assert.Equal(("granted", "2026-03-08"), (movement.GetProperty("kind").GetString(), movement.GetProperty("date").GetString()));

        // The next write folds from registration, since the checkpoint was made without the outage, and keeps what it finds.
        await pupil.LearnOnAsync(12);
        await pupil.HoldsAsync(current: 11, savers: 1);
    }

    private async Task DeclareAsync(string from, string to)
    {
        await using var connection = new NpgsqlConnection(api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "insert into outages (id, starts_at, ends_at, reason, declared_at) values ($1, $2::timestamptz, $3::timestamptz, 'test', now())", connection)
        { Parameters = { new() { Value = Guid.CreateVersion7(api.Clock.GetUtcNow()) }, new() { Value = from }, new() { Value = to } } };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
