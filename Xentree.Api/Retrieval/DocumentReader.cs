using Xentree.Ai;
using Xentree.Data;
using Xentree.Data.Knowledge;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Retrieval;

/// <summary>What somebody may see of the knowledge base, by a question.</summary>
/// <param name="Passages">The passages, best first.</param>
/// <param name="Evidence">What they have to say to it.</param>
internal sealed record Reading(IReadOnlyList<KnowledgeHit> Passages, Evidence Evidence);

/// <summary>Finds passages by a question's words and meaning, and weighs whether they answer it.</summary>
internal sealed class DocumentReader(KnowledgeSearch search, Embedder embedder)
{
    private const int MaxPassages = 6;
    private const int MaxSentences = 64;

    /// <summary>The passages that have most to do with a query.</summary>
    public async Task<IReadOnlyList<KnowledgeHit>> FindAsync(
        Owner owner, string query, int limit, IReadOnlyCollection<Guid>? documentIds, SearchScope scope, CancellationToken cancellation)
    {
        var meaning = await embedder.TryEmbedAsync(query, cancellation);
        return await FindAsync(owner, query, meaning, limit, documentIds, scope, cancellation);
    }

    /// <summary>The passages that an answer may rest on, with what they say.</summary>
    public async Task<Reading> ReadAsync(Owner owner, string question, IReadOnlyCollection<Guid>? documentIds, SearchScope scope, CancellationToken cancellation)
    {
        var meaning = await embedder.TryEmbedAsync(question, cancellation);
        var hits = await FindAsync(owner, question, meaning, MaxPassages, documentIds, scope, cancellation);
        var sentences = SentencesOf(hits);
        var meanings = meaning is null || sentences.Count == 0 ? null : await embedder.TryEmbedAsync([.. sentences.Select(sentence => sentence.Text)], cancellation);
        return new(hits, Weigh(question, hits, sentences, meanings is null ? null : [.. meanings.Select(vector => Cosine(meaning!, vector))]));
    }

    /// <summary>The sentences of passages, as many as are weighed, each with the index of its passage.</summary>
    internal static IReadOnlyList<(int Source, string Text)> SentencesOf(IReadOnlyList<KnowledgeHit> hits) =>
        [.. hits.Take(MaxPassages).Index().SelectMany(hit => Sentences.Of(hit.Item.Content).Select(text => (hit.Index, text))).Take(MaxSentences)];

    /// <summary>What sentences have to say to a question, by their words and by their cosines.</summary>
    internal static Evidence Weigh(string question, IReadOnlyList<KnowledgeHit> hits, IReadOnlyList<(int Source, string Text)> sentences, IReadOnlyList<double>? cosines) =>
        Evidence.Of(question, [.. sentences.Index().Select(sentence => new SourceSentence(
            sentence.Item.Source, sentence.Item.Text, Above(hits[sentence.Item.Source]), cosines?[sentence.Index]))]);

    /// <summary>What stands above a passage: the document's title and the headings.</summary>
    public static string Above(KnowledgeHit hit) => hit.Heading is null ? hit.Title : $"{hit.Title} › {hit.Heading}";

    private Task<IReadOnlyList<KnowledgeHit>> FindAsync(
        Owner owner, string query, float[]? meaning, int limit, IReadOnlyCollection<Guid>? documentIds, SearchScope scope, CancellationToken cancellation) =>
        search.FindAsync(
            owner, new KnowledgeQuestion(query, meaning is null ? null : new QuestionVector(embedder.Model!, meaning), limit, documentIds, scope), cancellation);

    // Both have length 1.
    internal static double Cosine(float[] one, float[] other) => System.Numerics.Tensors.TensorPrimitives.Dot(one, other);
}
