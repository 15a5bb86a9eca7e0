namespace Xentree.Domain.Knowledge;

/// <summary>
/// Makes one ranking of two: what holds words of a question, and what means nearly the same. Meaning leads, and words add to it by the share
/// of the question that they cover. Reciprocal ranks were tried and found less than meaning alone: the first of many passages that hold
/// some word of a question counts for as much there as one that holds it whole. See docs/benchmarks-knowledge.md.
/// </summary>
public static class HybridScore
{
    /// <summary>What the whole question's words weigh beside a cosine.</summary>
    private const double Words = 0.15;

    /// <summary>Fuses the two, best first; each score is above 0 and at most 1.</summary>
    /// <param name="byWords">Passages with the share of the question's words that they hold.</param>
    /// <param name="byMeaning">The nearest passages with their cosines; empty where meanings were not compared.</param>
    public static IReadOnlyList<(Guid Id, double Score)> Fuse(IReadOnlyList<(Guid Id, double Share)> byWords, IReadOnlyList<(Guid Id, double Cosine)> byMeaning)
    {
        ArgumentNullException.ThrowIfNull(byWords);
        ArgumentNullException.ThrowIfNull(byMeaning);
        // What is not among the nearest is no nearer than the last of them.
        var last = byMeaning.Count == 0 ? 0 : byMeaning[^1].Cosine;
        var cosines = byMeaning.ToDictionary(hit => hit.Id, hit => hit.Cosine);
        var shares = byWords.ToDictionary(hit => hit.Id, hit => hit.Share);
        var whole = byMeaning.Count == 0 ? Words : 1 + Words;
        // Equal scores by id, so that the same question has the same answer.
        return
        [
            .. cosines.Keys.Union(shares.Keys)
                .Select(id => (Id: id, Score: Math.Clamp((cosines.GetValueOrDefault(id, last) + (Words * shares.GetValueOrDefault(id))) / whole, double.Epsilon, 1)))
                .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id),
        ];
    }
}
