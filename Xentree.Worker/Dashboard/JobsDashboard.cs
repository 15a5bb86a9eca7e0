using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Hangfire;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Xentree.Data;
using Xentree.Data.Accounts;

namespace Xentree.Worker.Dashboard;

/// <summary>
/// Hangfire's dashboard, which can trigger and delete jobs: for administrators, who log in here with their account's password. In
/// Development it is open to the machine itself, because there it is opened from the Aspire dashboard before anybody has an account.
/// </summary>
internal static class JobsDashboard
{
    public const string Path = "/hangfire";
    public const string LogInPath = "/login";

    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    private const string Policy = "administrator";
    private const string PasswordStamp = "password";
    private const int TriesPerMinute = 10;

    private static readonly TimeSpan SignedInFor = TimeSpan.FromHours(1);
    private static readonly DashboardOptions Options = new() { DashboardTitle = "Xentree jobs", DisplayStorageConnectionString = false };

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddAuthentication(Scheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "xentree-jobs";
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.LoginPath = LogInPath;
            cookie.ExpireTimeSpan = SignedInFor;
            cookie.Events.OnValidatePrincipal = StillAdministratorAsync;
        });
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser());
        services.AddAntiforgery();
        services.AddSingleton<IDataProtectionProvider, KeyEncryptionProtector>();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(LogInPath, http => RateLimitPartition.GetFixedWindowLimiter(
                http.Connection.RemoteIpAddress, _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    public static void Map(WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapHangfireDashboard(Path, Options);
            return;
        }

        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHangfireDashboardWithAuthorizationPolicy(Policy, Path, Options);
        app.MapGet(LogInPath, LogInPage.Show);
        app.MapPost(LogInPath, LogInPage.LogInAsync).RequireRateLimiting(LogInPath);
    }

    /// <summary>Signs an administrator in; false where the password is wrong or the account is nobody's who may see the jobs.</summary>
    public static async Task<bool> SignInAsync(HttpContext http, string username, string password, XentreeDbContext context, IPasswordHasher<User> passwords, CancellationToken cancellation)
    {
        var user = await context.FindUserByLoginAsync(username, cancellation);
        if (user is null)
        {
            // A name that nobody has costs the same time as a wrong password.
            passwords.HashPassword(null!, password);
            return false;
        }

        if (passwords.VerifyHashedPassword(user, user.PasswordHash, password) == PasswordVerificationResult.Failed || user.Role != UserRole.Admin) return false;

        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user.Id.ToString()), new(PasswordStamp, Stamp(user))], Scheme);
        await http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        return true;
    }

    // Asked at every request: who is no administrator any more, or changed their password, is out at once.
    private static async Task StillAdministratorAsync(CookieValidatePrincipalContext validation)
    {
        var context = validation.HttpContext.RequestServices.GetRequiredService<XentreeDbContext>();
        var isKnown = Guid.TryParse(validation.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var id);
        var user = isKnown ? await context.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, validation.HttpContext.RequestAborted) : null;
        if (user?.Role == UserRole.Admin && Stamp(user) == validation.Principal!.FindFirstValue(PasswordStamp)) return;

        validation.RejectPrincipal();
        await validation.HttpContext.SignOutAsync(Scheme);
    }

    private static string Stamp(User user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.PasswordHash)));
}
