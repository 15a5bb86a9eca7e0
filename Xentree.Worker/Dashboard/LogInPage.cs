using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Xentree.Data;
using Xentree.Data.Accounts;

namespace Xentree.Worker.Dashboard;

/// <summary>The form in front of the dashboard.</summary>
internal static class LogInPage
{
    public static IResult Show(HttpContext http, IAntiforgery antiforgery) => Page(http, antiforgery, problem: null, StatusCodes.Status200OK);

    public static async Task<IResult> LogInAsync(
        [FromForm] string? username,
        [FromForm] string? password,
        HttpContext http,
        IAntiforgery antiforgery,
        XentreeDbContext context,
        IPasswordHasher<User> passwords,
        CancellationToken cancellation) =>
        username is { Length: > 0 and <= 1_000 } && password is { Length: > 0 and <= 1_000 }
            && !username.Contains('\0', StringComparison.Ordinal)
            && await JobsDashboard.SignInAsync(http, username, password, context, passwords, cancellation)
            ? Results.LocalRedirect(JobsDashboard.Path)
            : Page(http, antiforgery, "This is not the name and the password of an administrator.", StatusCodes.Status401Unauthorized);

    private static IResult Page(HttpContext http, IAntiforgery antiforgery, string? problem, int status)
    {
        var token = antiforgery.GetAndStoreTokens(http);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text(
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Xentree jobs: log in</title>
              <style>
                :root { color-scheme: light dark }
                body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 12vh auto; padding: 0 1rem }
                label { display: block; margin-top: 1rem }
                input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin-top: .25rem }
                button { margin-top: 1.5rem }
              </style>
            </head>
            <body>
              <h1>Xentree jobs</h1>
              <p>For administrators of this installation.</p>
              {{(problem is null ? "" : $"<p role=\"alert\">{problem}</p>")}}
              <form method="post" action="{{JobsDashboard.LogInPath}}">
                <input type="hidden" name="{{token.FormFieldName}}" value="{{HtmlEncoder.Default.Encode(token.RequestToken!)}}">
                <label>Username or e-mail<input name="username" autocomplete="username" required autofocus></label>
                <label>Password<input name="password" type="password" autocomplete="current-password" required></label>
                <button>Log in</button>
              </form>
            </body>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status);
    }
}
