using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Accounts;

namespace Xentree.Api.Http.TimeTravel;

/// <summary>
/// <c>X-Xentree-Now</c>: a sandbox user's clock goes to the instant that the header names and stands still until the next; it only goes
/// forward. The answer's header says which instant was used. From anybody else the header is refused.
/// </summary>
internal sealed class TimeTravelMiddleware(RequestDelegate next, IOptions<SandboxOptions> options, IHostEnvironment environment, IDbContextFactory<XentreeDbContext> contexts)
{
    public const string Header = "X-Xentree-Now";

    private static readonly Instant Earliest = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2101, 1, 1, 0, 0);

    public async Task InvokeAsync(HttpContext context, BusinessClock clock)
    {
        var caller = Caller.Of(context);
        var header = context.Request.Headers[Header];
        if (header.Count == 0 && caller is not { IsSandbox: true })
        {
            await next(context);
            return;
        }

        var registers = caller is null && context.GetEndpoint()?.Metadata.GetMetadata<OpensSandbox>() is not null;
        if (header.Count > 0 && !(options.Value.IsEnabledIn(environment) && (registers || caller is { IsSandbox: true })))
        {
            await Failures.TimeTravelDisabled.ExecuteAsync(context);
            return;
        }

        Instant? asked = null;
        if (header.Count > 0)
        {
            if (header is not [var text] || !InstantConverter.TryParse(text, out var instant) || instant < Earliest || instant >= Latest)
            {
                await Failures.Validation(Header, "must be an instant of the years 2000 to 2100, such as 2026-03-01T12:00:00.000Z").ExecuteAsync(context);
                return;
            }

            asked = Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
        }

        var now = caller is null ? asked!.Value : await AdvanceAsync(caller.UserId, asked, context.RequestAborted);
        if (now is { } standsAt)
        {
            clock.StandAt(standsAt);
            context.Response.Headers[Header] = InstantConverter.Format(standsAt);
        }

        await next(context);
    }

    private async Task<Instant?> AdvanceAsync(Guid userId, Instant? asked, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return asked is { } instant
            ? await context.AdvanceSandboxClockAsync(userId, instant, cancellation)
            : await context.Users.Where(u => u.Id == userId).Select(u => u.SandboxNow).SingleOrDefaultAsync(cancellation);
    }
}

/// <summary>Marks the operation whose <c>X-Xentree-Now</c> makes a sandbox user.</summary>
internal sealed class OpensSandbox;
