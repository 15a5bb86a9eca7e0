using System.Collections.Frozen;

namespace Xentree.Ai.Local;

/// <summary>A verb with its forms.</summary>
/// <param name="Base">The form of the infinitive.</param>
/// <param name="Third">The form after he, she and it.</param>
/// <param name="Past">The past tense.</param>
/// <param name="Participle">The past participle.</param>
internal sealed record Verb(string Base, string Third, string Past, string Participle);

/// <summary>
/// The common verbs that the rules know. Verbs whose past is their base (put, read) are left out, and so are forms that are also the
/// base of another verb (found, felt, left): a rule could not tell them apart.
/// </summary>
internal static class Verbs
{
    private const string Irregular =
        """
        go went gone, see saw seen, eat ate eaten, come came come, take took taken, buy bought bought, make made made, get got got,
        give gave given, write wrote written, speak spoke spoken, drink drank drunk, drive drove driven, know knew known,
        think thought thought, tell told told, say said said, meet met met, begin began begun, break broke broken, bring brought brought,
        build built built, catch caught caught, choose chose chosen, do did done, fly flew flown, forget forgot forgotten, grow grew grown,
        have had had, hear heard heard, hold held held, keep kept kept, lose lost lost, pay paid paid, ride rode ridden, run ran run,
        sell sold sold, send sent sent, sing sang sung, sit sat sat, sleep slept slept, spend spent spent, swim swam swum,
        teach taught taught, understand understood understood, wake woke woken, wear wore worn, win won won
        """;

    private const string Regular =
        """
        want like work play live study need ask call help talk walk watch look use try start finish stay visit travel cook clean listen
        learn love enjoy open close happen change answer arrive believe decide move carry dance hope smile wash wait agree remember
        explain follow hate rain snow
        """;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Verb> All { get; } =
    [
        .. Irregular.Split(',', StringSplitOptions.TrimEntries).Select(forms => forms.Split(' '))
            .Select(forms => new Verb(forms[0], Third(forms[0]), forms[1], forms[2])),
        .. Regular.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(verb => new Verb(verb, Third(verb), RegularPast(verb), RegularPast(verb))),
    ];

    /// <summary>By each form that is not the base.</summary>
    public static FrozenDictionary<string, Verb> ByForm { get; } = All
        .SelectMany(verb => new[] { verb.Third, verb.Past, verb.Participle }.Where(form => form != verb.Base).Distinct().Select(form => (form, verb)))
        .ToFrozenDictionary(entry => entry.form, entry => entry.verb, StringComparer.OrdinalIgnoreCase);

    /// <summary>By the base.</summary>
    public static FrozenDictionary<string, Verb> ByBase { get; } = All.ToFrozenDictionary(verb => verb.Base, StringComparer.OrdinalIgnoreCase);

    /// <summary>One of these words, as a pattern.</summary>
    public static string Any(Func<Verb, string> form) => string.Join('|', All.Select(form).Distinct());

    private static string Third(string verb) => verb switch
    {
        "have" => "has",
        [.., 's' or 'x' or 'z' or 'o'] or [.., 's' or 'c', 'h'] => verb + "es",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => verb[..^1] + "ies",
        _ => verb + "s",
    };

    private static string RegularPast(string verb) => verb switch
    {
        [.., 'e'] => verb + "d",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => verb[..^1] + "ied",
        _ => verb + "ed",
    };
}
