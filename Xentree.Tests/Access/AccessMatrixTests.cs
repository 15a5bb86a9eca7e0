using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Xentree.Domain.Organizations;
using Xentree.Tests.OpenApi;

namespace Xentree.Tests.Access;

/// <summary>Runs every operation of the OpenAPI document as everybody, and holds what came of it against <see cref="AccessRules"/>.</summary>
public sealed class AccessMatrixTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Everybody_may_do_what_the_rules_say_and_nothing_else()
    {
        var operations = await OperationsAsync();
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(
            from operation in operations from actor in Actor.All select (Operation: operation, Actor: actor),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken },
            async (call, cancellation) =>
            {
                var world = await World.CreateAsync(api, call.Actor, cancellation);
                var (expected, actual) = (AccessRules.Expected(call.Operation, call.Actor), await world.CallAsync(call.Operation, cancellation));
                if (expected != actual && !(expected == Outcome.LetIn && AccessRules.IsPastTheGate(call.Operation, actual))) wrong.Add($"{call.Operation.Name} as {call.Actor.Name}: expected {expected}, was {actual}");
            });

        wrong.Order().ShouldBeNone();
    }

    [Fact]
    public async Task Every_operation_is_classified()
    {
        (await OperationsAsync()).Where(operation => !operation.IsPublic && operation.Security.Count == 0).Select(operation => operation.Name).ShouldBeNone();
    }

    [Fact]
    public async Task The_matrix_in_git_is_the_one_that_was_tested() =>
        await Published.ShouldSayAsync("docs/access-matrix.md", Render(await OperationsAsync()));

    private async Task<List<ApiOperation>> OperationsAsync()
    {
        var description = await ApiDescription.ReadAsync(api);
        return [.. description.Operations, .. Assistants.Operations(description)];
    }

    private static string Render(IEnumerable<ApiOperation> operations)
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Who may do what

            Written by `AccessMatrixTests`, which runs every operation of the OpenAPI document, and every tool of `/mcp`, as everybody. ✓ is let in; a
            number is the status of the refusal, which a tool gives in its result. A 404 tells nobody whether the thing exists.

            Everywhere: a tampered, logged-out or revoked credential is 401 `invalid_token`, an expired key 401 `token_expired`, a key from an address
            that it does not allow 403 `ip_not_allowed`, and two credentials at once are 400 `ambiguous_credentials`. A public operation passes over
            credentials that are no good. A key acts for the member who made it, so the role counts for keys as it does for sessions, and
            the key of another organization finds this one as little as a stranger does. No key acts as an administrator of the installation.

            *With the scope* is a key with the scope named, or with `api:read`, `api:write` or `api:admin` in its place; *role* is the least place in the
            organization that the path names.


            """);
        (string Title, Actor Actor)[] columns =
        [
            ("anonymous", Find("anonymous")), ("other user", Find("another user")), ("member", Find("member")), ("manager", Find("manager")), ("admin", Find("admin")),
            ("owner", Find("owner")), ("installation admin", Find("installation admin")),
        ];
        foreach (var section in operations.GroupBy(operation => operation.Tag))
        {
            text.Append(CultureInfo.InvariantCulture, $"## {section.Key}\n\n| operation | asks for | {string.Join(" | ", columns.Select(column => column.Title))} | key with the scope | key without |\n");
            text.Append(CultureInfo.InvariantCulture, $"| --- | --- |{string.Concat(columns.Select(_ => " :-: |"))} :-: | :-: |\n");
            foreach (var operation in section)
            {
                var with = new Actor("", Credential.Key, OrganizationRole.Owner, Scopes: operation.Scope ?? "api:admin");
                var without = new Actor("", Credential.Key, OrganizationRole.Owner);
                text.Append(CultureInfo.InvariantCulture, $"| `{operation.Name}` | {AsksFor(operation)} |");
                foreach (var actor in columns.Select(column => column.Actor).Append(with).Append(without)) text.Append(CultureInfo.InvariantCulture, $" {Cell(operation, actor)} |");
                text.Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();

        static Actor Find(string name) => Actor.All.Single(actor => actor.Name == name);

        static string Cell(ApiOperation operation, Actor actor) => AccessRules.Expected(operation, actor).Refused?[..3] ?? "✓";
    }

    private static string AsksFor(ApiOperation operation) => operation.IsPublic
        ? "public"
        : operation is { TakesKeys: true, Scope: null } ? "session or any key"
        : string.Join(", ", new[]
        {
            operation.Scope is { } scope ? $"`{scope}`" : null,
            operation.TakesKeys ? null : operation.IsAdminOnly ? "session of an installation admin" : "session",
            AccessRules.Role(operation) is { } role ? $"role {role.ToString().ToLowerInvariant()}" : null,
        }.Where(part => part is not null));
}
