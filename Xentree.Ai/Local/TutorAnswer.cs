using System.Text;
using System.Text.RegularExpressions;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Xentree.Ai.Local;

/// <summary>What the tutor says: the exercise before, corrections with their reasons, the text put right, an exercise, and what all of it rests on.</summary>
internal static partial class TutorAnswer
{
    private const int MaxCorrections = 20;
    private const int MaxExerciseWords = 3;

    public static string To(ChatHistory history, string? userLanguage)
    {
        var message = history.LastOrDefault(turn => turn.Role == AuthorRole.User)?.Content ?? "";
        var before = history.LastOrDefault(turn => turn.Role == AuthorRole.Assistant)?.Content ?? "";
        var parts = new List<string>();

        if (Checked(message, before) is var (verdict, isAnswer) && verdict is not null) parts.Add(verdict);

        var corrections = EnglishText.IsLikely(message) ? Correction.In(message) : [];
        if (corrections.Count > 0)
        {
            parts.Add(Listed(corrections, message));
            if (Next(corrections, history.Count(turn => turn.Role == AuthorRole.User)) is { } exercise) parts.Add($"**Your turn.** Fill the gap: {exercise.Task}");
        }
        else if (!isAnswer)
        {
            parts.Add(NothingFound(message));
        }

        if (AsksForMeaning.IsMatch(message)) parts.Add("You ask for a meaning: I have no dictionary here, so I cannot tell it, and I do not guess.");
        else if (message.TrimEnd().EndsWith('?') && !isAnswer)
            parts.Add("You ask a question: I only check how it is written. To get it answered, somebody must configure a language model in AI:Providers.");

        if (userLanguage is { Length: > 0 } && !userLanguage.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            parts.Add("I can explain in English only.");
        parts.Add($"_This answer comes from {RulesTutor.Model}: {GrammarRules.All.Count} rules about common learner errors, no language model. "
            + "An error that no rule covers stays unseen._");
        return string.Join("\n\n", parts);
    }

    private static (string? Verdict, bool IsAnswer) Checked(string message, string before)
    {
        var exercise = GrammarRules.All.SelectMany(rule => rule.Exercises).FirstOrDefault(e => before.Contains(e.Task, StringComparison.Ordinal));
        if (exercise is null) return default;

        var said = Plain(message);
        if (said == Plain(exercise.Answer) || said == Plain(exercise.Solved) || said == Plain(WithoutHint(exercise.Solved)))
            return ($"“{exercise.Answer}” is right.", true);

        // Only a word or two can be meant as the filling of the gap.
        return Tokens.Words(message) <= MaxExerciseWords
            ? ($"The gap takes “{exercise.Answer}”: {WithoutHint(exercise.Solved)}", true)
            : (null, false);
    }

    private static string Listed(IReadOnlyList<Correction> corrections, string message)
    {
        var text = new StringBuilder();
        text.Append(corrections.Count == 1 ? "I found one thing to correct" : $"I found {corrections.Count} things to correct");
        text.Append(" in your ").Append(Count(message)).Append(".\n");

        var explained = new HashSet<string>();
        foreach (var (index, correction) in corrections.Take(MaxCorrections).Index())
        {
            text.Append('\n').Append(index + 1).Append(". “").Append(correction.Found.Trim()).Append("” → **").Append(correction.Replacement.Trim());
            text.Append("**: ").Append(correction.Rule.Name).Append('.');
            if (explained.Add(correction.Rule.Name)) text.Append(' ').Append(correction.Rule.Why);
        }

        if (corrections.Count > MaxCorrections) text.Append("\n\nThe other ").Append(corrections.Count - MaxCorrections).Append(" are mended below.");
        return text.Append("\n\n**Corrected:** ").Append(Correction.Apply(message, corrections).Trim()).ToString();
    }

    private static string NothingFound(string message) => Tokens.Words(message) == 0
        ? "There are no words in your message. Write me a few sentences in English, about your day for example, and I check them."
        : !EnglishText.IsLikely(message) ? "Your message does not look like English, and I can check English only."
        : $"None of my rules objects to your {Count(message)}. "
            + "Write me a few more sentences in English, about your day for example, and I check them.";

    /// <summary>An exercise for the first broken rule that has any; another one on the next turn.</summary>
    private static Exercise? Next(IReadOnlyList<Correction> corrections, int turn) =>
        corrections.Select(correction => correction.Rule.Exercises).FirstOrDefault(exercises => exercises.Length > 0) is { } exercises
            ? exercises[turn % exercises.Length]
            : null;

    private static string Count(string message) => Tokens.Words(message) is var words && words == 1 ? "one word" : $"{words} words";

    private static string WithoutHint(string task) => Hint.Replace(task, "");

    private static string Plain(string text) => NotLetters.Replace(text.ToLowerInvariant(), " ").Trim();

    [GeneratedRegex(@"\s*\([^)]*\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Hint { get; }

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotLetters { get; }

    [GeneratedRegex(@"\b(what\s+(does|do|is\s+the\s+meaning)\b.*\b(mean|of)\b|define|definition|synonyms?|meaning\s+of)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AsksForMeaning { get; }
}
