using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Xentree.Api.Auth;

/// <summary>Tells ASP.NET Core what <see cref="Admission"/> found out.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Xentree";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Caller.Of(Context) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.UserId.ToString())], Scheme)), Scheme))
            : AuthenticateResult.NoResult());
}
