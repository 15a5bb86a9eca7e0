using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Organizations;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>A merge patch (RFC 7396) of an organization: what is absent stays as it is.</summary>
public sealed record OrganizationUpdateRequest : IValidatableObject, IExample<OrganizationUpdateRequest>
{
    /// <summary>A new name to show.</summary>
    [Text(1, 100)]
    public Optional<string?> Name { get; init; }

    /// <summary>A new unique name in addresses.</summary>
    [Slug]
    public Optional<string?> Slug { get; init; }

    /// <summary>What the organization is about; null removes it.</summary>
    [Text(0, 1_000)]
    public Optional<string?> Description { get; init; }

    /// <inheritdoc/>
    public static OrganizationUpdateRequest Example { get; } = new() { Name = new("Riverside Evening School"), Description = new(null) };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, member) in new[] { (nameof(Name), Name), (nameof(Slug), Slug) })
        {
            if (member is { IsPresent: true, Value: null }) yield return new ValidationResult("must not be null", [name]);
        }
    }
}

internal static class UpdateOrganization
{
    public static async Task<Results<Ok<OrganizationResponse>, Failure>> HandleAsync(
        Guid orgId, OrganizationUpdateRequest request, Caller caller, XentreeDbContext context, BusinessClock clock, CancellationToken cancellation)
    {
        var role = await context.FindRoleAsync(orgId, caller.UserId, caller.OrganizationId, cancellation);
        if (role is null) return Failures.NotFound;
        if (!role.Value.Administers) return Failures.Forbidden;

        if (await context.Organizations.SingleOrDefaultAsync(o => o.Id == orgId, cancellation) is not { } organization) return Failures.NotFound;

        request.Name.Apply(name => organization.Name = name!);
        request.Slug.Apply(slug => organization.Slug = slug!);
        request.Description.Apply(description => organization.Description = description);
        if (context.ChangeTracker.HasChanges()) organization.UpdatedAt = clock.Now;

        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.ViolatedUniqueIndex is not null)
        {
            return Failures.SlugTaken;
        }

        return await GetOrganization.FindAsync(context, orgId, caller, cancellation) is { } updated ? TypedResults.Ok(updated) : Failures.NotFound;
    }
}
