using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.ApiKeys;
using Xentree.Data.Learning;
using Xentree.Data.Organizations;
using Xentree.Data.Xp;
using Xentree.Domain;
using Xentree.Domain.Organizations;
using Xentree.Tests.OpenApi;

namespace Xentree.Tests.Access;

/// <summary>An organization, somebody who calls, and their call. Each call has a world of its own, because some of them end it.</summary>
internal sealed class World
{
    private readonly ApiServer _api;
    private readonly Guid _organization;
    private readonly (string Name, string Value)[] _headers;

    private World(ApiServer api, Guid organization, (string, string)[] headers) => (_api, _organization, _headers) = (api, organization, headers);

    public static async Task<World> CreateAsync(ApiServer api, Actor actor, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var now = time.Now;
        await using var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(cancellation);
        var user = NewUser(actor.IsAdmin ? UserRole.Admin : UserRole.User);
        var founder = NewUser(UserRole.User);
        var (organization, another) = (NewOrganization(), NewOrganization());
        context.AddRange(user, founder, organization, another);
        context.Add(new LearnerRow { UserId = user.Id, RegisteredAt = now, RegisteredZone = user.Timezone });
        context.Add(NewMember(organization.Id, founder.Id, OrganizationRole.Owner));
        context.Add(NewMember(another.Id, user.Id, OrganizationRole.Owner));
        if (actor.Role is { } role) context.Add(NewMember(organization.Id, user.Id, role));

        var headers = new List<(string, string)>();
        if (actor.Credential is Credential.Session or Credential.TamperedToken or Credential.LoggedOutSession or Credential.Both)
        {
            var session = new SignInSession { Id = time.NewId(), UserId = user.Id, RotatedAt = now, CreatedAt = now, ExpiresAt = now + Duration.FromDays(1) };
            if (actor.Credential == Credential.LoggedOutSession) session.EndedAt = now;
            context.Add(session);
            var token = await api.Services.GetRequiredService<AccessTokens>().CreateAsync(user.Id, session.Id, cancellation);
            if (actor.Credential == Credential.TamperedToken) token = Tampered(token);
            headers.Add(("Authorization", $"Bearer {token}"));
        }

        if (actor.Credential is Credential.Key or Credential.ExpiredKey or Credential.RevokedKey or Credential.KeyElsewhere or Credential.KeyOfAnotherOrganization or Credential.Both)
        {
            var key = ApiKeyText.Create();
            headers.Add(("X-API-Key", key));
            if (actor.Credential is not (Credential.RevokedKey or Credential.Both))
            {
                context.Add(new ApiKey
                {
                    Id = time.NewId(),
                    OrganizationId = actor.Credential == Credential.KeyOfAnotherOrganization ? another.Id : organization.Id,
                    CreatedBy = user.Id,
                    Name = actor.Name,
                    Prefix = key[..ApiKeyText.PrefixLength],
                    Hash = ApiKeyText.Hash(key),
                    Scopes = actor.Scopes,
                    AllowedIps = actor.Credential == Credential.KeyElsewhere ? ["192.0.2.0/24"] : [],
                    ExpiresAt = actor.Credential == Credential.ExpiredKey ? now - Duration.FromMinutes(1) : null,
                    CreatedAt = now,
                });
            }
        }

        await context.SaveChangesAsync(cancellation);
        return new World(api, organization.Id, [.. headers]);

        User NewUser(UserRole role)
        {
            var name = ApiServer.UniqueName("m");
            return new()
            {
                Id = time.NewId(),
                Username = name,
                UsernameKey = name,
                Email = $"{name}@example.org",
                EmailKey = $"{name}@example.org",
                PasswordHash = "",
                Timezone = "UTC",
                Language = "en",
                Role = role,
                CreatedAt = now,
                UpdatedAt = now,
            };
        }

        Organization NewOrganization() => new() { Id = time.NewId(), Name = "Matrix", Slug = ApiServer.UniqueName("m-"), CreatedAt = now, UpdatedAt = now, LeaderboardClosed = LeaderboardClosing.ClosedAtFirst(now) };

        Member NewMember(Guid organizationId, Guid userId, OrganizationRole role) =>
            new() { Id = time.NewId(), OrganizationId = organizationId, UserId = userId, Role = role, JoinedAt = now };
    }

    /// <summary>Calls the operation as its example shows it; ids other than the organization's are nobody's.</summary>
    public async Task<Outcome> CallAsync(ApiOperation operation, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = _api.Address };
        using var request = new HttpRequestMessage(HttpMethod.Parse(operation.Method), Path(operation)) { Content = Body(operation) };
        foreach (var (name, value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        if (Assistants.Has(operation)) request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode && Assistants.Has(operation)) return Assistants.OutcomeOf(await response.Content.ReadAsStringAsync(cancellation));
        if ((int)response.StatusCode is not (400 or 401 or 403 or 404)) return Outcome.LetIn;

        var answer = new Answer(response.StatusCode, new Dictionary<string, string>(), await response.Content.ReadAsByteArrayAsync(cancellation));
        return new($"{(int)answer.Status} {answer.ErrorCode}");
    }

    private string Path(ApiOperation operation)
    {
        var path = operation.Path.Replace("{org_id}", $"{_organization}", StringComparison.Ordinal).Replace("{username}", "nobody", StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var start and >= 0) path = path[..start] + TimeProvider.System.NewId() + path[(path.IndexOf('}', start) + 1)..];
        return path;
    }

    private static HttpContent? Body(ApiOperation operation)
    {
        if (operation.RequestContent.FirstOrDefault() is not { Key: { } mediaType, Value: { } media }) return null;

        if (mediaType == "multipart/form-data") return new MultipartFormDataContent { { new ByteArrayContent("text"u8.ToArray()), "file", "file.txt" } };
        if (mediaType == "application/x-www-form-urlencoded")
            return new FormUrlEncodedContent(media["example"]!.AsObject().Select(field => KeyValuePair.Create(field.Key, field.Value!.GetValue<string>())));

        return new StringContent(media["example"]!.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
    }

    private static string Tampered(string token)
    {
        // One bit of the signature's first byte.
        var at = token.LastIndexOf('.') + 1;
        return token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
    }
}
