using Xentree.Domain.Organizations;

namespace Xentree.Data.ApiKeys;

/// <summary>Questions about API keys that several operations ask.</summary>
public static class ApiKeyQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>The keys that an account may see and delete: its own, and all keys of the organizations that it administers.</summary>
        public IQueryable<ApiKey> KeysVisibleTo(Guid userId) =>
            context.ApiKeys.Where(k => k.CreatedBy == userId || context.Members.Any(m =>
                m.OrganizationId == k.OrganizationId && m.UserId == userId && (m.Role == OrganizationRole.Owner || m.Role == OrganizationRole.Admin)));
    }
}
