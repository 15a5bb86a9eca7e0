using System.Text;
using Xentree.Ai.Grammar;

namespace Xentree.Ai.Local;

/// <summary>What a word means, in WordNet's words.</summary>
internal static class Definitions
{
    private const int MaxSenses = 5;
    private const int MaxSynonyms = 8;
    private const string Source = "_WordNet 3.1, Princeton University._";

    /// <summary>The form to look up: the verb's base where the word is a form of one that is not regular.</summary>
    public static string LookUpForm(string word) => Verbs.ByForm.TryGetValue(word, out var verb) ? verb.Base : word;

    /// <summary>The senses, or the synonyms, as text.</summary>
    public static string Told(TutorRequest.Meaning asked, IReadOnlyList<Sense>? senses)
    {
        if (senses is null) return $"You ask about “{asked.Word}”: I have no dictionary here at the moment, so I cannot tell, and I do not guess.";
        if (senses.Count == 0) return $"WordNet 3.1, my dictionary, does not have “{asked.Word}”. Is it spelled so?";
        return asked.IsSynonyms ? Synonyms(asked.Word, senses) : Meanings(asked.Word, senses);
    }

    private static string Meanings(string word, IReadOnlyList<Sense> senses)
    {
        var text = new StringBuilder($"**{Heading(word, senses)}**\n");
        foreach (var (index, sense) in senses.Take(MaxSenses).Index())
        {
            text.Append($"\n{index + 1}. _{sense.PartOfSpeech}_: {sense.Gloss}");
            if (sense.Examples.Count > 0) text.Append($". Example: “{sense.Examples[0]}”");
            if (sense.Synonyms.Count > 0) text.Append($". Synonyms: {string.Join(", ", sense.Synonyms.Take(MaxSynonyms))}");
        }

        if (senses.Count > MaxSenses) text.Append($"\n\nThere are {senses.Count - MaxSenses} more meanings that are less usual.");
        return text.Append($"\n\n{Source}").ToString();
    }

    private static string Synonyms(string word, IReadOnlyList<Sense> senses)
    {
        var with = senses.Where(sense => sense.Synonyms.Count > 0).Take(MaxSenses).ToList();
        if (with.Count == 0) return $"WordNet 3.1 has “{word}”, but no synonyms of it.";
        var text = new StringBuilder($"**Synonyms of {Heading(word, senses)}**\n");
        foreach (var sense in with) text.Append($"\n- {string.Join(", ", sense.Synonyms.Take(MaxSynonyms))} (_{sense.PartOfSpeech}_: {sense.Gloss})");
        return text.Append($"\n\n{Source}").ToString();
    }

    private static string Heading(string word, IReadOnlyList<Sense> senses) =>
        senses.Select(sense => sense.Lemma).FirstOrDefault(lemma => !lemma.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } lemma
            && senses.All(sense => !sense.Lemma.Equals(word, StringComparison.OrdinalIgnoreCase))
            ? $"{word} (a form of “{lemma}”)"
            : word;
}
