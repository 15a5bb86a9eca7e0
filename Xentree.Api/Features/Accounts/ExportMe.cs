using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;

namespace Xentree.Api.Features.Accounts;

/// <summary>All that is stored of an account. Each kind of row is a member of its own, an array in the order in which the rows came.</summary>
public sealed record AccountExport : IExample<AccountExport>
{
    /// <summary>When the export was made.</summary>
    public required Instant ExportedAt { get; init; }

    /// <summary>The account.</summary>
    public required UserProfile Account { get; init; }

    /// <summary>Further members: sessions, organizations, API keys and whatever else is stored.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> More { get; init; } = [];

    /// <inheritdoc/>
    public static AccountExport Example { get; } = new()
    {
        ExportedAt = Instant.FromUtc(2026, 4, 1, 12, 0),
        Account = UserProfile.Example,
        More = { ["sessions"] = JsonSerializer.SerializeToElement(new[] { SignInSessionResponse.Example }, ApiJson.Options) },
    };
}

internal static class ExportMe
{
    public static async Task<Results<AccountExportAnswer, Failure>> HandleAsync(
        Caller caller, XentreeDbContext context, IEnumerable<ExportPart> parts, PictureAddress pictures, BusinessClock clock, CancellationToken cancellation) =>
        await context.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == caller.UserId, cancellation) is { } user
            ? new AccountExportAnswer(clock.Now, UserProfile.Of(user, pictures), [.. parts.Select(part => (part.Name, part.Read(context, user.Id, cancellation)))])
            : Failures.InvalidToken;

    /// <summary>The sessions of an account, ended ones included until they are deleted.</summary>
    public static IQueryable<SessionExport> Sessions(XentreeDbContext context, Guid userId) =>
        context.SignInSessions.Where(s => s.UserId == userId).Select(s => new SessionExport
        {
            Id = s.Id,
            UserAgent = s.UserAgent,
            Address = s.Address,
            CreatedAt = s.CreatedAt,
            LastRefreshedAt = s.RotatedAt,
            ExpiresAt = s.ExpiresAt,
            EndedAt = s.EndedAt,
        });
}

/// <summary>A session in the export.</summary>
internal sealed record SessionExport
{
    public required Guid Id { get; init; }

    public required string? UserAgent { get; init; }

    public required string? Address { get; init; }

    public required Instant CreatedAt { get; init; }

    public required Instant LastRefreshedAt { get; init; }

    public required Instant ExpiresAt { get; init; }

    public required Instant? EndedAt { get; init; }
}

/// <summary>Writes an export row by row while it is read. When something breaks halfway, so does the connection: half an export is none.</summary>
internal sealed class AccountExportAnswer(Instant exportedAt, UserProfile account, IReadOnlyList<(string Name, IAsyncEnumerable<object> Rows)> parts)
    : IResult, IEndpointMetadataProvider
{
    private const int FlushBytes = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancellation) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"xentree-{account.Username}.json\"";

        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder, Indented = true });
        json.WriteStartObject();
        Write("exported_at", exportedAt);
        Write("account", account);
        foreach (var (name, rows) in parts)
        {
            json.WriteStartArray(name);
            await foreach (var row in rows)
            {
                JsonSerializer.Serialize(json, row, row.GetType(), ApiJson.Options);
                if (json.BytesPending < FlushBytes) continue;

                await json.FlushAsync(cancellation);
                await response.BodyWriter.FlushAsync(cancellation);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        await json.FlushAsync(cancellation);

        void Write<T>(string name, T value)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, ApiJson.Options);
        }
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(AccountExport), ["application/json"]));
}
