using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Xentree.Domain.ApiKeys;

namespace Xentree.Api.Auth;

/// <summary>Who may call an operation. Each operation says one of these; one that says none can be called by nobody.</summary>
public static class Access
{
    extension<TBuilder>(TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>A user's session, or an API key with a scope that satisfies <paramref name="scope"/>.</summary>
        public TBuilder RequireScope(string scope) =>
            Scope.IsKnown(scope) ? builder.Require(new ScopeRequirement(scope)) : throw new ArgumentException($"There is no scope {scope}.", nameof(scope));

        /// <summary>A user's session only.</summary>
        public TBuilder RequireBearer() => builder.Require(new BearerRequirement(AdminOnly: false));

        /// <summary>The session of a user who runs the installation.</summary>
        public TBuilder RequireAdmin() => builder.Require(new BearerRequirement(AdminOnly: true));

        /// <summary>A user's session or any API key: what the operation runs asks each for its own scope.</summary>
        public TBuilder RequireCaller() => builder.Require(new CallerRequirement());

        private TBuilder Require(IAuthorizationRequirement requirement) =>
            builder.RequireAuthorization(new AuthorizationPolicyBuilder(CallerAuthentication.Scheme).AddRequirements(requirement).Build());
    }
}

/// <summary>An API key needs the scope; a session has it.</summary>
/// <param name="Scope">The scope.</param>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;

/// <summary>No API key will do.</summary>
/// <param name="AdminOnly">Whether the user must run the installation.</param>
public sealed record BearerRequirement(bool AdminOnly) : IAuthorizationRequirement;

/// <summary>Whoever it is will do.</summary>
public sealed record CallerRequirement : IAuthorizationRequirement;

/// <summary>Decides the requirements of <see cref="Access"/>, and that an operation that says nothing is closed.</summary>
internal sealed class AccessHandler : IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Resource is not HttpContext http || Caller.Of(http) is not { } caller) return Task.CompletedTask;

        foreach (var requirement in context.PendingRequirements.ToArray())
        {
            var met = requirement switch
            {
                ScopeRequirement scope => caller.Key is null || Scope.IsSatisfied(scope.Scope, caller.Key.Scopes),
                BearerRequirement bearer => caller.Key is null && (!bearer.AdminOnly || caller.IsAdmin),
                CallerRequirement => true,
                _ => false,
            };
            if (met) context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Says why somebody may not, in the form of the contract.</summary>
internal sealed class AccessResult : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        await Why(context, policy).ExecuteAsync(context);
    }

    private static Failure Why(HttpContext context, AuthorizationPolicy policy)
    {
        if (context.Features.Get<RefusedCredentials>() is { } refused) return refused.Failure;
        if (Caller.Of(context) is not { } caller) return Failures.NotAuthenticated;

        foreach (var requirement in policy.Requirements)
        {
            if (requirement is ScopeRequirement { Scope: var scope } && caller.Key is { } key && !Scope.IsSatisfied(scope, key.Scopes))
                return Failures.InsufficientScope(scope, key.Scopes);
            if (requirement is BearerRequirement && caller.Key is not null) return Failures.BearerRequired;
        }

        return Failures.Forbidden;
    }
}
