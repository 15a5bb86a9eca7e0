using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Data.Organizations;
using Xentree.Data.Xp;
using Xentree.Domain;
using Xentree.Domain.Organizations;

namespace Xentree.Tests.Xp;

/// <summary>The ranking of a week over HTTP.</summary>
public sealed class LeaderboardApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_week_of_the_caller_is_everybodys_and_equals_share_a_place()
    {
        using var ana = await api.SignInAsync(timezone: "Pacific/Kiritimati");
        using var ben = await api.SignInAsync(timezone: "Pacific/Pago_Pago");
        using var cleo = await api.SignInAsync();
        using var dan = await api.SignInAsync();
        using var eve = await api.SignInAsync();
        var organization = await OrganizationAsync(ana, ben, cleo, dan, eve);
        var sunday = Date((await ana.GetAsync("/api/xp/weekly-activity")).ShouldBe(200)["week_start"]);
        // The whole of the seven dates counts, in whatever zone each was lived, and nothing around them.
        await GiveAsync(ana, (sunday.PlusDays(-1), 1_000), (sunday, 30));
        await GiveAsync(ben, (sunday.PlusDays(6), 40), (sunday.PlusDays(7), 1_000));
        await GiveAsync(cleo, (sunday.PlusDays(1), 25), (sunday.PlusDays(2), 15));
        await GiveAsync(dan, (sunday.PlusDays(3), 5));

        var board = (await ana.GetAsync(PathOf(organization))).ShouldBe(200);

        Assert.Equal((organization, sunday, sunday.PlusDays(6), 5), (board["organization_id"].GetGuid(), Date(board["week_start"]), Date(board["week_end"]), board["participant_count"].GetInt32()));
        // Equals by name; who has nothing stands last.
        var equals = new[] { ben.Username, cleo.Username }.Order(StringComparer.Ordinal).ToArray();
        Assert.Equal([(1, equals[0], 40), (1, equals[1], 40), (3, ana.Username, 30), (4, dan.Username, 5), (5, eve.Username, 0)], Places(board));
        Assert.Equal((3, ana.Username, 30), Place(board["me"]));
    }

    [Fact]
    public async Task Below_the_places_that_are_listed_I_see_my_own()
    {
        using var ana = await api.SignInAsync();
        using var ben = await api.SignInAsync();
        using var cleo = await api.SignInAsync();
        var organization = await OrganizationAsync(ana, ben, cleo);
        var sunday = Date((await ana.GetAsync("/api/xp/weekly-activity"))["week_start"]);
        await GiveAsync(ben, (sunday, 20));
        await GiveAsync(cleo, (sunday, 30));

        var board = (await ana.GetAsync(PathOf(organization) + "&limit=1")).ShouldBe(200);

        Assert.Equal([(1, cleo.Username, 30)], Places(board));
        Assert.Equal((3, ana.Username, 0), Place(board["me"]));
        (await ana.GetAsync(PathOf(organization), ("If-None-Match", (await ana.GetAsync(PathOf(organization))).Headers["ETag"]))).ShouldBe(304);
        (await ana.GetAsync(PathOf(organization) + "&limit=0")).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Sandbox_users_and_private_profiles_take_no_part_but_see_it()
    {
        using var ana = await api.SignInAsync();
        using var hidden = await api.SignInAsync();
        using var traveller = await api.SignInAsync(now: InstantPattern.General.Format(api.Clock.Now));
        var organization = await OrganizationAsync(ana, hidden, traveller);
        (await hidden.PatchAsync("/api/auth/me", new { profile_visibility = "private" })).ShouldBe(200);
        var sunday = Date((await ana.GetAsync("/api/xp/weekly-activity"))["week_start"]);
        await GiveAsync(ana, (sunday, 10));
        await GiveAsync(hidden, (sunday, 500));
        await GiveAsync(traveller, (sunday, 900));

        foreach (var client in (ApiClient[])[ana, hidden, traveller])
        {
            var board = (await client.GetAsync(PathOf(organization))).ShouldBe(200);
            Assert.Equal(1, board["participant_count"].GetInt32());
            Assert.Equal([(1, ana.Username, 10)], Places(board));
        }

        var me = (await hidden.GetAsync(PathOf(organization)))["me"];
        Assert.Equal((JsonValueKind.Null, 500), (me.GetProperty("rank").ValueKind, me.GetProperty("xp").GetInt32()));
        Assert.Equal(JsonValueKind.Null, (await traveller.GetAsync(PathOf(organization)))["me"].GetProperty("rank").ValueKind);
    }

    [Fact]
    public async Task To_who_is_no_member_an_organization_does_not_exist()
    {
        using var ana = await api.SignInAsync();
        using var stranger = await api.SignInAsync();
        var organization = await OrganizationAsync(ana);
        var keys = await ana.CreateOrganizationAsync();
        using var key = await ana.CreateKeyAsync(keys, "conversations:read");
        using var without = await ana.CreateKeyAsync(keys, "conversations:write");

        (await stranger.GetAsync(PathOf(organization))).ShouldFail(404, "not_found");
        (await ana.GetAsync(PathOf(api.Clock.NewId()))).ShouldFail(404, "not_found");
        // A key sees its own organization only, though its maker is a member of both.
        (await key.GetAsync(PathOf(organization))).ShouldFail(404, "not_found");
        (await key.GetAsync(PathOf(keys))).ShouldBe(200);
        (await without.GetAsync(PathOf(keys))).ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE");
        (await ana.GetAsync("/api/xp/leaderboard")).ShouldFail(400, "validation_failed");
        (await ana.GetAsync("/api/xp/leaderboard?organization_id=mine")).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task A_week_is_closed_once_it_is_over_for_everybody_who_takes_part()
    {
        using var ana = await api.SignInAsync(timezone: "Pacific/Kiritimati");
        using var ben = await api.SignInAsync(timezone: "Pacific/Pago_Pago");
        using var gone = await api.SignInAsync();
        var organization = await OrganizationAsync(ana, ben, gone);
        var sunday = Date((await ben.GetAsync("/api/xp/weekly-activity")).ShouldBe(200)["week_start"]);
        await GiveAsync(ana, (sunday, 30));
        await GiveAsync(ben, (sunday.PlusDays(6), 30));
        await GiveAsync(gone, (sunday.PlusDays(3), 10));
        var over = sunday.PlusDays(7).AtStartOfDayInZone(DateTimeZoneProviders.Tzdb["Pacific/Pago_Pago"]).ToInstant();

        await CloseAsync(over - Duration.FromTicks(1));
        Assert.Empty(await StandingsAsync(organization));
        // Twice, and on two workers at once.
        await Task.WhenAll(CloseAsync(over), CloseAsync(over));
        await CloseAsync(over + Duration.FromMinutes(15));

        Assert.Equal([(1, 30), (1, 30), (3, 10)], await StandingsAsync(organization));
        // What comes late counts, but moves nobody; who leaves stands there still, and who hides does not.
        await GiveAsync(ana, (sunday.PlusDays(1), 500));
        (await ben.PatchAsync("/api/auth/me", new { profile_visibility = "private" })).ShouldBe(200);
        await LeaveAsync(organization, gone);
        var board = (await ana.GetAsync(PathOf(organization) + $"&week_start={LocalDatePattern.Iso.Format(sunday)}")).ShouldBe(200);
        Assert.True(board["is_closed"].GetBoolean());
        Assert.Equal([(1, ana.Username, 30), (3, gone.Username, 10)], Places(board));
        Assert.Equal((1, ana.Username, 30), Place(board["me"]));
        (await gone.GetAsync(PathOf(organization) + $"&week_start={LocalDatePattern.Iso.Format(sunday)}")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_week_that_is_not_closed_yet_is_ranked_as_it_stands()
    {
        using var ana = await api.SignInAsync();
        var organization = await OrganizationAsync(ana);
        var last = Date((await ana.GetAsync("/api/xp/weekly-activity"))["week_start"]).PlusWeeks(-1);
        await GiveAsync(ana, (last, 20));
        await using (var context = await ContextAsync())
        {
            await context.Organizations.Where(o => o.Id == organization).ExecuteUpdateAsync(set => set.SetProperty(o => o.LeaderboardClosed, last.PlusWeeks(-1)), TestContext.Current.CancellationToken);
        }

        var board = (await ana.GetAsync(PathOf(organization) + $"&week_start={LocalDatePattern.Iso.Format(last)}")).ShouldBe(200);

        Assert.False(board["is_closed"].GetBoolean());
        Assert.Equal([(1, ana.Username, 20)], Places(board));
    }

    [Theory]
    [InlineData("2026-03-09")]
    [InlineData("2199-12-29")]
    [InlineData("last")]
    public async Task A_week_that_does_not_begin_on_a_Sunday_or_has_not_come_is_refused(string week)
    {
        using var ana = await api.SignInAsync();

        (await ana.GetAsync(PathOf(await OrganizationAsync(ana)) + $"&week_start={week}")).ShouldFail(400, "invalid_date_range");
    }

    private async Task CloseAsync(Instant now)
    {
        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<LeaderboardClosing>().CloseAsync(now, TestContext.Current.CancellationToken);
    }

    private async Task<IEnumerable<(int Rank, int Xp)>> StandingsAsync(Guid organization)
    {
        await using var context = await ContextAsync();
        var rows = await context.LeaderboardStandings.Where(s => s.OrganizationId == organization).OrderBy(s => s.Rank).ToListAsync(TestContext.Current.CancellationToken);
        return rows.Select(s => ((int)s.Rank, (int)s.Xp));
    }

    private async Task LeaveAsync(Guid organization, ApiClient member)
    {
        await using var context = await ContextAsync();
        await context.Members.Where(m => m.OrganizationId == organization && m.UserId == member.UserId).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
    }

    private static string PathOf(Guid organization) => $"/api/xp/leaderboard?organization_id={organization}";

    private static LocalDate Date(JsonElement date) => LocalDatePattern.Iso.Parse(date.GetString()!).Value;

    private static IEnumerable<(int Rank, string Username, int Xp)> Places(Answer board) => board["entries"].EnumerateArray().Select(Place);

    private static (int Rank, string Username, int Xp) Place(JsonElement entry) =>
        (entry.GetProperty("rank").GetInt32(), entry.GetProperty("username").GetString()!, entry.GetProperty("xp").GetInt32());

    private async Task<XentreeDbContext> ContextAsync() =>
        await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    private async Task<Guid> OrganizationAsync(params ApiClient[] members)
    {
        await using var context = await ContextAsync();
        var (time, now) = (api.Clock, api.Clock.Now);
        var organization = new Organization { Id = time.NewId(), Name = "Test", Slug = ApiServer.UniqueName("org-"), CreatedAt = now, UpdatedAt = now, LeaderboardClosed = LeaderboardClosing.ClosedAtFirst(now) };
        context.Add(organization);
        context.AddRange(members.Select(user => new Member { Id = time.NewId(), OrganizationId = organization.Id, UserId = user.UserId, Role = OrganizationRole.Member, JoinedAt = now }));
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return organization.Id;
    }

    private async Task GiveAsync(ApiClient user, params (LocalDate Date, long Xp)[] days)
    {
        await using var context = await ContextAsync();
        context.AddRange(days.Select(day => new DayRow { UserId = user.UserId, Date = day.Date, Xp = day.Xp }));
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
