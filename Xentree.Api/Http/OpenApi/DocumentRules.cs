using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Xentree.Api.Http.OpenApi;

/// <summary>What the document says as a whole, and its order: the same at every start and on every machine.</summary>
internal sealed partial class DocumentRules : IOpenApiDocumentTransformer
{
    private const string Description =
        """
        Xentree is an open learning platform that you can host yourself: conversations with AI, an English course, live sessions, and the
        experience points and streaks that keep a learner coming back.

        **Signing in.** A person's client sends `Authorization: Bearer <access token>`; a server sends `X-API-Key: xntr-…`. A key belongs to
        one organization, acts for the member who created it, and needs the scope that the operation names. A `:write` scope does not imply
        its `:read`; `api:read` stands for every read, `api:write` for every write, `api:admin` for everything.

        **Errors** always have the form of the `Error` schema: `detail.error` is a stable code for programs, `detail.message` a sentence for
        people, `detail.request_id` the trace id. What does not exist and what you may not see are the same 404.

        **Lists** are bare arrays, newest first unless said otherwise. `limit` and `cursor` page through them; `Link` announces the next page.

        **Limits** are counted per user, key or anonymous address. Every answer carries `RateLimit` and `RateLimit-Policy`; a 429 adds `Retry-After`.

        **Retries** are safe with an `Idempotency-Key` on every POST that creates or spends.

        **Time**: instants are UTC, ISO 8601 with milliseconds; a date without a time is in the user's zone. In Development, a user who is
        registered with `X-Xentree-Now` is a sandbox user, whose clock that header moves.

        **Assistants** that speak the Model Context Protocol connect to `POST /mcp` (streamable HTTP, stateless) with the same credentials and
        limits. It is no operation of this document: its tools describe themselves, each asks a key for the scope of the operation that tells the
        same, and what goes wrong inside a tool is a tool error whose text is an `Error`.
        """;

    /// <summary>The sections of the reference, in their order.</summary>
    private static readonly (string Name, string Description)[] Sections =
    [
        ("Authentication", "Accounts, sessions and the profile of the signed-in user."),
        ("Conversations", "Talking with AI providers, notes, and search over everything that you wrote."),
        ("Knowledge Base", "Documents, search in them, and answers that cite them."),
        ("Organizations", "Groups of accounts that share documents, keys and a leaderboard."),
        ("Profile & Analytics", "Experience points, levels, streaks, quests and learning time."),
        ("Xentree English", "The English course: modules, tasks and evaluations."),
        ("Xentree Live", "Spoken and written live sessions, their quota and their transcripts."),
        ("Integrations", "Connections to other services, and short-lived tokens for embedding partners."),
        ("API Keys", "Credentials for servers."),
        ("Webhooks", "Events that are sent to an organization's endpoints."),
        ("Administration", "Running the installation."),
        ("Health", "Whether the API is ready and alive."),
    ];

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Xentree API",
            Version = "1.0.0",
            Description = Description,
            License = new OpenApiLicense { Name = "Apache License 2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This installation." }];
        await HealthOperations.AddAsync(document, context, cancellationToken);

        var used = document.Paths.Values.SelectMany(Operations).SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Reference.Id).ToHashSet();
        document.Tags = new HashSet<OpenApiTag>(Sections.Where(section => used.Contains(section.Name)).Select(section => new OpenApiTag { Name = section.Name, Description = section.Description }));

        var order = Sections.Select(section => section.Name).ToList();
        var paths = document.Paths.OrderBy(path => order.IndexOf(Operations(path.Value).First().Tags?.FirstOrDefault()?.Reference.Id ?? "")).ToList();
        document.Paths.Clear();
        foreach (var (path, item) in paths) document.Paths[PathParameter.Replace(path, match => $"{{{JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups[1].Value)}}}")] = item;

        var requests = Reachable(document, Operations(document).Select(operation => operation.RequestBody?.Content));
        var answers = Reachable(document, Operations(document).SelectMany(operation => operation.Responses!.Values).Select(response => response.Content));
        var schemas = document.Components!.Schemas!;
        RequireWhatAnswersHold(schemas, answers.Except(requests));
        foreach (var schema in schemas.Values) DescribeNullableMembers(schema);
        document.Components.Schemas = schemas.Where(schema => requests.Contains(schema.Key) || answers.Contains(schema.Key))
            .OrderBy(schema => schema.Key, StringComparer.Ordinal)
            .ToDictionary();
    }

    // An answer writes every member, so its readers may rely on each; a request only names what it must.
    private static void RequireWhatAnswersHold(IDictionary<string, IOpenApiSchema> schemas, IEnumerable<string> answers)
    {
        foreach (var id in answers)
        {
            if (schemas[id] is OpenApiSchema { Metadata: { } known } schema && known.TryGetValue(SchemaRules.AlwaysWritten, out var members))
                schema.Required = new HashSet<string>(schema.Properties!.Keys.Where(((HashSet<string>)members).Contains));
        }
    }

    // The framework describes a member that may be null on the half that is not null, where a reader of the member does not look.
    private static void DescribeNullableMembers(IOpenApiSchema schema)
    {
        foreach (var member in schema.Properties?.Values.OfType<OpenApiSchema>() ?? [])
        {
            member.Description ??= member.OneOf?.OfType<OpenApiSchemaReference>().Select(half => half.Reference.Description).FirstOrDefault(text => text is not null);
        }
    }

    private static HashSet<string> Reachable(OpenApiDocument document, IEnumerable<IDictionary<string, OpenApiMediaType>?> contents)
    {
        var found = new HashSet<string>();
        var open = new Queue<IOpenApiSchema?>(contents.SelectMany(content => content?.Values ?? []).Select(media => media.Schema));
        while (open.TryDequeue(out var schema))
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } id })
            {
                if (!found.Add(id)) continue;
                schema = document.Components!.Schemas![id];
            }

            if (schema is null) continue;

            foreach (var part in (IEnumerable<IOpenApiSchema?>)[.. schema.Properties?.Values ?? [], .. schema.AnyOf ?? [], .. schema.OneOf ?? [], .. schema.AllOf ?? [], schema.Items, schema.AdditionalProperties])
                open.Enqueue(part);
        }

        return found;
    }

    private static IEnumerable<OpenApiOperation> Operations(OpenApiDocument document) => document.Paths.Values.SelectMany(Operations);

    private static IEnumerable<OpenApiOperation> Operations(IOpenApiPathItem item) => item.Operations is { } operations ? operations.Values : [];

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex PathParameter { get; }
}
