using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Data;
using Xentree.Data.ApiKeys;
using Xentree.Data.Organizations;
using Xentree.Data.Xp;
using Xentree.Domain;
using Xentree.Domain.Organizations;

namespace Xentree.Tests;

/// <summary>Puts organizations and keys into the database, for tests that are about something else.</summary>
internal static class OrganizationRows
{
    extension(ApiServer api)
    {
        /// <summary>A key of a new organization, which acts for the user and has these scopes.</summary>
        public async Task<ApiClient> KeyForAsync(ApiClient user, params string[] scopes)
        {
            await using var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync();
            var (time, key) = (api.Clock, "xntr-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(43)));
            var organization = new Organization { Id = time.NewId(), Name = "Test", Slug = ApiServer.UniqueName("org-"), CreatedAt = time.Now, UpdatedAt = time.Now, LeaderboardClosed = LeaderboardClosing.ClosedAtFirst(time.Now) };
            context.Add(organization);
            context.Add(new Member { Id = time.NewId(), OrganizationId = organization.Id, UserId = user.UserId, Role = OrganizationRole.Member, JoinedAt = time.Now });
            context.Add(new ApiKey
            {
                Id = time.NewId(),
                OrganizationId = organization.Id,
                CreatedBy = user.UserId,
                Name = "Test",
                Prefix = key[..12],
                Hash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
                Scopes = scopes,
                AllowedIps = [],
                CreatedAt = time.Now,
            });
            await context.SaveChangesAsync();
            return user.WithKey(key);
        }
    }
}
