using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace Xentree.Tests.Http;

/// <summary>What happens to a running API when one of its servers stops, and when it comes back.</summary>
public sealed class OutageTests(EmbeddedServers servers)
{
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Without_Redis_requests_go_on_and_health_says_so()
    {
        await using var api = await StartAsync(redis: true);
        using var user = await api.SignInAsync();
        using var ended = await api.SignInAsync();
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
        (await ended.GetAsync("/api/auth/me")).ShouldBe(200);

        await api.Redis!.StopAsync(TestContext.Current.CancellationToken);

        var (answer, took) = await TimedAsync(() => user.GetAsync("/api/auth/me"));
        Assert.True(answer.ShouldBe(200).Headers.ContainsKey("RateLimit"));
        Assert.True(took < Quickly, $"took {took}");
        (await user.PatchAsync("/api/auth/me", new { full_name = "Ana" })).ShouldBe(200);
        await api.Anonymous().LogInAsync(user.Username);
        Assert.Equal("Degraded", await StatusAsync(api, "rate-limits"));
        Assert.Equal("Degraded", (await user.GetAsync("/health")).ShouldBe(200)["status"].GetString());
        (await ended.PostAsync("/api/auth/logout")).ShouldBe(204);
        (await ended.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");

        await api.Redis.StartAsync(TestContext.Current.CancellationToken);

        await EventuallyAsync(async () =>
        {
            await user.GetAsync("/api/auth/me");
            return await StatusAsync(api, "rate-limits") == "Healthy";
        });
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
        (await ended.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task Without_Redis_each_replica_still_limits()
    {
        await using var api = await StartAsync(redis: true, settings: new() { ["RateLimits:Anonymous"] = "20" });
        using var client = api.Anonymous();
        await api.Redis!.StopAsync(TestContext.Current.CancellationToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.GetAsync("/alive")));

        Assert.Equal(20, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.ShouldFail(429, "rate_limited"));
    }

    [Fact]
    public async Task What_was_ended_while_Redis_was_away_stays_ended_although_Redis_remembers()
    {
        await using var api = await StartAsync(redis: true);
        using var user = await api.SignInAsync();
        using var bystander = await api.SignInAsync();
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
        // A Redis that keeps its data on disk comes back with what it knew.
        var (key, remembered) = await RememberedAsync(api, user);
        await api.Redis!.StopAsync(TestContext.Current.CancellationToken);
        (await user.PostAsync("/api/auth/logout")).ShouldBe(204);
        await api.Redis.StartAsync(TestContext.Current.CancellationToken);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(api.Redis.ConnectionString);
        await redis.GetDatabase().StringSetAsync(key, remembered, TimeSpan.FromSeconds(50));

        await EventuallyAsync(async () =>
        {
            (await user.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
            await bystander.GetAsync("/api/auth/me");
            return await StatusAsync(api, "rate-limits") == "Healthy";
        });
        (await user.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task Without_PostgreSQL_the_answer_is_a_quick_503_and_it_recovers()
    {
        await using var api = await StartAsync(redis: true, postgres: true);
        using var user = await api.SignInAsync();
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);

        await api.Postgres!.StopAsync(TestContext.Current.CancellationToken);

        foreach (var request in (Func<Task<Answer>>[])
        [
            () => user.GetAsync("/api/auth/me"),
            () => user.LogInAnswerAsync(user.Username, ApiClient.Password),
            () => user.PostAsync("/api/auth/register", new { username = "someone", email = "a@example.org", password = ApiClient.Password }, ("Idempotency-Key", "k")),
        ])
        {
            var (answer, took) = await TimedAsync(request);
            answer.ShouldFail(503, "dependency_unavailable");
            Assert.True(answer.Headers.ContainsKey("Retry-After"));
            Assert.True(answer.Headers.ContainsKey("RateLimit"));
            Assert.True(took < Quickly, $"took {took}");
            Assert.DoesNotContain("Npgsql", answer.Text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await user.GetAsync("/health")).Status);
        (await user.GetAsync("/alive")).ShouldBe(200);

        await api.Postgres.StartAsync(TestContext.Current.CancellationToken);

        await EventuallyAsync(async () => (await user.GetAsync("/api/auth/me")).Status == HttpStatusCode.OK);
        await EventuallyAsync(async () => (await user.GetAsync("/health")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_API_that_starts_without_its_servers_works_once_they_are_there()
    {
        await using var api = await StartAsync(redis: true, postgres: true);
        using var user = await api.SignInAsync();
        await api.Redis!.StopAsync(TestContext.Current.CancellationToken);
        await api.Postgres!.StopAsync(TestContext.Current.CancellationToken);

        using var late = user.On(await api.StartReplicaAsync());
        (await late.GetAsync("/api/auth/me")).ShouldFail(503, "dependency_unavailable");
        Assert.True((await late.GetAsync("/api/auth/me")).Headers.ContainsKey("RateLimit"));
        await api.Postgres.StartAsync(TestContext.Current.CancellationToken);
        await api.Redis.StartAsync(TestContext.Current.CancellationToken);

        await EventuallyAsync(async () => (await late.GetAsync("/api/auth/me")).Status == HttpStatusCode.OK);
        await EventuallyAsync(async () =>
        {
            await late.GetAsync("/api/auth/me");
            return await StatusAsync(api, "rate-limits", late) == "Healthy";
        });
    }

    private static async Task<(RedisKey Key, RedisValue Value)> RememberedAsync(OutageApi api, ApiClient user)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(api.Redis!.ConnectionString + ",allowAdmin=true");
        var session = (await user.GetAsync("/api/auth/sessions")).Json[0].GetProperty("id").GetGuid();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: $"caller:*{session:N}*"))
        {
            var value = await redis.GetDatabase().StringGetAsync(key);
            if (!value.IsNull) return (key, value);
        }

        throw new InvalidOperationException("The session is not remembered.");
    }

    private static async Task<(Answer Answer, TimeSpan Took)> TimedAsync(Func<Task<Answer>> request)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await request();
        return (answer, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<string?> StatusAsync(ApiServer api, string check, ApiClient? client = null)
    {
        var health = await (client ?? api.Anonymous()).GetAsync("/health");
        return health["checks"].EnumerateArray().Single(c => c.GetProperty("name").GetString() == check).GetProperty("status").GetString();
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(100, patience.Token);
    }

    private async Task<OutageApi> StartAsync(bool redis = false, bool postgres = false, Dictionary<string, string?>? settings = null)
    {
        var api = new OutageApi(servers, settings ?? []);
        if (redis) api.Redis = await servers.StartRedisAsync(TestContext.Current.CancellationToken);
        if (postgres) api.Postgres = await servers.StartPostgresAsync(TestContext.Current.CancellationToken);
        await api.InitializeAsync();
        return api;
    }

    /// <summary>An API whose servers are its own.</summary>
    private sealed class OutageApi(EmbeddedServers servers, Dictionary<string, string?> settings) : ApiServer(servers)
    {
        public LocalServer? Redis { get; set; }

        public LocalServer? Postgres { get; set; }

        protected override Dictionary<string, string?> Settings
        {
            get
            {
                if (Redis is not null) settings["ConnectionStrings:cache"] = Redis.ConnectionString;
                if (Postgres is not null) settings["ConnectionStrings:xentree"] = Postgres.ConnectionString + ";Database=outage";
                return settings;
            }
        }

        public override async ValueTask InitializeAsync()
        {
            if (Postgres is not null) await MigrateAsync(Postgres.ConnectionString + ";Database=outage;Pooling=false");
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (Redis is not null) await Redis.DisposeAsync();
            if (Postgres is not null) await Postgres.DisposeAsync();
        }
    }
}
