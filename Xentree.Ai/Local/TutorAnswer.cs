using System.Text;
using Xentree.Ai.Grammar;

namespace Xentree.Ai.Local;

/// <summary>What the tutor answers.</summary>
/// <param name="Message">The learner's message.</param>
/// <param name="Before">What the tutor said before it; empty when nothing.</param>
/// <param name="Turn">How many messages the learner has written, with this one.</param>
/// <param name="UserLanguage">The language to explain in, if known.</param>
/// <param name="Passages">Passages of the learner's documents that may hold an answer; null where the documents were not asked.</param>
internal sealed record TutorPrompt(string Message, string Before = "", int Turn = 1, string? UserLanguage = null, IReadOnlyList<Passage>? Passages = null);

/// <summary>
/// What the tutor says: the exercise before, what was asked for, corrections with their reasons, the text put right, an exercise, and
/// what all of it rests on.
/// </summary>
internal sealed class TutorAnswer(GrammarChecker grammar, LanguageServer dictionary)
{
    private const int MaxCorrections = 20;
    private const int MaxAlternatives = 3;
    private const string Session = "**Exercise: ";

    private const string Abilities =
        """
        I can do four things:
        - correct what you write in English, and say why;
        - tell what a word means: “define reluctant”, “synonyms of happy”;
        - give you exercises: “give me an exercise”, “practise the past simple”, “an exercise on articles”;
        - quote from your documents, where this installation has them.
        """;

    public async Task<string> ToAsync(TutorPrompt prompt, CancellationToken cancellation)
    {
        var parts = new List<string>();
        var request = TutorRequest.In(prompt.Message);
        var isHandled = Exercise(prompt, request, parts);
        if (!isHandled) isHandled = await AskedAsync(prompt, request, parts, cancellation);

        var report = default(GrammarReport);
        if (!isHandled || request is not null)
        {
            report = EnglishText.IsLikely(prompt.Message) ? await grammar.CheckAsync(prompt.Message, prompt.UserLanguage, cancellation) : null;
            if (report is { Corrections.Count: > 0 })
            {
                parts.Add(Listed(report.Corrections, prompt.Message));
                if (!isHandled && Next(report.Corrections, prompt.Turn) is { } exercise) parts.Add($"**Your turn.** {ExerciseBook.FillTheGap}{exercise.Task}");
            }
            else if (!isHandled)
            {
                parts.Add(NothingFound(prompt.Message, report));
            }
        }

        if (!isHandled && prompt.Message.TrimEnd().EndsWith('?'))
            parts.Add("You ask a question: I only check how it is written. To get it answered, somebody must configure a language model in AI:Providers.");
        if (prompt.UserLanguage is { Length: > 0 } && !prompt.UserLanguage.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            parts.Add("I can explain in English only.");
        parts.Add(WhatItRestsOn(report, prompt.Message));
        return string.Join("\n\n", parts);
    }

    /// <summary>The answer to the exercise before, and the next one where a row of them was asked for.</summary>
    private static bool Exercise(TutorPrompt prompt, TutorRequest? request, List<string> parts)
    {
        if (ExerciseBook.GivenIn(prompt.Before) is not var (topic, exercise)) return false;

        var goesOn = prompt.Before.Contains(Session, StringComparison.Ordinal);
        switch (request)
        {
            case TutorRequest.Stop:
                parts.Add("Good, no more exercises. Write me something, and I check it.");
                return true;
            case TutorRequest.Skip:
                parts.Add($"The gap takes “{exercise.Answer}”: {ExerciseBook.Solution(exercise)} {topic.Why}");
                break;
            case null when ExerciseBook.Read(prompt.Message, exercise) is { } answer:
                parts.Add(answer.IsRight ? $"“{exercise.Answer}” is right." : $"The gap takes “{exercise.Answer}”: {ExerciseBook.Solution(exercise)} {topic.Why}");
                break;
            default:
                return false;
        }

        if (goesOn || request is TutorRequest.Skip) parts.Add(Given(topic, topic.After(exercise)));
        return true;
    }

    private async Task<bool> AskedAsync(TutorPrompt prompt, TutorRequest? request, List<string> parts, CancellationToken cancellation)
    {
        switch (request)
        {
            case TutorRequest.Greeting:
                parts.Add($"Hello! I am Xentree’s local tutor, a program made of rules. {Abilities}");
                return true;
            case TutorRequest.Introduction:
                parts.Add($"I am Xentree’s local tutor, {RulesTutor.Model}: a program made of rules and a dictionary. I am no person and no language model, so I cannot hold a conversation or answer questions about the world. {Abilities}");
                return true;
            case TutorRequest.Meaning meaning:
                parts.Add(await MeaningAsync(meaning, cancellation));
                return true;
            case TutorRequest.Practice(var topic):
                parts.Add(Given(topic, topic.Exercises[prompt.Turn % topic.Exercises.Count]));
                return true;
        }

        if (prompt.Passages is null) return false;
        if (Passages.Quote(prompt.Message, prompt.Passages) is { } quotes)
        {
            parts.Add($"This is what your documents say, word for word:\n\n{quotes}");
            return true;
        }

        parts.Add("I found nothing in your documents that answers this.");
        return prompt.Message.TrimEnd().EndsWith('?');
    }

    private async Task<string> MeaningAsync(TutorRequest.Meaning asked, CancellationToken cancellation)
    {
        var senses = await dictionary.DefineAsync(Definitions.LookUpForm(asked.Word), cancellation);
        return Definitions.Told(asked, senses);
    }

    private static string Given(ExerciseTopic topic, Exercise exercise) =>
        $"{Session}{topic.Name}.** {ExerciseBook.FillTheGap}{exercise.Task}\n\nAnswer with the missing word; “skip” shows it, and “stop” ends the exercises.";

    private static string Listed(IReadOnlyList<Correction> corrections, string message)
    {
        var text = new StringBuilder();
        text.Append(corrections.Count == 1 ? "I found one thing to correct" : $"I found {corrections.Count} things to correct");
        text.Append(" in your ").Append(Count(message)).Append(".\n");

        var explained = new HashSet<string>();
        foreach (var (index, correction) in corrections.Take(MaxCorrections).Index())
        {
            text.Append('\n').Append(index + 1).Append(". “").Append(correction.Found.Trim()).Append('”');
            var replacements = correction.Replacements.Select(replacement => replacement.Trim()).Take(1 + MaxAlternatives).ToList();
            if (replacements.Count > 0) text.Append(replacements[0].Length == 0 ? " → leave it out" : $" → **{replacements[0]}**");
            if (replacements.Count > 1) text.Append(" (or ").AppendJoin(", ", replacements.Skip(1)).Append(')');

            text.Append(": ").Append(correction.Category).Append('.');
            if (explained.Add(correction.Category + correction.Message)) text.Append(' ').Append(correction.Message);
        }

        if (corrections.Count > MaxCorrections) text.Append("\n\nThe other ").Append(corrections.Count - MaxCorrections).Append(" are mended below.");
        return text.Append("\n\n**Corrected:** ").Append(Correction.Apply(message, corrections).Trim()).ToString();
    }

    private static string NothingFound(string message, GrammarReport? report) => Tokens.Words(message) == 0
        ? "There are no words in your message. Write me a few sentences in English, about your day for example, and I check them."
        : report is null ? "Your message does not look like English, and I can check English only."
        : $"None of my rules objects to your {Count(message)}. "
            + "Write me a few more sentences in English, about your day for example, and I check them.";

    /// <summary>An exercise for the first broken rule that has any; another one on the next turn.</summary>
    private static Exercise? Next(IReadOnlyList<Correction> corrections, int turn) =>
        corrections.Select(correction => correction.Rule?.Exercises ?? []).FirstOrDefault(exercises => exercises.Length > 0) is { } exercises
            ? exercises[turn % exercises.Length]
            : null;

    private static string WhatItRestsOn(GrammarReport? report, string message)
    {
        var rules = $"{GrammarRules.All.Count} rules about common learner errors";
        return report?.Harper switch
        {
            HarperAnswer.Whole => $"_This answer comes from {RulesTutor.Model}: the grammar checker Harper and {rules}, no language model. What they do not cover stays unseen._",
            HarperAnswer.Partial => $"_This answer comes from {RulesTutor.Model}: {rules}, no language model. The grammar checker Harper read the first {Count(message[..report.HarperRead])} in the time it has; after them, errors that no rule covers stay unseen._",
            HarperAnswer.Unreachable => $"_This answer comes from {RulesTutor.Model}: {rules}, no language model. The grammar checker Harper cannot be reached at the moment, so more errors than usual stay unseen._",
            HarperAnswer.NotConfigured => $"_This answer comes from {RulesTutor.Model}: {rules}, no language model. This installation has no grammar checker besides, so an error that no rule covers stays unseen._",
            _ => $"_This answer comes from {RulesTutor.Model}: rules, no language model._",
        };
    }

    private static string Count(string message) => Tokens.Words(message) is var words && words == 1 ? "one word" : $"{words} words";
}
