using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.Organizations;

internal static class OrganizationEndpoints
{
    private const string Read = "organizations:read";
    private const string Write = "organizations:write";

    public static void AddOrganizations(this IServiceCollection services)
    {
        services.AddScoped<Memberships>();
        services.AddExportPart("organizations", OrganizationExport.Of, row => row.MembershipId);
    }

    public static void MapOrganizations(this WebApplication app)
    {
        var organizations = app.MapGroup("/api/organizations").WithTags("Organizations");

        organizations.MapGet("", ListOrganizations.HandleAsync)
            .RequireScope(Read)
            .WithName("listOrganizations")
            .WithSummary("List organizations for the current user")
            .WithDescription("The organizations that you are a member of, newest first. An API key sees its own organization only.");

        organizations.MapPost("", CreateOrganization.HandleAsync)
            .RequireScope(Write)
            .RequireBearer()
            .AcceptsIdempotencyKey()
            .WithName("createOrganization")
            .WithSummary("Create an organization")
            .WithDescription("Creates an organization with you as its owner. An API key belongs to one organization and creates none.")
            .Fails("slug_taken");

        organizations.MapGet("/{orgId:uuid}", GetOrganization.HandleAsync)
            .RequireScope(Read)
            .WithName("getOrganization")
            .WithSummary("Get organization details")
            .WithDescription("An organization that you are a member of; any other does not exist for you.")
            .Fails("not_found");

        organizations.MapPatch("/{orgId:uuid}", UpdateOrganization.HandleAsync)
            .RequireScope(Write)
            .Accepts<OrganizationUpdateRequest>("application/json", "application/merge-patch+json")
            .WithName("updateOrganization")
            .WithSummary("Update organization details")
            .WithDescription("A JSON merge patch (RFC 7396) by an owner or admin: what is absent stays as it is.")
            .Fails("not_found", "forbidden", "slug_taken");

        organizations.MapDelete("/{orgId:uuid}", DeleteOrganization.HandleAsync)
            .RequireScope(Write)
            .WithName("deleteOrganization")
            .WithSummary("Delete an organization")
            .WithDescription("Deletes an organization and all that belongs to it, by an owner. Its API keys stop working at once.")
            .Fails("not_found", "forbidden");

        var members = organizations.MapGroup("/{orgId:uuid}/members");

        members.MapGet("", ListMembers.HandleAsync)
            .RequireScope(Read)
            .WithName("listMembers")
            .WithSummary("List organization members")
            .WithDescription("The members of an organization, those who joined last first.")
            .Fails("not_found");

        members.MapPost("", AddMember.HandleAsync)
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("addMember")
            .WithSummary("Add a member to an organization")
            .WithDescription("Adds an account, named by username or id, by an owner or admin. Nobody grants a role above their own.")
            .Fails("not_found", "forbidden", "already_member");

        members.MapPatch("/{userId:uuid}", UpdateMember.HandleAsync)
            .RequireScope(Write)
            .Accepts<MemberUpdateRequest>("application/json", "application/merge-patch+json")
            .WithName("updateMember")
            .WithSummary("Update a member's role")
            .WithDescription(
                """
                A JSON merge patch (RFC 7396) of role and team, by an owner or admin. Nobody grants a role above their own, nor changes
                somebody whose role is above their own. The last owner stays owner.
                """)
            .Fails("not_found", "forbidden", "last_owner");

        members.MapPut("/{userId:uuid}", ReplaceMember.HandleAsync)
            .RequireScope(Write)
            .WithName("replaceMember")
            .WithSummary("Replace a member's role and team")
            .WithDescription("Sets role and team, by an owner or admin, under the rules of the update; a team that is absent is removed.")
            .Fails("not_found", "forbidden", "last_owner");

        members.MapDelete("/{userId:uuid}", RemoveMember.HandleAsync)
            .RequireScope(Write)
            .WithName("removeMember")
            .WithSummary("Remove a member, or leave")
            .WithDescription(
                """
                An owner or admin removes a member whose role is not above their own; everybody may remove themselves, except the last
                owner. The API keys that the member created for the organization stop working at once.
                """)
            .Fails("not_found", "forbidden", "last_owner");
    }
}
