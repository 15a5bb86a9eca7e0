namespace Xentree.Domain.Xp;

/// <summary>A day's XP as the profile shows it (X6).</summary>
/// <param name="Segments">XP of everything but the course.</param>
/// <param name="Quizzes">XP of the course.</param>
public readonly record struct DayXp(long Segments, long Quizzes)
{
    /// <summary>All of it.</summary>
    public long Total => Segments + Quizzes;

    /// <summary>This day with a row more.</summary>
    /// <param name="award">A row of the day.</param>
    public DayXp Plus(XpAward award) => award.Source == XpSource.Xel
        ? this with { Quizzes = Quizzes + award.Amount }
        : this with { Segments = Segments + award.Amount };
}
