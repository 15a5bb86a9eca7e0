using System.Text.RegularExpressions;

namespace Xentree.Ai.Local;

/// <summary>
/// The rules of <c>rules-1</c>. Each is narrow on purpose: the same words are often right elsewhere (“the man next to you is”, “let it
/// go”), so most look at words only where a clause begins. What each must find and must leave alone, its tests say.
/// </summary>
internal static class GrammarRules
{
    /// <summary>Where a clause surely begins: at the start, after punctuation, or after one of these conjunctions.</summary>
    private const string ClauseStart = """(?<=(?:^|[.!?;:,(\n"“]\s*|\b(?:because|when|although|while)\s+))""";

    private const string Adverb = "(?:(?:always|usually|often|sometimes|never|really|also|still|only)\\s+)?";
    private const string Not = "n['’]t|\\s+not";
    private const string Numbers =
        "\\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
        + "|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\\w+)?";

    private const string Comparatives =
        "better|worse|bigger|smaller|easier|faster|taller|older|younger|cheaper|happier|stronger|nicer|longer|shorter|higher|lower|harder|colder"
        + "|hotter|richer|safer|slower|warmer|prettier|funnier|healthier|heavier";

    private const string Languages =
        "english(?!\\s+muffin)|spanish|italian|portuguese|german(?!\\s+measles)|french(?!\\s+(?:fr|toast|door|window|press|kiss|bean|horn))";

    private const string DaysAndMonths =
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|april|september|october|november|december";

    private const string Superlatives =
        "best|worst|biggest|smallest|easiest|fastest|tallest|oldest|youngest|cheapest|happiest|strongest|nicest|longest|shortest|highest";

    /// <summary>Words that begin with a vowel sound; letter names (“a and b”) and the words that may follow them are none.</summary>
    private const string VowelSound =
        "(?!(?:and|are|at|am|about|after|above|across|again|also|as|all|any)\\b)a[a-z]{2,}"
        + "|(?!eu|ewe)e[a-z]{2,}"
        + "|(?!(?:if|is|in|it|into|instead)\\b)i[a-z]{2,}"
        + "|(?!one|once|(?:of|on|or|over|off|out|onto)\\b)o[a-z]{2,}"
        + "|(?:um|un(?!i|anim)|ugl|up|ul|urge|utter|ush)[a-z]{2,}|up\\b"
        + "|hours?\\b|hourly\\b|honest|honou?r|heir";

    /// <summary>Words that begin with a consonant sound. Without a vowel, or short ones that begin like “em” or “es”, they may be read letter by letter.</summary>
    private const string ConsonantSound =
        "[bcdgjkpqtvwyz](?=[a-z]*[aeiouy])[a-z]{2,}"
        + "|[flmnrsx](?=[a-z]*[aeiouy])[a-z]{3,}"
        + "|h(?!our|onest|ono|eir|erb|istor|otel|omage|ors|abitual|allucin|eredit|orrif)(?=[a-z]*[aeiouy])[a-z]{3,}"
        + "|euro|uni(?:on|que|t|form|vers)|use(?:d|ful|r|less)?\\b|usual";

    /// <summary>A plural noun probably follows: “more older people” may mean more people. Function words that end in s are none.</summary>
    private const string NounFollows = "\\s+(?:people|men|women|children|(?!(?:is|was|as|us|this|always|his|has|does|its)\\b)\\w{2,}s\\b)";

    private static readonly Dictionary<string, string> Uncountable = new(StringComparer.OrdinalIgnoreCase)
    {
        ["informations"] = "information",
        ["advices"] = "advice",
        ["furnitures"] = "furniture",
        ["homeworks"] = "homework",
        ["equipments"] = "equipment",
        ["luggages"] = "luggage",
        ["baggages"] = "baggage",
        ["knowledges"] = "knowledge",
        ["softwares"] = "software",
        ["sceneries"] = "scenery",
    };

    private static readonly Dictionary<string, string> Plural = new(StringComparer.OrdinalIgnoreCase)
    {
        ["is"] = "are",
        ["isn't"] = "aren't",
        ["isn’t"] = "aren’t",
        ["was"] = "were",
        ["wasn't"] = "weren't",
        ["wasn’t"] = "weren’t",
        ["has"] = "have",
        ["hasn't"] = "haven't",
        ["hasn’t"] = "haven’t",
        ["does"] = "do",
        ["doesn't"] = "don't",
        ["doesn’t"] = "don’t",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GrammarRule> All { get; } =
    [
        new("The pronoun “I” is a capital",
            "The pronoun “I” is always a capital letter, also inside a sentence.",
            Exact("""(?<![\w.'’(/\-])(?<!letter )(?<!variable )i(?=['’](?:m|ve|ll|d)\b|\s+(?![=+*/<>-])|[?!](?:\s|$)|$)"""),
            _ => "I",
            new Exercise("Yesterday my sister and ___ went to the park. (i / I)", "I")),

        new("A word written twice",
            "The same word stands here twice.",
            Loose("""\b(?<word>the|a|an|and|or|my|your|our|their|we|they|she|I|because)\s+\k<word>\b"""),
            m => m.Groups["word"].Value),

        new("“a” before a vowel sound",
            "Before a vowel sound the article is “an”. The sound decides and not the letter: an hour, but a university.",
            Loose($"""\ba(?=\s+(?:{VowelSound})[a-z]*\b)"""),
            m => IsBeforeLetters(m) ? null : "an",
            new Exercise("She is ___ engineer. (a / an)", "an"),
            new Exercise("We waited for ___ hour. (a / an)", "an")),

        new("“an” before a consonant sound",
            "Before a consonant sound the article is “a”. The sound decides and not the letter: a university, but an hour.",
            Loose($"""\ban(?=\s+(?:{ConsonantSound})[a-z]*\b)"""),
            m => IsBeforeLetters(m) ? null : "a",
            new Exercise("It was ___ useful lesson. (a / an)", "a"),
            new Exercise("He studies at ___ university. (a / an)", "a")),

        new("“-s” after he, she and it",
            "In the present tense the verb after “he”, “she” or “it” takes -s.",
            Loose($"""{ClauseStart}(?<who>he|she|it)\s+(?<adverb>{Adverb})(?<verb>{Verbs.Any(v => v.Base)})\b(?!\s+not\b)"""),
            m => $"{m.Groups["who"]} {m.Groups["adverb"]}{Verbs.ByBase[m.Groups["verb"].Value].Third}",
            new Exercise("My brother is a doctor. He ___ in a hospital. (work)", "works"),
            new Exercise("She ___ to school by bus. (go)", "goes")),

        new("“doesn’t” after he, she and it",
            "After “he”, “she” or “it” the negative is “doesn’t” or “does not”.",
            Loose($"""{ClauseStart}(?<who>he|she|it)\s+do(?<not>{Not})\b"""),
            m => $"{m.Groups["who"]} does{m.Groups["not"]}",
            new Exercise("He ___ like coffee. (don’t / doesn’t)", "doesn’t")),

        new("The verb after I, you, we and they",
            "The forms “is”, “was”, “has” and “does” go with he, she and it. After you, we and they: are, were, have, do. After I: am, was, have, do.",
            Loose($"""{ClauseStart}(?<who>I|you|we|they)\s+(?<verb>(?:is|was|has|does)(?:n['’]t)?)(?!['’\w])"""),
            AgreeWithPronoun,
            new Exercise("They ___ my friends. (is / are)", "are"),
            new Exercise("We ___ at home last night. (was / were)", "were")),

        new("“people” and “children” are plural",
            "“People” and “children” are plural: people are, people have, children were.",
            Loose("""(?<=(?:^|[.!?;,\n]\s*|\b(?:because|when|that|but)\s+))(?<who>(?:(?:the|many|some|most|these|those|young|old|all|other|my)\s+){0,2}(?:people|children))\s+(?<verb>(?:is|was|has|does)(?:n['’]t)?)(?!['’\w])"""),
            m => $"{m.Groups["who"]} {Plural[m.Groups["verb"].Value]}",
            new Exercise("People ___ friendly here. (is / are)", "are")),

        new("“everybody” and “news” are singular",
            "“Everybody”, “everyone” and “news” take a singular verb: everyone is, the news was.",
            Loose($"""{ClauseStart}(?<who>everybody|everyone|somebody|nobody|(?:the|this|that)\s+news)\s+(?<verb>are|were)\b"""),
            m => $"{m.Groups["who"]} {(m.Groups["verb"].Value.Equals("are", StringComparison.OrdinalIgnoreCase) ? "is" : "was")}",
            new Exercise("Everybody ___ happy today. (is / are)", "is")),

        new("Age with “be”",
            "English says an age with “be”: I am twenty years old.",
            Loose($"""\b(?<who>I|you|we|they|he|she)\s+(?<verb>have|has)\s+(?<years>{Numbers})\s+years?(?:\s+old\b|(?=\s*(?:[.,!?;]|$|\s(?:and|but)\b)))"""),
            m => $"{m.Groups["who"]} {Be(m.Groups["who"].Value)} {m.Groups["years"]} years old",
            new Exercise("I ___ 20 years old. (am / have)", "am")),

        new("One comparative is enough",
            "“More” and “-er” mean the same thing, and so do “most” and “-est”: use one of them.",
            Loose($"""\b(?:more\s+(?<word>{Comparatives})|most\s+(?<word>{Superlatives}))\b(?!{NounFollows})"""),
            m => m.Groups["word"].Value,
            new Exercise("My new phone is ___ than my old one. (good)", "better"),
            new Exercise("This exercise is ___ than the last one. (easy)", "easier")),

        new("Nouns without a plural",
            "This noun cannot be counted, so it has no plural. Say “some …” or “a piece of …”.",
            Loose($"""\b(?:{string.Join('|', Uncountable.Keys)})\b"""),
            m => Uncountable[m.Value],
            new Exercise("I need some ___ about the course. (information / informations)", "information"),
            new Exercise("She gave me good ___. (advice / advices)", "advice")),

        new("“a piece of” with nouns that cannot be counted",
            "This noun cannot be counted, so “a” or “an” cannot stand before it alone: a piece of advice, some information.",
            Loose("""\ban?\s+(?<noun>information|advice|furniture|luggage|equipment)\b(?=\s*(?:[.,!?;]|$|\s(?:about|for|from|that|which|and|but|on)\b))"""),
            m => $"a piece of {m.Groups["noun"]}",
            new Exercise("Can I give you a ___ of advice?", "piece")),

        new("“depend on”",
            "The verb “depend” goes with “on”.",
            Loose("""\b(?<verb>depend(?:s|ed|ing)?)\s+(?:of(?!\s+course)|from)\b"""),
            m => $"{m.Groups["verb"]} on",
            new Exercise("It depends ___ the weather.", "on")),

        new("“listen to”",
            "You listen to somebody or something.",
            Loose("""\b(?<verb>listen(?:s|ed|ing)?)\s+(?<what>me|him|her|us|them|music|the\s+(?:radio|teacher|music|news))\b"""),
            m => $"{m.Groups["verb"]} to {m.Groups["what"]}",
            new Exercise("I listen ___ music every day.", "to")),

        new("“discuss” without “about”",
            "“Discuss” takes its object directly: discuss a problem, but talk about a problem.",
            Loose("""\b(?<verb>discuss(?:es|ed|ing)?)\s+about\b"""),
            m => m.Groups["verb"].Value,
            new Exercise("Let’s ___ the plan. (discuss / discuss about)", "discuss")),

        new("“married to”",
            "You are married to somebody.",
            Loose("""\bmarried\s+with\s+(?<who>me|you|him|them|someone|somebody|her(?=\s*(?:[.,!?;]|$)))(?!\w)"""),
            m => $"married to {m.Groups["who"]}",
            new Exercise("She is married ___ a doctor.", "to")),

        new("“explain to me”",
            "You explain something to somebody.",
            Loose("""\b(?<verb>explain(?:s|ed|ing)?)\s+me\b"""),
            m => $"{m.Groups["verb"]} to me",
            new Exercise("Can you explain this word ___ me?", "to")),

        new("“agree” is a verb",
            "“Agree” is a verb, so it needs no “am” or “are”: I agree, I don’t agree.",
            Loose("""\b(?:(?<who>I)(?:\s+am|['’]m)|(?<who>you|we|they)(?:\s+are|['’]re)|(?<who>he|she)(?:\s+is|['’]s))\s+(?<not>not\s+)?agree\b"""),
            m => Agree(m.Groups["who"].Value, m.Groups["not"].Success),
            new Exercise("I ___ with you. (agree / am agree)", "agree")),

        new("The base form after “did”",
            "“Did” already says that it is past, so the verb after it is in the base form: didn’t go, did you see?",
            Loose($"""\b(?<did>(?<!\b(?:what|all)\s+\w+\s+)did(?:{Not})|{ClauseStart}(?:(?:what|where|when|why|how|who)\s+)?did\s+(?:I|you|he|she|it|we|they))\s+(?<verb>{PastForms()})\b(?!\s+(?:the\s+)?(?:wood|logs?|branch(?:es)?)\b)"""),
            m => $"{m.Groups["did"]} {Verbs.ByForm[m.Groups["verb"].Value].Base}",
            new Exercise("I didn’t ___ him yesterday. (see / saw)", "see"),
            new Exercise("Where did you ___? (go / went)", "go")),

        new("The base form after “doesn’t”",
            "“Doesn’t” already has the -s, so the verb after it is in the base form.",
            Exact($"""\b(?<does>[Dd]oes(?:{Not}))\s+(?<verb>{Verbs.Any(v => v.Third)}|{Verbs.Any(v => v.Past)})\b"""),
            m => $"{m.Groups["does"]} {Verbs.ByForm[m.Groups["verb"].Value].Base}",
            new Exercise("She doesn’t ___ meat. (eat / eats)", "eat")),

        new("The base form after “to”",
            "After verbs such as want, need and like comes “to” with the base form.",
            Loose($"""\b(?<to>(?:want|need|like|try|hope|plan|decid|start|learn|forg[eo]t)(?:s|ed|es|d)?\s+to)\s+(?<verb>{ToForms()})\b"""),
            m => $"{m.Groups["to"]} {Verbs.ByForm[m.Groups["verb"].Value].Base}",
            new Exercise("I want to ___ home. (go / went)", "go"),
            new Exercise("She decided to ___ English. (study / studied)", "study")),

        new("The base form after “can”, “must” and “should”",
            "After can, could, must and should comes the base form without “to”.",
            Loose($"""{ClauseStart}(?<who>I|you|he|she|it|we|they)\s+(?<modal>(?:can|could|must|should)(?:{Not}|not)?)\s+(?:to\s+(?<base>{Verbs.Any(v => v.Base)})|(?<form>{Verbs.Any(v => v.Third)}))\b"""),
            m => $"{m.Groups["who"]} {m.Groups["modal"]} {(m.Groups["base"].Success ? m.Groups["base"].Value : Verbs.ByForm[m.Groups["form"].Value].Base)}",
            new Exercise("You must ___ now. (go / to go)", "go")),

        new("The past after “yesterday” and “last”",
            "“Yesterday” and “last week” speak of a time that is over: use the past tense.",
            Loose($"""(?<=(?:^|[.!?;\n]\s*))(?<time>yesterday|last\s+(?:night|week|month|year|summer|weekend))(?<comma>,?)\s+(?<who>I|you|we|they)\s+(?<verb>{Verbs.Any(v => v.Base)})\b"""),
            m => $"{m.Groups["time"]}{m.Groups["comma"]} {m.Groups["who"]} {Verbs.ByBase[m.Groups["verb"].Value].Past}",
            new Exercise("Yesterday I ___ to the cinema. (go)", "went"),
            new Exercise("Last week we ___ our grandparents. (visit)", "visited")),

        new("The present perfect with “since”",
            "What began in the past and still goes on is in the present perfect: I have lived here since 2010.",
            Loose("""(?<=(?:^|[.!?;,\n]\s*))(?<who>I|we|they)\s+(?<verb>live|work|study)(?<where>\s+(?:here|there|(?:in|at|with)(?:\s+\w+){1,2}))\s+since(?=\s+(?:\d{4}|last\s|January|February|March|April|May|June|July|August|September|October|November|December))"""),
            m => $"{m.Groups["who"]} have {Verbs.ByBase[m.Groups["verb"].Value].Participle}{m.Groups["where"]} since",
            new Exercise("I ___ here since 2015. (live)", "have lived")),

        new("“there are” with a plural",
            "With a plural noun it is “there are”.",
            Loose("""(?<=(?:^|[.!?;,\n]\s*|\b(?:because|that|but)\s+))there(?:\s+is|['’]s)(?=\s+(?:many(?!\s+an?\b)|several|people|children(?!['’])|two\s+\w+s\b(?!\s+left)))"""),
            _ => "there are",
            new Exercise("There ___ many students in my class. (is / are)", "are")),

        new("“many” with things that can be counted",
            "“Much” goes with what cannot be counted; with a plural noun it is “many”.",
            Loose("""(?<before>\b(?:too|how|as|have|has|know|see|meet|met|with)\s+)much(?=\s+(?:people|friends|books|cars|students|countries|words|problems|brothers|sisters|children)\b)"""),
            m => $"{m.Groups["before"]}many",
            new Exercise("How ___ friends do you have? (much / many)", "many")),

        new("“do homework”",
            "You do homework; you make a cake.",
            Loose("""\b(?<verb>make|makes|made|making)\s+(?<whose>(?:(?:my|your|his|her|our|their|the)\s+)?homework)\b(?=\s*(?:[.,!?;]|$|\s(?:every|after|before|at|in|yesterday|today|now|and|but)\b))"""),
            m => $"{Do(m.Groups["verb"].Value)} {m.Groups["whose"]}",
            new Exercise("I ___ my homework after school. (do / make)", "do")),

        new("“tell me”",
            "You say something, but you tell somebody something: he told me that.",
            Loose("""\b(?<verb>say|says|said)\s+me\s+(?=(?:that|the|to|what|a|how|why|where)\b)"""),
            m => (m.Groups["verb"].Value.ToLowerInvariant() switch { "said" => "told", "says" => "tells", _ => "tell" }) + " me ",
            new Exercise("He ___ me the truth. (said / told)", "told")),

        new("“could have”",
            "What sounds like “could of” is “could have” or “could’ve”.",
            Loose("""\b(?<modal>could|should|would|might|must)(?<not>n['’]t|\s+not)?\s+of\b(?!\s+course)"""),
            m => $"{m.Groups["modal"]}{m.Groups["not"]} have",
            new Exercise("You should ___ told me. (have / of)", "have")),

        new("The apostrophe of “not”",
            "The apostrophe stands where the o of “not” is left out.",
            Loose("""\b(?<verb>do|does|did|is|are|was|were|have|has|could|would|should)nt\b"""),
            m => $"{m.Groups["verb"]}n’t",
            new Exercise("I ___ know. (dont / don’t)", "don’t")),

        new("Languages, days and months are capitals",
            "Names of languages, days and months begin with a capital letter.",
            Exact($"""(?<![\w@./\-])(?:{Languages}|{DaysAndMonths})(?![\w@]|[./\-]\w)"""),
            m => char.ToUpperInvariant(m.Value[0]) + m.Value[1..],
            new Exercise("I have a lesson on ___. (monday)", "Monday")),
    ];

    private static Regex Loose(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture);

    private static Regex Exact(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    // Abbreviations are read letter by letter (an FBI agent, a UFO): the rule does not know how.
    private static bool IsBeforeLetters(Match article)
    {
        var text = article.Result("$'").AsSpan().TrimStart();
        var length = 0;
        while (length < text.Length && char.IsLetter(text[length])) length++;
        return length > 1 && char.IsUpper(text[1]);
    }

    private static string AgreeWithPronoun(Match match)
    {
        var (who, verb) = (match.Groups["who"].Value, match.Groups["verb"].Value);
        if (!who.Equals("I", StringComparison.OrdinalIgnoreCase)) return $"{who} {Plural[verb]}";
        return verb.ToLowerInvariant() switch
        {
            "is" => $"{who} am",
            "isn't" or "isn’t" => $"{who} am not",
            "was" or "wasn't" or "wasn’t" => match.Value,
            _ => $"{who} {Plural[verb]}",
        };
    }

    private static string Be(string who) => who.ToLowerInvariant() switch { "i" => "am", "he" or "she" => "is", _ => "are" };

    private static string Do(string make) => make.ToLowerInvariant() switch { "makes" => "does", "made" => "did", "making" => "doing", _ => "do" };

    private static string Agree(string who, bool not)
    {
        var isThird = who.ToLowerInvariant() is "he" or "she";
        return not ? $"{who} {(isThird ? "does" : "do")} not agree" : $"{who} {(isThird ? "agrees" : "agree")}";
    }

    private static string PastForms() => string.Join('|', Verbs.All.SelectMany(v => new[] { v.Past, v.Participle }.Where(form => form != v.Base)).Distinct());

    // “need to used …” is rare and “due to closed shops” is not: forms that are adjectives too are left alone.
    private static string ToForms() =>
        string.Join('|', Verbs.All.Select(v => v.Past).Distinct().Except(["closed", "used", "loved", "lost", "broke", "finished", "changed", "opened"]));
}
