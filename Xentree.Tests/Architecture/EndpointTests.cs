using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Blobs;
using Xentree.Data.Idempotency;
using Xentree.Data.Keys;
using Xentree.Data.Maintenance;
using Xentree.Data.Organizations;
using Xentree.Data.Search;
using Xentree.Data.Streaks;

namespace Xentree.Tests.Architecture;

/// <summary>What every operation and every table must have. A new one that forgets it is named here.</summary>
public sealed class EndpointTests(ApiServer api) : IClassFixture<ApiServer>
{
    /// <summary>The contract's public operations, and the pages around them.</summary>
    private static readonly string[] Public =
    [
        "POST /api/auth/register",
        "POST /api/auth/login",
        "POST /api/auth/refresh",
        "GET /api/xp/public-profile/{username}",
        "GET /api/xp/public-profile/{username}/card.svg",
        "GET /api/pictures/{*}",
        "GET /api/integrations/google-calendar/callback",
        "GET /api/integration/jwks",
        "GET /api/integration/fingerprint",
        // Signed by the token in its address, because a browser's WebSocket sends no headers.
        "GET /api/live/session/{*}/socket",
        "* /health",
        "* /alive",
        "GET /openapi/{*}",
        "GET /docs/api/**",
        "GET /docs/live",
    ];

    /// <summary>Every other POST creates or spends, and so accepts an idempotency key.</summary>
    private static readonly Dictionary<string, string> NeedNoKey = new()
    {
        ["POST /api/auth/login"] = "opens a session; its answer holds tokens, which are kept nowhere",
        ["POST /api/auth/refresh"] = "rotates, and gives a lost answer again by rule O3",
        ["POST /api/auth/logout"] = "ending twice is ending once",
        ["POST /api/knowledge/search"] = "only reads",
        ["POST /api/core/search/reindex"] = "a running rebuild is the rebuild",
        ["POST /api/rag/query"] = "stores nothing; asked again it answers again, within the same budget",
        ["POST /api/core/conversations/{*}/session/start"] = "start on an open session returns it",
        ["POST /api/core/conversations/{*}/session/activity"] = "a signal counts for its instant, once",
        ["POST /api/core/conversations/{*}/session/end"] = "ending twice is ending once",
        ["POST /api/live/session/heartbeat"] = "a signal; the next says the same",
        ["POST /api/live/session/end"] = "ending twice gives the same answer",
        ["POST /api/integration/verify"] = "only reads",
        ["POST /api/integration/revoke"] = "revoking twice is revoking once",
        ["POST /mcp"] = "its tools only read",
        ["POST /api/integrations/google-calendar/complete"] = "the state works once",
    };

    /// <summary>Every other table says whose its rows are.</summary>
    private static readonly Dictionary<Type, string> NobodysRows = new()
    {
        [typeof(User)] = "is the tenant",
        [typeof(Organization)] = "is the tenant",
        [typeof(ProtectedKey)] = "belongs to the installation",
        [typeof(UnusedBlob)] = "names a blob that no row refers to any more",
        [typeof(OutageRow)] = "is everybody's",
        [typeof(JobRun)] = "belongs to the installation",
        [typeof(SearchRebuild)] = "belongs to the installation",
        [typeof(IdempotencyRecord)] = "is found only by a hash of its caller and a key",
    };

    private IEnumerable<RouteEndpoint> Endpoints => api.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct();

    [Fact]
    public void Every_operation_says_who_may_call_it()
    {
        var silent = Endpoints.Where(endpoint => !IsPublic(endpoint)
            && !endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(policy => policy.Requirements).Any(requirement => requirement is ScopeRequirement or BearerRequirement or CallerRequirement));

        silent.Select(Name).ShouldBeNone();
    }

    [Fact]
    public void Only_the_operations_of_the_contract_are_public() =>
        Assert.All(Endpoints.Where(IsPublic).Select(Name), name => Assert.Contains(Public, allowed => Matches(allowed, name)));

    [Fact]
    public void Only_what_asks_for_the_scope_of_each_tool_is_open_to_every_key()
    {
        var open = Endpoints.Where(endpoint => endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(policy => policy.Requirements).Any(requirement => requirement is CallerRequirement));

        Assert.Equal(["POST /mcp"], open.Select(Name));
    }

    [Fact]
    public void Every_POST_that_creates_or_spends_accepts_an_idempotency_key()
    {
        var without = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true && endpoint.Metadata.GetMetadata<Idempotent>() is null);

        Assert.All(without.Select(Name), name => Assert.Contains(NeedNoKey.Keys, allowed => Matches(allowed, name)));
    }

    [Fact]
    public void Every_type_that_an_operation_reads_is_public()
    {
        // Validation passes over types that it cannot see, without a word.
        var hidden = Endpoints.SelectMany(endpoint => RequestTypes(endpoint).Where(type => !type.IsVisible).Select(type => $"{Name(endpoint)}: {type.Name}"));

        hidden.ShouldBeNone();
    }

    [Fact]
    public void Every_id_in_a_path_is_a_UUID()
    {
        var loose = Endpoints.SelectMany(endpoint => endpoint.RoutePattern.Parameters
            .Where(parameter => parameter.Name.EndsWith("Id", StringComparison.Ordinal) && !parameter.ParameterPolicies.Any(policy => policy.Content == "uuid"))
            .Select(parameter => $"{Name(endpoint)}: {parameter.Name}"));

        loose.ShouldBeNone();
    }

    [Fact]
    public async Task Every_row_that_belongs_to_somebody_says_to_whom()
    {
        await using var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        context.Model.GetEntityTypes().Where(entity => !entity.IsOwned() && !NobodysRows.ContainsKey(entity.ClrType) && !NamesItsOwner(entity)).Select(entity => entity.ClrType.Name).ShouldBeNone();
    }

    /// <summary>By a column of its own, or by the row that it is a part of.</summary>
    private static bool NamesItsOwner(IEntityType entity) =>
        entity.GetProperties().Any(property => property.Name is "UserId" or "OrganizationId" or "CreatedBy")
        || entity.GetForeignKeys().Any(key => key is { IsRequired: true, DeleteBehavior: DeleteBehavior.Cascade } && key.PrincipalEntityType != entity && NamesItsOwner(key.PrincipalEntityType));

    private static bool IsPublic(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string Name(RouteEndpoint endpoint) =>
        $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "*"} /{endpoint.RoutePattern.RawText?.Trim('/')}";

    /// <summary>A parameter matches any, and a last one also what is not there; two stars match whatever follows.</summary>
    private static bool Matches(string allowed, string name)
    {
        if (allowed.EndsWith("**", StringComparison.Ordinal)) return name.StartsWith(allowed[..^2], StringComparison.Ordinal);

        var (expected, actual) = (allowed.Split('/'), name.Split('/'));
        if (expected[^1] == "{*}" && actual.Length == expected.Length - 1) expected = expected[..^1];
        return expected.Length == actual.Length && expected.Zip(actual).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Contains('{', StringComparison.Ordinal)));
    }

    private static HashSet<Type> RequestTypes(RouteEndpoint endpoint)
    {
        var found = new HashSet<Type>();
        if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body) Add(body);
        foreach (var parameter in endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null) Add(parameter.ParameterType);
        }

        return found;

        void Add(Type type)
        {
            type = type.HasElementType ? type.GetElementType()! : type;
            foreach (var argument in type.GetGenericArguments()) Add(argument);
            if (type.Namespace?.StartsWith("Xentree", StringComparison.Ordinal) != true || type.IsGenericType || !found.Add(type)) return;
            foreach (var property in type.GetProperties()) Add(property.PropertyType);
        }
    }
}
