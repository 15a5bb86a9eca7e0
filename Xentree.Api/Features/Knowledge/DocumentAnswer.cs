using System.Text;
using Microsoft.EntityFrameworkCore;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Retrieval;
using Xentree.Api.Schemas;
using Xentree.Api.Spending;
using Xentree.Data;
using Xentree.Data.Knowledge;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>
/// Answers a question out of documents. Passages are found, and where they do not answer it nobody is asked; else a provider makes the
/// answer, and of that only goes out what a quote bears out that stands in a passage.
/// </summary>
internal sealed class DocumentAnswer(XentreeDbContext context, DocumentReader reader, ChatRouter router, AiSpending spending)
{
    /// <summary>What is said where the documents do not answer.</summary>
    public const string NotThere = "Your documents do not answer this question.";

    public async Task<RagQueryResponse> ToAsync(RagQueryRequest request, Caller caller, CancellationToken cancellation)
    {
        var reading = await reader.ReadAsync(caller.Owner, request.Query, request.DocumentIds, request.Scope, cancellation);
        if (!reading.Evidence.MayAnswer) return Answered([], reading.Passages, new ChatDelta(ChatRouter.Local, ChatRouter.LocalModel, ""));

        IReadOnlyList<SourceSentence> best = reading.Evidence.Answers ? reading.Evidence.Best : [];
        var sources = new ChatSources([.. reading.Passages.Index().Select(hit => new ChatSource(
            DocumentReader.Above(hit.Item),
            hit.Item.Content,
            [.. best.Where(sentence => sentence.Source == hit.Index).Select(sentence => sentence.Text)]))]);
        var account = await context.Users.Where(user => user.Id == caller.UserId).Select(user => new { user.Language, user.Plan }).SingleAsync(cancellation);
        var turns = new ChatTurns([sources.Ask(request.Query)], account.Language) { Sources = sources, Budget = spending.Of(caller.Owner, account.Plan) };

        var said = new StringBuilder();
        ChatDelta? last = null;
        await foreach (var delta in router.StreamAsync(ChatRouter.Auto, turns, cancellation))
        {
            said.Append(delta.Content);
            last = delta;
        }

        return Answered(GroundedAnswer.Read(said.ToString(), [.. reading.Passages.Select(hit => hit.Content)]), reading.Passages, last!);
    }

    private static RagQueryResponse Answered(IReadOnlyList<GroundedStatement> statements, IReadOnlyList<KnowledgeHit> passages, ChatDelta last)
    {
        var quotes = statements.SelectMany(statement => statement.Quotes).Distinct().ToList();
        var lines = statements.Select(statement => $"{statement.Text} {string.Concat(statement.Quotes.Select(quote => $"[{quotes.IndexOf(quote) + 1}]"))}");
        return new()
        {
            Answer = statements.Count == 0 ? NotThere : string.Join('\n', lines),
            Citations = [.. quotes.Select(quote => new CitationResponse
            {
                DocumentId = passages[quote.Source].DocumentId,
                ChunkId = passages[quote.Source].ChunkId,
                Title = passages[quote.Source].Title,
                Quote = quote.Text,
            })],
            Provider = last.Provider,
            Model = last.Model,
            Usage = UsageResponse.Of(last.Usage),
        };
    }
}
