using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Data;
using Xentree.Data.Accounts;

namespace Xentree.Tests;

/// <summary>Signs in who runs the installation.</summary>
internal static class Administrators
{
    extension(ApiServer api)
    {
        /// <summary>A new administrator; their clock stands at <paramref name="now"/> when one is given.</summary>
        public async Task<ApiClient> SignInAdminAsync(string? now = null)
        {
            // Before the first request with the token: from then on the caller is remembered.
            var admin = await api.SignInAsync(now: now);
            await using var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync();
            await context.Users.Where(u => u.Id == admin.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Admin));
            return admin;
        }
    }
}
