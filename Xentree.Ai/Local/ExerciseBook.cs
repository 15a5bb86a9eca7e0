using System.Text.RegularExpressions;

namespace Xentree.Ai.Local;

/// <summary>What exercises may be about.</summary>
/// <param name="Name">Its name for the learner.</param>
/// <param name="Why">The rule, in a sentence.</param>
/// <param name="Asked">How it is asked for.</param>
/// <param name="Exercises">The exercises, no two with the same task.</param>
internal sealed record ExerciseTopic(string Name, string Why, Regex Asked, IReadOnlyList<Exercise> Exercises)
{
    /// <summary>The exercise after another one.</summary>
    public Exercise After(Exercise exercise) => Exercises[(Exercises.ToList().IndexOf(exercise) + 1) % Exercises.Count];
}

/// <summary>
/// All exercises that the tutor gives: those of the rules, and gaps made of the verbs whose forms it knows. An exercise that was given is
/// recognised by its task in the conversation, so nothing needs to be kept between two turns.
/// </summary>
internal static partial class ExerciseBook
{
    /// <summary>How a task is announced; what follows on the line is the task.</summary>
    public const string FillTheGap = "Fill the gap: ";

    /// <summary>Verbs with something to do them to, so that each makes a sentence.</summary>
    private const string Scenes =
        """
        go to the market, see an old friend, eat an apple, take the bus, buy fresh bread, make a cake, write a long letter, speak to the teacher,
        drink a cup of tea, drive to the sea, tell him the truth, meet a famous singer, break a glass, bring some flowers, choose the red one,
        do the homework, fly to London, forget the key, keep the change, lose the game, pay the bill, ride a bike, run five kilometres,
        sell the old car, send a message, sing a song, sleep eight hours, spend ten euros, swim in the lake, teach a class, wear a blue coat,
        win the match, work late, play football, study English, help a neighbour, talk to the neighbours, walk to school, watch a film,
        visit a museum, cook dinner, clean the kitchen, listen to the radio, open the window, carry a heavy bag, wash the dishes, wait for the bus
        """;

    /// <summary>The topics, in the order in which they are offered.</summary>
    public static IReadOnlyList<ExerciseTopic> Topics { get; } =
    [
        Topic("the past simple", "What is over, as “yesterday” says, is told in the past tense; after “didn’t” comes the base form.",
            """past|irregular|yesterday|\bdid""",
            [.. Made((verb, scene) => new($"Yesterday she {Exercise.Gap} {scene}. ({verb.Base})", verb.Past),
                (verb, scene) => new($"They didn’t {Exercise.Gap} {scene} last week. ({verb.Base} / {verb.Past})", verb.Base))],
            "The base form after “did”", "The past after “yesterday” and “last”"),

        Topic("the present simple", "In the present tense the verb after “he”, “she” or “it” takes -s.",
            """present\s+(?:simple|tense)|simple\s+present|third\s+person|present(?!\s+perfect)""",
            [.. Made((verb, scene) => new($"Every Saturday he {Exercise.Gap} {scene}. ({verb.Base})", verb.Third))],
            "“-s” after he, she and it", "“doesn’t” after he, she and it", "The base form after “doesn’t”"),

        Topic("the present perfect", "After “have” and “has” comes the past participle.",
            """perfect|participle|have\s+done""",
            [.. Made((verb, scene) => new($"We have already {Exercise.Gap} {scene}. ({verb.Base})", verb.Participle))],
            "The present perfect with “since”"),

        Topic("articles", "Before a vowel sound the article is “an”, else “a”. What cannot be counted takes neither.", """articles?\b|\ba\b.*\ban\b""", [],
            "“a” before a vowel sound", "“an” before a consonant sound", "“a piece of” with nouns that cannot be counted"),

        Topic("prepositions", "Many verbs and adjectives go with one preposition of their own: depend on, listen to, married to.", "preposition", [],
            "“depend on”", "“listen to”", "“discuss” without “about”", "“married to”", "“explain to me”"),

        Topic("verb and subject", "He, she and it take is, was, has, does; you, we and they take are, were, have, do.", """agree|subject|\bbe\b|is\s+and\s+are|to\s+be""", [],
            "The verb after I, you, we and they", "“people” and “children” are plural", "“everybody” and “news” are singular", "“there are” with a plural", "Age with “be”"),

        Topic("nouns", "What cannot be counted has no plural; “many” goes with what can, “much” with what cannot.", """noun|plural|countable|much|many""", [],
            "Nouns without a plural", "“many” with things that can be counted", "“a piece of” with nouns that cannot be counted"),

        Topic("comparatives", "“More” and “-er” mean the same: use one of them.", "compar|superlative", [], "One comparative is enough"),

        Topic("verb forms", "After “to”, can, must and should comes the base form.", """modal|infinitive|verbs?\b|\bto\b""", [],
            "The base form after “to”", "The base form after “can”, “must” and “should”", "“could have”", "“agree” is a verb", "“do homework”", "“tell me”"),

        Topic("spelling and capitals", "“I”, languages, days and months are capitals; the apostrophe stands for the letter that is left out.",
            """spell|capital|apostrophe|writing""", [],
            "The pronoun “I” is a capital", "The apostrophe of “not”", "Languages, days and months are capitals"),
    ];

    private static readonly Dictionary<string, (ExerciseTopic Topic, Exercise Exercise)> ByTask = Topics
        .SelectMany(topic => topic.Exercises.Select(exercise => (topic, exercise)))
        .DistinctBy(entry => entry.exercise.Task)
        .ToDictionary(entry => entry.exercise.Task, StringComparer.Ordinal);

    /// <summary>The topic that a learner names; the first when they name none.</summary>
    public static ExerciseTopic Asked(string message) => Topics.FirstOrDefault(topic => topic.Asked.IsMatch(message)) ?? Topics[0];

    /// <summary>The exercise that an answer of the tutor's ends with, if it gives one.</summary>
    public static (ExerciseTopic Topic, Exercise Exercise)? GivenIn(string answer)
    {
        var at = answer.LastIndexOf(FillTheGap, StringComparison.Ordinal);
        if (at < 0) return null;
        var task = answer[(at + FillTheGap.Length)..].Split('\n')[0].Trim();
        return ByTask.TryGetValue(task, out var given) ? given : null;
    }

    /// <summary>What the learner puts into the gap; null where the message is about something else.</summary>
    public static GapAnswer? Read(string message, Exercise exercise)
    {
        var said = Plain(message);
        var sentence = Hint.Replace(exercise.Task, "");
        if (said == Plain(exercise.Answer) || said == Plain(exercise.Solved) || said == Plain(sentence.Replace(Exercise.Gap, exercise.Answer, StringComparison.Ordinal)))
            return new(exercise.Answer, true);

        // The whole sentence, with something else in the gap.
        var (before, after) = sentence.Split(Exercise.Gap) is [var head, var tail] ? (Plain(head), Plain(tail)) : ("", "");
        if (said.Length > before.Length + after.Length && said.StartsWith(before, StringComparison.Ordinal) && said.EndsWith(after, StringComparison.Ordinal)
            && before.Length + after.Length > 0)
            return new(said[before.Length..^after.Length].Trim(), false);

        // Only a word or two can be meant as the filling of the gap.
        return Tokens.Words(message) is > 0 and <= MaxGapWords ? new(message.Trim().TrimEnd('.', '!'), false) : null;
    }

    /// <summary>The sentence with the gap filled, without the hint.</summary>
    public static string Solution(Exercise exercise) => Hint.Replace(exercise.Task, "").Replace(Exercise.Gap, exercise.Answer, StringComparison.Ordinal);

    private const int MaxGapWords = 3;

    private static ExerciseTopic Topic(string name, string why, string asked, IReadOnlyList<Exercise> made, params string[] rules) => new(
        name,
        why,
        new Regex(asked, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture),
        [.. made, .. rules.SelectMany(rule => GrammarRules.All.Single(r => r.Name == rule).Exercises)]);

    // The forms of a sentence take turns, so that two exercises in a row differ in more than their verb.
    private static IEnumerable<Exercise> Made(params Func<Verb, string, Exercise>[] forms) =>
        Scenes.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(scene => scene.Split(' ', 2))
            .Select((scene, index) => forms[index % forms.Length](Verbs.ByBase[scene[0]], scene[1]));

    private static string Plain(string text) => NotLetters.Replace(text.ToLowerInvariant(), " ").Trim();

    [GeneratedRegex(@"\s*\([^)]*\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Hint { get; }

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotLetters { get; }
}

/// <summary>What a learner put into a gap.</summary>
/// <param name="Said">The filling.</param>
/// <param name="IsRight">Whether it is what belongs there.</param>
internal sealed record GapAnswer(string Said, bool IsRight);
