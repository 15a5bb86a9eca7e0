using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using StackExchange.Redis;
using Xentree.ServiceDefaults;

namespace Xentree.Tests.AppHost;

/// <summary>The map of the system, started for real.</summary>
public sealed class RunningSystemTests(RunningSystem system)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ResourceNames.Api)]
    [InlineData(ResourceNames.Worker)]
    public async Task A_host_says_how_each_of_its_dependencies_is(string host)
    {
        using var client = await system.ClientAsync(host);

        using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("Healthy", health.RootElement.GetProperty("status").GetString());
        Assert.All(health.RootElement.GetProperty("checks").EnumerateArray(), check => Assert.Equal("Healthy", check.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Every_server_runs_and_the_migrations_have_ended_well()
    {
        var notifications = (await system.ApplicationAsync()).ResourceNotifications;

        foreach (var server in (string[])[ResourceNames.Postgres, ResourceNames.Cache, ResourceNames.Blobs])
        {
            await notifications.WaitForResourceHealthyAsync(server, Cancelled);
        }

        var migrations = await notifications.WaitForResourceAsync(ResourceNames.Migrations, KnownResourceStates.TerminalStates, Cancelled);
        Assert.Equal(KnownResourceStates.Finished, migrations);
    }

    [Fact]
    public async Task The_language_server_becomes_healthy_and_is_started_again_when_it_was_killed()
    {
        var application = await system.ApplicationAsync();
        var healthy = await application.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Language, Cancelled);
        var server = await File.ReadAllTextAsync(Path.Combine(system.Data, ResourceNames.Language, "server.pid"), Cancelled);

        using (var kill = Process.Start("kill", ["-s", "KILL", server.Trim()])) await kill.WaitForExitAsync(Cancelled);

        await application.ResourceNotifications.WaitForResourceAsync(
            ResourceNames.Language,
            change => change.Snapshot.StartTimeStamp > healthy.Snapshot.StartTimeStamp && change.Snapshot.HealthStatus == HealthStatus.Healthy,
            Cancelled);
        using var client = new HttpClient();
        var address = await application.GetConnectionStringAsync(ResourceNames.Language, Cancelled);
        Assert.Contains("WordNet 3.1", await client.GetStringAsync(new Uri($"{address}/define?word=dog"), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_asks_the_language_server()
    {
        await (await system.ApplicationAsync()).ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Language, Cancelled);
        using var user = new ApiClient((await system.ApplicationAsync()).GetEndpoint(ResourceNames.Api, "http"));
        await user.RegisterAndLogInAsync(ApiServer.UniqueName());

        var answer = (await user.PostAsync("/api/core/chat", new { message = "define reluctant" })).ShouldBe(200);

        Assert.Contains("a reluctant smile", answer["content"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_day_works() =>
        Assert.EndsWith("The first day works.", await RunSampleAsync("bash", "first-day.sh"), StringComparison.Ordinal);

    [Fact]
    public async Task A_chat_is_streamed_and_found_again()
    {
        var said = await RunSampleAsync("bash", "chat.sh");

        Assert.Contains("(local, model rules-1)", said, StringComparison.Ordinal);
        Assert.Contains("*apples*", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_uploaded_understood_and_found()
    {
        var said = await RunSampleAsync("bash", "knowledge.sh");

        Assert.Contains("page 2: Open the windows wide", said, StringComparison.Ordinal);
        Assert.Contains("quoted word for word: “Open the windows wide", said, StringComparison.Ordinal);
        Assert.EndsWith("The knowledge base works.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_conversation_is_held_is_charged_exactly_and_leaves_its_transcript()
    {
        var said = await RunSampleAsync("node", "live.mjs");

        Assert.Contains("doesn't", said, StringComparison.Ordinal);
        Assert.Contains("Search finds it. The transcript has 6 turns", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_links_to_the_API_reference_and_to_the_background_jobs()
    {
        var notifications = (await system.ApplicationAsync()).ResourceNotifications;

        var api = await notifications.WaitForResourceAsync(ResourceNames.Api, HasUrl("/docs/api"), Cancelled);
        var worker = await notifications.WaitForResourceAsync(ResourceNames.Worker, HasUrl("/hangfire"), Cancelled);

        Assert.NotNull(api);
        Assert.NotNull(worker);

        static Func<ResourceEvent, bool> HasUrl(string path) =>
            change => change.Snapshot.Urls.Any(url => url.Url.EndsWith(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_was_stopped_is_missed_by_name_and_found_again_without_a_restart()
    {
        var application = await system.ApplicationAsync();
        var commands = application.Services.GetRequiredService<ResourceCommandService>();
        using var client = await system.ClientAsync();

        Assert.True((await commands.ExecuteCommandAsync(ResourceNames.Blobs, KnownResourceCommands.StopCommand, Cancelled)).Success);
        try
        {
            await application.ResourceNotifications.WaitForResourceAsync(ResourceNames.Blobs, KnownResourceStates.TerminalStates, Cancelled);
            // Only pictures need blobs, so the API says so and serves on.
            using var missing = JsonDocument.Parse(await client.GetStringAsync(HttpStatusCode.OK));
            var check = missing.RootElement.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("status").GetString() == "Degraded");
            Assert.Equal(ResourceNames.Blobs, check.GetProperty("name").GetString());
        }
        finally
        {
            Assert.True((await commands.ExecuteCommandAsync(ResourceNames.Blobs, KnownResourceCommands.StartCommand, Cancelled)).Success);
        }

        await application.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Blobs, Cancelled);
        using var found = JsonDocument.Parse(await client.GetStringAsync(HttpStatusCode.OK));
        Assert.Equal("Healthy", found.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_reset_leaves_nothing_of_what_was_there()
    {
        var application = await system.ApplicationAsync();
        await using var database = NpgsqlDataSource.Create((await application.GetConnectionStringAsync(ResourceNames.Database, Cancelled))! + ";Pooling=false");
        await using var redis = await ConnectionMultiplexer.ConnectAsync((await application.GetConnectionStringAsync(ResourceNames.Cache, Cancelled))!);
        var blobs = new BlobServiceClient(await application.GetConnectionStringAsync(ResourceNames.Blobs, Cancelled)).GetBlobContainerClient("left");
        await database.CreateCommand("CREATE TABLE left_behind (n int)").ExecuteNonQueryAsync(Cancelled);
        await redis.GetDatabase().StringSetAsync("left", "behind");
        await blobs.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await blobs.UploadBlobAsync("behind", BinaryData.FromString("x"), Cancelled);

        var result = await application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(await ReplicaAsync(application), "reset-development-data", Cancelled);

        Assert.True(result.Success, result.Message);
        Assert.True(await database.CreateCommand("SELECT to_regclass('left_behind') IS NULL").ExecuteScalarAsync(Cancelled) is true);
        Assert.False(await redis.GetDatabase().KeyExistsAsync("left"));
        Assert.False((await blobs.GetBlobClient("behind").ExistsAsync(Cancelled)).Value);
        using var client = await system.ClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Seeding_runs_the_workers_verb_and_shows_what_it_said()
    {
        var application = await system.ApplicationAsync();

        var result = await application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(await ReplicaAsync(application), "seed-demo-learner", Cancelled);

        Assert.True(result.Success, result.Message);
        Assert.NotEqual("", result.Data?.Value);
    }

    /// <summary>Runs one of the repository's samples against the started system; what it printed.</summary>
    private async Task<string> RunSampleAsync(string program, string name)
    {
        var start = new ProcessStartInfo(program, [Path.Combine(Repository.Root, "samples", name)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["XENTREE_API"] = (await system.ApplicationAsync()).GetEndpoint(ResourceNames.Api, "http").ToString().TrimEnd('/') },
        };
        using var sample = Process.Start(start)!;
        var said = await Task.WhenAll(sample.StandardOutput.ReadToEndAsync(Cancelled), sample.StandardError.ReadToEndAsync(Cancelled));
        await sample.WaitForExitAsync(Cancelled);

        Assert.True(sample.ExitCode == 0, string.Concat(said));
        return said[0].TrimEnd();
    }

    // A command is given to one replica, as on the dashboard.
    private static async Task<string> ReplicaAsync(DistributedApplication application) =>
        (await application.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Api, Cancelled)).ResourceId;
}

file static class HealthRequests
{
    /// <summary>Asks for the health and expects a status.</summary>
    public static async Task<string> GetStringAsync(this HttpClient client, HttpStatusCode expected)
    {
        using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
