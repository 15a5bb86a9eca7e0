using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Worker;

namespace Xentree.Tests.Maintenance;

/// <summary>Hangfire's dashboard in Production, where it can be reached by others than the machine's own developer.</summary>
public sealed class JobsDashboardTests(ApiServer api, EmbeddedServers servers) : IClassFixture<ApiServer>, IAsyncLifetime
{
    private WebApplication _worker = null!;
    private Uri _address = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_sees_the_jobs_without_logging_in()
    {
        using var browser = Browser();

        using var answer = await browser.GetAsync(new Uri("/hangfire", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/login", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        using var trigger = await browser.PostAsync(new Uri("/hangfire/recurring/trigger", UriKind.Relative), new FormUrlEncodedContent([new("jobs[]", "delete-expired")]), Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, trigger.StatusCode);
    }

    [Fact]
    public async Task An_administrator_logs_in_and_sees_them()
    {
        using var admin = await api.SignInAdminAsync();
        using var browser = Browser();

        Assert.Equal(HttpStatusCode.Redirect, await LogInAsync(browser, admin.Username, ApiClient.Password));

        var page = await browser.GetStringAsync(new Uri("/hangfire/recurring", UriKind.Relative), Cancelled);
        Assert.Contains("roll-over-streaks", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_account_that_is_no_administrators_are_refused_alike()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync();
        using var browser = Browser();

        Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(browser, admin.Username, "three brown wolves"));
        Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(browser, user.Username, ApiClient.Password));
        Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(browser, ApiServer.UniqueName(), ApiClient.Password));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser));
    }

    [Fact]
    public async Task Who_is_no_administrator_any_more_is_out_at_the_next_request()
    {
        using var admin = await api.SignInAdminAsync();
        using var browser = Browser();
        await LogInAsync(browser, admin.Username, ApiClient.Password);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser));

        await using (var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(Cancelled))
        {
            await context.Users.Where(u => u.Id == admin.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.User), Cancelled);
        }

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser));
    }

    [Fact]
    public async Task A_changed_password_ends_what_was_opened_with_the_old_one()
    {
        using var admin = await api.SignInAdminAsync();
        using var browser = Browser();
        await LogInAsync(browser, admin.Username, ApiClient.Password);

        (await admin.PatchAsync("/api/auth/me", new { password = "four grey wolves", current_password = ApiClient.Password })).ShouldBe(200);

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser));
    }

    [Fact]
    public async Task The_form_of_another_site_logs_nobody_in()
    {
        using var admin = await api.SignInAdminAsync();
        using var browser = Browser();

        using var answer = await browser.PostAsync(new Uri("/login", UriKind.Relative), new FormUrlEncodedContent([new("username", admin.Username), new("password", ApiClient.Password)]), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Passwords_cannot_be_tried_without_end()
    {
        using var browser = Browser();
        var statuses = new List<HttpStatusCode>();

        for (var i = 0; i < 11; i++) statuses.Add(await LogInAsync(browser, ApiServer.UniqueName(), "three brown wolves"));

        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    public async ValueTask InitializeAsync()
    {
        _worker = WorkerHost.Build(
            [
                "--environment=Production",
                "--urls=http://127.0.0.1:0",
                $"--ConnectionStrings:xentree={api.Database}",
                $"--ConnectionStrings:blobs={await servers.BlobsConnectionStringAsync()}",
                $"--Encryption:Key={ApiServer.EncryptionKey}",
            ],
            configure: builder => builder.Logging.ClearProviders());
        await _worker.StartAsync(Cancelled);
        _address = new Uri(_worker.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(Cancelled);
        await _worker.DisposeAsync();
    }

    private HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _address };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser)
    {
        using var answer = await browser.GetAsync(new Uri("/hangfire/recurring", UriKind.Relative), Cancelled);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> LogInAsync(HttpClient browser, string username, string password)
    {
        var page = await browser.GetStringAsync(new Uri("/login", UriKind.Relative), Cancelled);
        const string Before = "name=\"__RequestVerificationToken\" value=\"";
        var start = page.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var token = WebUtility.HtmlDecode(page[start..page.IndexOf('"', start)]);
        using var answer = await browser.PostAsync(
            new Uri("/login", UriKind.Relative),
            new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("username", username), new("password", password)]),
            Cancelled);
        return answer.StatusCode;
    }
}
