namespace Xentree.Domain.Knowledge;

/// <summary>
/// Reciprocal-rank fusion: two rankings become one by the places that they give, because their scores cannot be compared. What both
/// rank high comes first, and what only one of them found is not lost.
/// </summary>
public static class RankFusion
{
    /// <summary>The higher, the less the first places stand out; 60 is the value of the paper (Cormack, Clarke and Büttcher, 2009).</summary>
    private const double Flatness = 60;

    /// <summary>Fuses two rankings, best first. The score is 1 for what both put first, and falls with the places.</summary>
    public static IReadOnlyList<(Guid Id, double Score)> Fuse(IReadOnlyList<Guid> byWords, IReadOnlyList<Guid> byMeaning)
    {
        ArgumentNullException.ThrowIfNull(byWords);
        ArgumentNullException.ThrowIfNull(byMeaning);
        const double best = 2 / (Flatness + 1);
        var scores = new Dictionary<Guid, double>();
        foreach (var ranking in (IReadOnlyList<Guid>[])[byWords, byMeaning])
        {
            for (var place = 0; place < ranking.Count; place++)
                scores[ranking[place]] = scores.GetValueOrDefault(ranking[place]) + (1 / (Flatness + place + 1) / best);
        }

        // Equal scores by id, so that the same question has the same answer.
        return [.. scores.Select(pair => (Id: pair.Key, Score: pair.Value)).OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)];
    }
}
