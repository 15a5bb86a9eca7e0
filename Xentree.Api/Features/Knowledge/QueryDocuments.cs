using System.ComponentModel.DataAnnotations;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Schemas;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>A question to your documents.</summary>
public sealed record RagQueryRequest : IExample<RagQueryRequest>
{
    /// <summary>The question.</summary>
    [Required, Text(1, 2_000)]
    public string Query { get; init; } = "";

    /// <summary>Only out of these documents; absent, out of all that the scope names.</summary>
    [MaxLength(1_000, ErrorMessage = "must have at most 1,000 documents")]
    public IReadOnlyList<Guid>? DocumentIds { get; init; }

    /// <summary>Whose documents: <c>mine</c>, those shared with an <c>organization</c> of yours, or <c>all</c> that you may see.</summary>
    public SearchScope Scope { get; init; } = SearchScope.All;

    /// <inheritdoc/>
    public static RagQueryRequest Example { get; } = new() { Query = "When does the Underground open?", Scope = SearchScope.All };
}

/// <summary>An answer out of your documents.</summary>
public sealed record RagQueryResponse : IExample<RagQueryResponse>
{
    /// <summary>The answer: a statement a line, each with the numbers of its citations, counted from 1; or that the documents do not answer the question.</summary>
    public required string Answer { get; init; }

    /// <summary>What it rests on; empty where the documents do not answer the question.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>The provider that answered; <c>local</c> where none had to be asked, because nothing was found.</summary>
    public required string Provider { get; init; }

    /// <summary>The model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>The tokens used; null where the provider does not tell, or none was asked.</summary>
    public required UsageResponse? Usage { get; init; }

    /// <inheritdoc/>
    public static RagQueryResponse Example { get; } = new()
    {
        Answer = $"{CitationResponse.Example.Quote} [1]",
        Citations = [CitationResponse.Example],
        Provider = ChatRouter.Local,
        Model = ChatRouter.LocalModel,
        Usage = UsageResponse.Example,
    };
}

internal static class QueryDocuments
{
    public static async Task<Results<Ok<RagQueryResponse>, ServerSentEventsResult<object>, Failure>> HandleAsync(
        RagQueryRequest request, Caller caller, DocumentAnswer answer, HttpRequest http, CancellationToken cancellation)
    {
        RagQueryResponse response;
        try
        {
            response = await answer.ToAsync(request, caller, cancellation);
        }
        catch (ChatFailedException exception)
        {
            return exception.IsUnavailable ? Failures.ProviderUnavailable(exception.Message) : Failures.ProviderFailed(exception.Message);
        }

        // Until the quotes are checked there is nothing to send, and a failure still has its status.
        return http.WantsEvents() ? TypedResults.ServerSentEvents(Events(response)) : TypedResults.Ok(response);
    }

    private static async IAsyncEnumerable<SseItem<object>> Events(RagQueryResponse response)
    {
        await Task.CompletedTask;
        for (var start = 0; start < response.Answer.Length;)
        {
            var end = response.Answer.IndexOf('\n', start) is var found and >= 0 ? found + 1 : response.Answer.Length;
            yield return new SseItem<object>(new ChatDeltaEvent { Content = response.Answer[start..end] }, "delta");
            start = end;
        }

        yield return new SseItem<object>(response, "done");
    }
}
