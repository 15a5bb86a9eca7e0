namespace Xentree.Tests;

/// <summary>What many tests do first: an organization, its members, a key.</summary>
public static class OrganizationSteps
{
    /// <summary>Creates an organization that the client owns; its id.</summary>
    public static async Task<Guid> CreateOrganizationAsync(this ApiClient client)
    {
        var slug = ApiServer.UniqueName("org-");
        return (await client.PostAsync("/api/organizations", new { name = slug, slug })).ShouldBe(201)["id"].GetGuid();
    }

    /// <summary>Registers somebody whom <paramref name="owner"/> adds to an organization.</summary>
    public static async Task<ApiClient> AddMemberAsync(this ApiServer api, ApiClient owner, Guid organizationId, string role)
    {
        var member = await api.SignInAsync();
        (await owner.PostAsync($"/api/organizations/{organizationId}/members", new { user_id = member.UserId, role })).ShouldBe(201);
        return member;
    }

    /// <summary>Creates an API key of the client's; a caller that uses it.</summary>
    public static async Task<ApiClient> CreateKeyAsync(this ApiClient client, Guid organizationId, params string[] scopes) =>
        client.WithKey((await client.PostAsync("/api/api-keys", new { name = "key", organization_id = organizationId, scopes })).ShouldBe(201)["key"].GetString()!);
}
